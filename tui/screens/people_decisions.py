"""What is asked before a customer's record is corrected, merged or emptied."""

from collections.abc import Sequence
from typing import Final

from models import desk
from models.holdings import Holdings, PersonLine, Removable
from models.people import PersonGiven
from models.records import Person
from models.rules import wording
from models.rules.people import RemovalReason
from models.rules.texts import EMAIL, REFERENCE
from models.rules.validity import BusinessTime
from models.sheets import CardSheet
from models.unit import Outcome, Session, new_intent
from tui.pieces import joined, piece
from tui.screens.decisions import REASON, Decision
from tui.screens.form import Field, Form
from tui.widgets.asking import Option, Typed

_TICKET: Final = Field("ref", "Ticket", longest=REFERENCE)
_LABEL_CELLS: Final = 11
_MOST_CARDS: Final = 6


def people_on(sheet: CardSheet) -> tuple[tuple[Person, str], ...]:
    """Everybody on a card, its holder first, with what they are to it."""
    roles: dict[int, tuple[Person, list[str]]] = {}
    by_role = (
        ("holder", sheet.holder),
        ("recipient", sheet.recipient),
        ("purchaser", sheet.purchaser),
        ("only spender", sheet.restricted_to),
    )
    for role, person in by_role:
        if person is not None:
            roles.setdefault(person.id, (person, []))[1].append(role)
    return tuple((person, " and ".join(words)) for person, words in roles.values())


def which_person(title: str, sheet: CardSheet, confirm: str) -> Form:
    """Ask which of the people on a card is meant."""
    options = [Option(str(person.id), f"{person.shown_name}, {words}") for person, words in people_on(sheet)]
    return Form(title, "", confirm=confirm, options=options)


def which_record(found: Sequence[PersonLine]) -> Form:
    """Ask which of several people that a text fits is meant."""
    options = [Option(str(person.id), _told(person)) for person in found]
    return Form("Several people fit", "", confirm="Choose", options=options)


def whom_to_merge_into(person: Person) -> Form:
    """Ask for the record that is kept."""
    kept = Field("into", "Record number, e-mail address or name of the record that is kept", is_required=True)
    return Form("Merge into another record", _row("Goes", _named(person)), (kept,), confirm="Look")


def _named(person: Person | PersonLine) -> str:
    return ", ".join(part for part in (f"record {person.id}", person.name, person.email) if part)


def _told(person: PersonLine) -> str:
    return f"{_named(person)}, {_belongs(person)}, {wording.plural(person.cards, 'card')}"


def _belongs(person: PersonLine) -> str:
    return f"{person.organisation or 'no organisation'}{' ★ VIP' if person.is_vip else ''}"


def _row(label: str, text: str) -> str:
    return f"{label.ljust(_LABEL_CELLS)}{text}"


def correct(sheet: CardSheet, person: Person) -> Decision:
    """Show name and address as they are, to be written right; what is left as it stands is left as it is."""
    intent = new_intent()
    name, email = (
        Field("name", "Name", value=person.name or ""),
        Field("email", "E-mail", longest=EMAIL, value=person.email or ""),
    )
    body = "All cards of this person show the correction. An empty field takes away what was in it."
    form = Form(f"Correct record {person.id}", body, (name, email, _TICKET), confirm="Correct")

    def changed(typed: Typed, field: Field) -> str | None:
        return None if typed[field.id] == field.shown else typed[field.id]

    return Decision(
        form,
        lambda session, typed: desk.correct_person(
            session,
            person.id,
            name=changed(typed, name),
            email=changed(typed, email),
            card_id=sheet.card_id,
            ref=typed["ref"],
            intent=intent,
        ),
    )


def merge(gone: Holdings, kept: Holdings) -> Decision:
    """Show both records whole; when their organisations differ, the one that is kept is chosen."""
    intent, from_id, into_id = new_intent(), gone.person.id, kept.person.id
    rows = [*_record("Goes", gone), *_record("Is kept", kept)]
    rows.append(f"Every card of record {from_id} will name record {into_id}. This can't be undone.")
    differ = _belongs(gone.person) != _belongs(kept.person)
    options = [Option(str(each.id), f"Belongs to {_belongs(each)}") for each in (kept.person, gone.person) if differ]
    form = Form("Merge two records", joined(map(piece, rows)), (_TICKET,), confirm="Merge", options=options)
    return Decision(
        form,
        lambda session, typed: desk.merge_people(
            session,
            from_id,
            into_id,
            organisation_of=int(typed["choice"]) if differ else None,
            ref=typed["ref"],
            intent=intent,
        ),
    )


