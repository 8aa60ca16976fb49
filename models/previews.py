"""An e-mail or a reply before it is in force: filled for a real card, and sent as a test to the one who writes it."""

from dataclasses import dataclass, replace
from datetime import date

from models import lookups
from models.agents import admit, look_up
from models.errors import Refused, faults
from models.mail import Letter, Verdict, open_mailer, reminder_letter, told_of
from models.reminding import card_outlook
from models.replying import told_to
from models.rules.families import REMINDER, family_of, language_in
from models.rules.reminders import address_refusal
from models.rules.replies import values, why_untrue
from models.rules.roles import MAY, Action, Role, role_refusal
from models.rules.templates import Texts, fill, greeted
from models.settings import read_settings
from models.templates import StoredTexts, texts_in_force
from models.unit import Session, new_intent

_LEAD_DAYS = 7
"""How long before the last day an e-mail is shown for a card whose product sends none."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """An e-mail as it would go for one card."""

    letter: Letter
    name: str | None
    """Of the person to whom it would go, as on file."""
    last_four: str
    balance_minor: int
    currency: str
    last_day_on: date | None
    why_not: str | None
    """Why this card's holder gets none, a sentence; None when one goes."""


def texts_held(session: Session, name: str = REMINDER) -> StoredTexts:
    """The texts in force of an e-mail or a reply. Raises Refused for who may not work here, Fault, KeyError."""
    store = session.store
    with faults(store.path), store.database.reading():
        look_up(session)
        return texts_in_force(store, name)


def card_found(session: Session, text: str, warn: lookups.Warn) -> int:
    """The id of the one card that is meant. Raises Refused when several are found, or none; NoSuchCode for a code."""
    admit(session)
    found = lookups.look_up(session, text, warn=warn)
    if not found.lines or found.are_near_misses:
        sentence = found.sentence or "Nothing is found by that."
        raise lookups.NoSuchCode(text, sentence) if lookups.is_miss(found) else Refused(sentence)
    if len(found.lines) > 1:
        raise Refused(f"{len(found.lines)} cards are found by that: give the whole code.")
    return found.lines[0].card_id


def preview(session: Session, name: str, texts: Texts, card_id: int) -> Previewed:
    """The e-mail or reply of that name with these texts for a card: a reminder as it would go when it is next due.

    Raises Refused for no such card.
    """
    show = _reply if family_of(name).is_reply else _reminder
    return show(session, name, texts, card_id)


def _reply(session: Session, name: str, texts: Texts, card_id: int) -> Previewed:
    """A reply as it would go now, filled with examples where it is not true of the card."""
    with faults(session.store.path), session.store.database.reading():
        record, told = told_to(session, card_id)
        family, language = family_of(name), language_in(name)
        why_not = why_untrue(family.name, told)
        examples = {field: each.example for field, each in family.fields.items()}
        filled = fill(texts, values(family.name, told, language) if why_not is None else examples, family)
    holder, state = record.holder, record.card.state
    to, to_name = (holder.email or "", holder.name) if holder else ("", None)
    return Previewed(
        Letter(to, greeted(to_name), filled.subject, filled.text, None, new_intent()),
        to_name,
        record.card.last_four,
        state.balance_minor,
        record.card.currency,
        state.last_day_on,
        None if why_not is None else f"{why_not} It is shown with examples.",
    )


def _reminder(session: Session, name: str, texts: Texts, card_id: int) -> Previewed:
    store = session.store
    with faults(store.path), store.database.reading():
        look_up(session)
        today = store.business.date_of(store.now())
    candidate, outlook = card_outlook(session, card_id)
    call = outlook.due or next(iter(outlook.planned), None)
    lead_days = min((lead.days for lead in candidate.product.reminders), default=_LEAD_DAYS)
    told = (
        told_of(candidate, lead_days, None) if call is None else told_of(candidate, call.lead_days, max(call.on, today))
    )
    why_not = outlook.why_none or address_refusal(candidate.addressee)
    letter = reminder_letter(session.store, texts, told, language_in(name))
    return Previewed(letter, told.name, told.last_four, told.balance_minor, told.currency, told.last_day_on, why_not)


def trial_refusal(role: Role) -> str | None:
    """Why a role may not send a test, which tells a balance; None for those who set or send such texts."""
    return None if Action.REMIND in MAY[role] else role_refusal(role, Action.SET_TEMPLATE)


def send_test(session: Session, previewed: Previewed) -> tuple[bool, str]:
    """Send a previewed e-mail to the agent's own address; whether it went, and what came of it as a sentence.

    Raises Refused for a role that may not and an agent without an address, Fault when no way out is set up.
    """
    agent = admit(session)
    refused = trial_refusal(agent.role)
    if refused is not None:
        raise Refused(refused)
    if agent.email is None:
        raise Refused(
            f"You have no e-mail address on file: a manager sets it with giftdesk agents set {agent.login} --email."
        )
    # Under a name of its own: a mail program that has the test would not show the reminder itself.
    letter = replace(
        previewed.letter,
        to=agent.email,
        to_name=agent.name,
        subject=f"[Test] {previewed.letter.subject}",
        message_id=new_intent(),
    )
    mailer = open_mailer(session.store, read_settings())
    try:
        answer = mailer.send(letter)
    finally:
        mailer.close()
    said = f" {answer.said}" if answer.said else ""
    return answer.verdict is Verdict.DELIVERED, f"{_OUTCOMES[answer.verdict].format(to=agent.email)}{said}"


_OUTCOMES = {
    Verdict.DELIVERED: "The test to {to} was sent.",
    Verdict.REFUSED: "The test to {to} was refused.",
    Verdict.NOT_NOW: "The test to {to} was not sent.",
    Verdict.UNKNOWN: "Whether the test to {to} went out is not known.",
}
