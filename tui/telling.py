"""Activities as lines of text, for screens and the command line alike: nothing here knows how they are drawn."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from models.candidates import Candidate
from models.histories import ActivityLine, SpoiledLine
from models.rules import wording
from models.rules.actions import INCONSISTENT
from models.rules.journal import Kind
from models.rules.languages import ENGLISH
from models.rules.money import format_money
from models.rules.policy import GROUNDS_IN_WORDS
from models.rules.reminders import Outlook, address_refusal
from models.rules.transfers import other_card
from models.sheets import CardSheet


def order(line: ActivityLine) -> str:
    """The order of an activity, or nothing."""
    return f"order {line.order_ref}" if line.order_ref else ""


def other_card_of(line: ActivityLine) -> str:
    """The other card of a transfer, or nothing."""
    other = other_card(line.details) if line.kind in (Kind.TRANSFER_IN, Kind.TRANSFER_OUT) else None
    return f"{'to' if line.kind is Kind.TRANSFER_OUT else 'from'} ···· {other.last_four}" if other else ""


def said(line: ActivityLine) -> str:
    """What an activity that moved no money says: its text, else what it set; of a last day or a reminder, both."""
    if line.kind in (Kind.EXPIRY_CHANGED, Kind.REMINDER_SENT) or "restriction" in line.details:
        return ": ".join(part for part in (set_in_words(line), line.reason) if part)
    return line.reason or set_in_words(line)


def set_in_words(line: ActivityLine) -> str:
    """What an activity that moved no money set, or nothing."""
    if line.kind is Kind.CORRECTED_CUSTOMER:
        return _about_a_person(line.details)
    if line.kind is Kind.REMINDER_SENT:
        return _reminded(line.details)
    if "restriction" in line.details:
        return "anybody can spend it" if line.details["restriction"] is None else "one person alone can spend it"
    if line.kind is Kind.REPLIED:
        return _replied(line.details)
    sets = line.details.get("sets", {})
    if sets.get("last_day"):
        return f"valid until {wording.weekday(date.fromisoformat(sets['last_day']))}"
    if "last_day" in sets:
        return "does not expire any more"
    if "registered" in sets:
        return "registered to a person" if sets["registered"] is not None else "registered to nobody any more"
    if line.kind is Kind.PRODUCT_CHANGED:
        return "another product's rules decide about later loads"
    if "grounds" in line.details:
        return _grounds(line.details["grounds"])
    return ""


def _reminded(details: Mapping[str, Any]) -> str:
    """How long before which last day a reminder went; nothing when another desk did not tell."""
    try:
        last_day_on, lead_days = date.fromisoformat(details["last_day"]), details["lead_days"]
    except (KeyError, TypeError, ValueError):
        return ""
    if not isinstance(lead_days, int):
        return ""
    late = ", late" if details.get("is_late") is True else ""
    return f"{wording.plural(lead_days, 'day')} before {wording.weekday(last_day_on)}{late}"


def _replied(details: Mapping[str, Any]) -> str:
    """Which reply was given, how, and in which case; nothing when another desk did not tell."""
    if "reply" not in details:
        return ""
    in_language = f", in {details['language']}" if details.get("language", ENGLISH) != ENGLISH else ""
    mailed = ", by e-mail" if details.get("by") == "mail" else ""
    case = f", case {details['case']}" if "case" in details else ""
    return f"{str(details['reply']).replace('_', ' ')}{in_language}{mailed}{case}"


_FACTS_OF_A_PERSON: Final = {"name": "name", "email": "e-mail address"}


def _about_a_person(details: Mapping[str, Any]) -> str:
    """What became of a customer's record; the activity itself holds no name."""
    if "merged" in details:
        return f"record {details['merged']} merged into another"
    if "removed" in details:
        return f"the data of record {details['removed']} removed"
    changed = [words for fact, words in _FACTS_OF_A_PERSON.items() if fact in str(details.get("changed"))]
    return f"{' and '.join(changed)} of record {details.get('person')} corrected"


def _grounds(grounds: list[str]) -> str:
    return ", ".join(GROUNDS_IN_WORDS.get(ground, ground) for ground in grounds) or "only the suspension was lifted"


def whole_activity(line: ActivityLine, sheet: CardSheet) -> str:
    """Everything about one activity that a person can use, for reading."""
    business, details = sheet.business, line.details
    text = line.reason or "" if "grounds" in details else said(line)
    rows = [("What", line.kind.words), ("Text", text), ("Number", str(line.number))]
    if line.effective_at != line.recorded_at:
        rows.append(("Counts from", wording.moment(line.effective_at, business)))
    rows.append(("Written", f"{wording.moment(line.recorded_at, business)} by {line.actor}"))
    if line.moves_money:
        rows.append(("Amount", format_money(line.amount_minor, sheet.currency)))
        rows.append(("Balance after", format_money(line.balance_after_minor, sheet.currency)))
    rows += [("Moved", other_card_of(line)), ("Place", line.place or ""), ("Order", line.order_ref or "")]
    rows.append(("Answers to", f"activity {line.reverses}" if line.reverses else ""))
    rows += [(label, str(details[name])) for name, label in _FACTS.items() if details.get(name)]
    if "grounds" in details:
        rows.append(("Grounds", _grounds(details["grounds"])))
    return "\n".join(f"{label.ljust(14)} {value}" for label, value in rows if value)


def spoiled_activity(line: SpoiledLine) -> str:
    """Why nothing of an activity is shown, and what to do."""
    return f"{line.wrong[0].upper()}{line.wrong[1:]}, so nothing of it is shown. Don't rely on the card; escalate it."


_FACTS: Final = {
    "ref": "Ticket",
    "escalation": "Escalation",
    "goodwill": "Goodwill",
    "policy": "Policy version",
    "channel": "Channel",
    "approval": "Approved as",
    "asked_by_name": "Asked for by",
    "line_item": "Line item",
    "user": "User",
}


def why_zero(sheet: CardSheet) -> str:
    """Which activity emptied a card, what the customer can be told, and the activity whole."""
    why, line = sheet.why_zero()
    whole = [] if line is None else ["", whole_activity(line, sheet)]
    return "\n".join([why.sentence, f"For the customer: {why.customer}", *whole])


def no_reminder(sheet: CardSheet) -> str | None:
    """Why a card that does not add up sends no reminder; None for one that does."""
    return None if sheet.wrong is None else f"no reminder goes. {INCONSISTENT}"


def next_reminder(card: Candidate, outlook: Outlook) -> str:
    """When a card's holder is reminded next, and where; or why not."""
    call = outlook.due or next(iter(outlook.planned), None)
    if call is None:
        return f"no reminder goes. {outlook.why_none or ''}".rstrip()
    before = f"{wording.plural(call.lead_days, 'day')} before the last day"
    refusal = address_refusal(card.addressee)
    if refusal is not None or card.addressee is None:
        return f"the reminder {before} can't go. {refusal or ''}".rstrip()
    waiting = card.waiting.get(call.key)
    tried = f"; tried {wording.plural(waiting.tries, 'time')} so far" if waiting is not None else ""
    when = "is due and goes with the next run" if call == outlook.due else f"goes on {wording.weekday(call.on)}"
    return f"the next reminder {when}, {before}, to {card.addressee.email}{tried}."
