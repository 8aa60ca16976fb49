"""Answering a customer: judged again under the lock, in the journal and in the case, and only then copied or mailed."""

from dataclasses import replace
from typing import Any, Final

from models.casebook import case_for, case_with, enter, intake_of
from models.desk.judging import name_of, read_again, with_ref
from models.errors import Refused, faults
from models.ledger import append
from models.outbox import write_letter
from models.records import Record, last_of
from models.replying import (
    NOBODY_ON_FILE,
    OTHERWISE,
    Addressee,
    Drafted,
    addressee_in,
    draft,
    told_of,
    told_to,
    usual_language,
)
from models.rules.cases import Step
from models.rules.intakes import intake_refusal
from models.rules.journal import Entry, Kind
from models.rules.languages import language_of
from models.rules.letters import LetterKind
from models.rules.replies import REPLIES, proposed
from models.rules.roles import Action
from models.rules.texts import email_key
from models.schema import CaseText, SupportCase
from models.unit import Outcome, Session, Unit, perform

COPY: Final = "copy"
MAIL: Final = "mail"


def say(
    session: Session,
    card_id: int,
    name: str | None = None,
    language: str | None = None,
    *,
    shown: str | None = None,
    is_mailed: bool = False,
    to: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Give a reply to the customer of a card; the outcome hands it out, for the clipboard or as it was mailed.

    Without a name the one to give, without a language the one in which they were answered last in the case, else the
    desk's usual one. Shown is the text that the agent read, to the address: the reply is refused when it would say
    something else by now, or go to somebody else. It is kept with the agent's case; the same words copied again within
    it are kept once.
    """

    said: list[str] = []

    def work(unit: Unit) -> Outcome:
        record = read_again(unit, card_id)
        told = told_of(unit.store, record, unit.policy, unit.now)
        written = language_of(language or usual_language(record, unit.agent.id, unit.policy)).code
        drafted = draft(unit.store, name or proposed(told), written, told)
        if drafted.refusal is not None:
            raise Refused(f"{drafted.refusal} Nothing was said.")
        if shown is not None and drafted.text != shown:
            raise Refused(f"{OTHERWISE} Read it again; nothing was said.")
        said.append(drafted.text)
        again = None if is_mailed else _said_before(unit, record, drafted)
        return again or _said(unit, record, drafted, ref, is_mailed=is_mailed, to=to)

    request = {"card": card_id, "reply": name, "language": language, "shown": shown, "mailed": is_mailed, "to": to}
    outcome = perform(session, Action.REPLY, intent, {**request, "ref": ref}, work)
    if not outcome.done:
        return outcome
    return _told_again(session, card_id, outcome) if outcome.repeated else replace(outcome, hand_out=said[-1])


def _said_before(unit: Unit, record: Record, drafted: Drafted) -> Outcome | None:
    """What came of the same words, when they are the last that was said of the card in the agent's open case."""
    last = last_of(record, Kind.REPLIED)
    case = None if last is None else case_with(unit.agent.id, record.card.id)
    if last is None or case is None or last.details.get("case") != case.id:
        return None
    facts = {fact: last.details.get(fact) for fact in ("reply", "language", "case", "entry")}
    if facts["entry"] is None or _kept(case.id, facts["entry"]) != drafted.text:
        return None
    sentence = f"{name_of(record.card)}: the customer was told so before, in case {case.id}."
    return Outcome(True, sentence, facts={**facts, "number": last.number})


def _said(unit: Unit, record: Record, drafted: Drafted, ref: str | None, *, is_mailed: bool, to: str | None) -> Outcome:
    card, case = record.card, case_for(unit, record.card.id)
    refusal = intake_refusal(unit.policy, Action.REPLY, intake_of(unit.store, case, record))
    if refusal is not None:
        raise Refused(refusal)
    addressee = _addressee(unit, case, record, to) if is_mailed else None
    said: dict[str, Any] = {
        "reply": drafted.name,
        "language": drafted.language,
        "version": drafted.version,
        "by": COPY if addressee is None else MAIL,
    }
    ends_with = REPLIES[drafted.name].ends_with
    there = {"card": card.id, "number": card.number + 1, "outcome": ends_with}
    entry = enter(unit, case.id, Step.REPLIED, {**said, **there}, drafted.text)
    details = with_ref(ref, **said, case=case.id, entry=entry)
    changed = append(unit.hand, card, Entry(Kind.REPLIED, unit.now, details=details))
    facts = {"reply": drafted.name, "language": drafted.language, "case": case.id, "entry": entry}
    facts |= {"number": changed.number}
    if addressee is None:
        return Outcome(True, f"{name_of(card)}: the customer is told, in case {case.id}.", card.id, facts)
    letter = _mailed(unit, case, record, drafted, addressee)
    sentence = f"{name_of(card)}: the reply is on its way as an e-mail, in case {case.id}."
    return Outcome(True, sentence, card.id, {**facts, "letter": letter})


def _addressee(unit: Unit, case: SupportCase, record: Record, to: str | None) -> Addressee:
    addressee = addressee_in(case, record)
    if addressee is None:
        raise Refused(NOBODY_ON_FILE)
    if email_key(addressee.email) == unit.actor.email:
        raise Refused(
            "That e-mail would go to yourself: ask a colleague, or set the address in the case's intake right."
        )
    if to is not None and addressee.email != to:
        raise Refused("The customer's e-mail address is another one by now. Look again; nothing was sent.")
    return addressee


def _mailed(unit: Unit, case: SupportCase, record: Record, drafted: Drafted, to: Addressee) -> int:
    return write_letter(
        unit,
        LetterKind.REPLY,
        subject=drafted.subject,
        text=f"{drafted.text}\n",
        card_id=record.card.id,
        case_id=case.id,
        customer_id=to.customer_id,
        details={"name": drafted.name, "language": drafted.language, "version": drafted.version},
    )


def _told_again(session: Session, card_id: int, outcome: Outcome) -> Outcome:
    """What came of the same wish before; its words are handed out once more while they are true of the card."""
    facts = outcome.facts
    with faults(session.store.path, "The reply itself is recorded."), session.store.database.reading():
        text = _kept(facts["case"], facts["entry"])
        drafted = draft(session.store, facts["reply"], facts["language"], told_to(session, card_id)[1])
    if text is not None and drafted.text != text:
        return replace(outcome, sentence=f"{outcome.sentence} {_NOT_AGAIN}")
    return replace(outcome, hand_out=text)


_NOT_AGAIN: Final = "By now the reply is another one, and those words are not handed out again."


def _kept(case_id: int, number: int) -> str | None:
    text: str | None = (
        CaseText.select(CaseText.text).where((CaseText.case_id == case_id) & (CaseText.number == number)).scalar()
    )
    return text
