"""Setting the texts of e-mails: each a version of its own, and none is ever changed."""

from dataclasses import asdict

from models import audit
from models.errors import Mendable, Refused
from models.rules import wording
from models.rules.families import BUILT_IN, called, family_of, no_such_texts
from models.rules.roles import Action
from models.rules.templates import Texts, problems
from models.rules.texts import REFERENCE, optional_line
from models.schema import Template
from models.templates import StoredTexts, subject_of, template_seal, texts_in_force
from models.unit import Outcome, Session, Unit, perform


def set_template(
    session: Session,
    name: str,
    texts: Texts,
    *,
    on_version: int | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Save the texts of an e-mail, by its name: all that goes out from then on says them.

    The version is the one that they were made from: refused when a colleague saved another meanwhile.
    """
    wanted = Texts(texts.subject.strip(), _lines(texts.text), None if texts.html is None else _lines(texts.html))

    def work(unit: Unit) -> Outcome:
        ticket = optional_line(ref, "ticket", REFERENCE)
        if name not in BUILT_IN:
            raise Refused(no_such_texts(name))
        found = problems(wanted, family_of(name))
        if found:
            raise Mendable(found[0].sentence)
        before = texts_in_force(unit.store, name)
        if before.texts == wanted:
            return Outcome(True, f"The {called(name)} says that already.", facts=_facts(name, before.version))
        if on_version is not None and on_version != before.version:
            raise Refused(_overtaken(before, unit))
        version = before.version + 1
        Template.insert(
            name=name,
            version=version,
            **asdict(wanted),
            recorded_at=unit.now,
            actor_id=unit.agent.id,
            seal=template_seal(unit.store.keys, name, version, wanted),
        ).execute()
        audit.record(unit.hand, subject_of(name), "set", {"version": before.version}, {"version": version}, ticket)
        return Outcome(True, f"Version {version} of the {called(name)} is in force.", facts=_facts(name, version))

    return perform(
        session,
        Action.SET_TEMPLATE,
        intent,
        {"name": name, **asdict(wanted), "on_version": on_version, "ref": ref},
        work,
    )


def _overtaken(by: StoredTexts, unit: Unit) -> str:
    at = "" if by.recorded_at is None else f" on {wording.moment(by.recorded_at, unit.store.business)}"
    return f"{by.saved_by or 'Somebody'} saved version {by.version} of the {called(by.name)}{at}. Nothing was saved."


def _facts(name: str, version: int) -> dict[str, str | int]:
    return {"template": name, "version": version}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