def _record(label: str, held: Holdings) -> list[str]:
    person = held.person
    shown = " ".join(line.last_four for line in held.cards[:_MOST_CARDS])
    more = " …" if person.cards > _MOST_CARDS else ""
    cards = f"{wording.plural(person.cards, 'card')}{f': {shown}{more}' if shown else ''}"
    return [_row(label, _named(person)), _row("", f"{_belongs(person)}; {cards}")]


def remove(wanted: Removable, business: BusinessTime) -> Decision:
    """Show what would go; ask for the ticket and the reason, or, when a colleague asked, for the record's number."""
    return _ask(wanted) if wanted.removal is None else _confirm(wanted, business)


def restrict(sheet: CardSheet) -> Decision:
    """Ask who alone may spend the card; whoever does so far can be taken back."""
    intent, so_far = new_intent(), sheet.restricted_to
    body = (
        "Anybody who knows its code can spend it until now. At the checkout the person is recognised by the address."
        if so_far is None
        else f"{so_far.in_words} alone can spend it until now. Without an address anybody can spend it again."
    )
    fields = (
        Field("email", "E-mail of who alone may spend it", is_required=so_far is None, longest=EMAIL),
        Field("name", "Name"),
        REASON,
    )
    form = Form(f"Restrict {sheet.code_masked}", joined([piece(body)]), fields, confirm="Restrict")

    def do(session: Session, typed: Typed) -> Outcome:
        person = PersonGiven(typed["name"], typed["email"]) if f"{typed['name']}{typed['email']}".strip() else None
        return desk.restrict(session, sheet.card_id, person, typed["reason"], intent=intent)

    return Decision(form, do)


def _goes(wanted: Removable) -> list[str]:
    person = wanted.person
    texts = f"{wording.plural(wanted.texts, 'text')} (notes, reasons)"
    return [
        _row("Of", _named(person)),
        _row("", f"{_belongs(person)}; {wording.plural(person.cards, 'card')}"),
        _row("Goes", "name, e-mail address, organisation"),
        _row("and", f"{texts} on {wording.plural(wanted.held, 'card')} that the person holds"),
        _row("Stays", "amounts, dates, orders, tickets and the policy's own notes"),
    ]


def _ask(wanted: Removable) -> Decision:
    intent, person = new_intent(), wanted.person
    body = joined(map(piece, [*_goes(wanted), "Nothing goes until a second person confirms it within 14 days."]))
    ticket = Field("ref", "Ticket", is_required=True, longest=REFERENCE)
    options = [Option(why.value, why.words) for why in RemovalReason]
    form = Form(f"Ask for removal: record {person.id}", body, (ticket,), confirm="Ask for it", options=options)
    return Decision(
        form,
        lambda session, typed: desk.remove_person(
            session,
            person.id,
            ref=typed["ref"],
            why=RemovalReason(typed["choice"]),
            is_confirming=False,
            intent=intent,
        ),
    )


def _confirm(wanted: Removable, business: BusinessTime) -> Decision:
    intent, person, asked = new_intent(), wanted.person, wanted.removal
    assert asked is not None
    at = wording.moment(asked.asked_at, business)
    by = f"{wording.shortened(asked.asked_by)} on {at}, ticket {asked.ref}: {asked.why.words}"
    body = joined(map(piece, [*_goes(wanted), _row("Asked by", by), "This can't be undone."]))
    number = Field("number", f"Type {person.id}, the record's number, to remove its data", is_required=True)
    form = Form(
        f"Remove the data of record {person.id}",
        body,
        (number,),
        confirm="Remove for good",
        wrong=lambda typed: None if typed["number"].strip() == str(person.id) else "That is another number.",
    )
    return Decision(
        form,
        lambda session, _typed: desk.remove_person(
            session, person.id, ref=asked.ref, why=asked.why, is_confirming=True, intent=intent
        ),
    )
