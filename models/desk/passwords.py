"""Setting a password: one's own, or as a manager anybody's."""

from typing import Final

from models.agents import Colleague
from models.chain import password_digest
from models.credentials import hashed, keep, proved
from models.errors import Mendable, Refused
from models.rules.errors import BadText
from models.rules.passwords import check_password
from models.rules.roles import Action, role_refusal
from models.rules.texts import REFERENCE, optional_line
from models.schema import Agent, Credential
from models.unit import Outcome, Session, Unit, new_intent, perform

_SALT: Final = 16


def set_password(
    session: Session,
    login: str,
    password: str,
    *,
    old: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Set the password of a login: one's own with the old one, if there is one; as a manager anybody else's.

    Sessions that were opened with the one before are stopped at their next action. Raises Fault for a broken store.
    """
    key = new_intent() if intent is None else intent
    try:
        chosen = check_password(password, login)
        proof = None if old is None else proved(session.store, login, old)
    except (BadText, Refused) as wrong:
        return Outcome(False, str(wrong), is_mendable=isinstance(wrong, BadText))
    # The salt is the wish's own: asked again, the same wish is recognised, and the password is in nothing that is kept.
    salt = session.store.keys.texts(f"salt of {login}/{key}".encode("utf-8", "replace"))[:_SALT]
    hash_ = hashed(chosen, salt)

    def work(unit: Unit) -> Outcome:
        why = optional_line(ref, "ticket", REFERENCE)
        row = Agent.get_or_none(Agent.login == login)
        if row is None:
            raise Refused("Nobody at this desk has that login: add them first with giftdesk agents add.")
        held = Credential.get_or_none(Credential.agent_id == row.id)
        is_own = row.id == unit.agent.id
        if not is_own:
            _refuse_but_managers(unit.agent)
        elif held is not None and proof != password_digest(unit.store.keys, held.agent_id, held.hash):
            raise Mendable("That is not your old password. After several wrong ones even the right one waits a while.")
        keep(unit.hand, row.id, hash_, "set" if held is None else "change" if is_own else "reset", why)
        whose = "Your password" if is_own else f"The password of {login}"
        stopped = "" if held is None else " Whoever works with the one before is stopped at their next action."
        return Outcome(True, f"{whose} is set.{stopped}", facts={"login": login})

    return perform(session, Action.SET_PASSWORD, key, {"login": login, "hash": hash_, "ref": ref}, work)


def _refuse_but_managers(agent: Colleague) -> None:
    refused = role_refusal(agent.role, Action.SET_AGENT)
    if refused is not None:
        raise Refused(refused)
