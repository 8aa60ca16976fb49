"""What is asked before many cards are changed: what to do, with which cards, and what that kind of work needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from models.bulks import Bulk, BulkPreview, ByFile, BySearch, Selection, read_wish
from models.rules import wording
from models.rules.bulk import BulkKind, BulkWish
from models.rules.errors import RuleError
from models.rules.texts import EMAIL, NOTE
from models.unit import Session
from tui import bulk_drawing as drawing
from tui.plotting import figure
from tui.screens.decisions import REASON
from tui.screens.form import Field, Form
from tui.widgets.asking import Option, Typed

_LONGEST_PATH: Final = 400
_LONGEST_SEARCH: Final = 200
_UNTIL: Final = Field("until", "Last day, such as 30 Jun 2027")
_APPROVE: Final = Option("approve", "Approve it: the work begins at once")
_REFUSE: Final = Option("refuse", "Refuse it, with a reason that who asked will read")
_TICKET: Final = Field("ref", "Ticket", longest=64)
_DOES: Final[Mapping[BulkKind, str]] = {
    BulkKind.EXTEND: "Give a later last day, and back what broke last",
    BulkKind.REVERSE_BREAKAGE: "Give back what broke within some days",
    BulkKind.SUSPEND: "Suspend",
    BulkKind.LIFT: "Lift suspensions",
    BulkKind.CHANGE_PRODUCT: "Change the product",
    BulkKind.REGISTER: "Register to a person",
}
_FIELDS: Final[Mapping[BulkKind, tuple[Field, ...]]] = {
    BulkKind.EXTEND: (_UNTIL, Field("period", "Or so much later than its own, such as 6 months")),
    BulkKind.REVERSE_BREAKAGE: (
        Field("broken_since", "Stopped from: a date"),
        Field("broken_until", "Stopped until: a date, itself included"),
        Field("until", "Last day then; empty: as long as a reactivation gives"),
    ),
    BulkKind.CHANGE_PRODUCT: (Field("product", "Product: its id", is_required=True),),
    BulkKind.REGISTER: (
        Field("name", "Name"),
        Field("email", "E-mail", longest=EMAIL),
        Field("organisation", "Organisation"),
    ),
}


def kind_form(search: str) -> Form:
    """Asks what to do and with which cards; those that were searched for last stand there."""
    return Form(
        "Work on many cards",
        "Nothing is changed before a preview was seen and confirmed.",
        (
            Field("search", "Cards that a search finds: what is typed for it", value=search, longest=_LONGEST_SEARCH),
            Field("file", "Or a file of codes: its path", longest=_LONGEST_PATH),
            Field("mapping", "Format of the file, such as erply"),
        ),
        confirm="Go on",
        options=[Option(kind, _DOES[kind]) for kind in BulkKind],
        wrong=_no_cards,
    )


def _no_cards(typed: Typed) -> str | None:
    if bool(typed["search"].strip()) == bool(typed["file"].strip()):
        return "Say with which cards: by a search, or by a file; one of the two."
    return None


def selection_of(typed: Typed) -> Selection:
    """The cards that were asked for."""
    path = typed["file"].strip()
    return (
        ByFile(Path(path).expanduser(), typed["mapping"].strip() or None) if path else BySearch(typed["search"].strip())
    )


def cards_told(selection: Selection) -> str:
    """With which cards, as a line tells it."""
    return f"the file {selection.path}" if isinstance(selection, ByFile) else f"found by {selection.text}"


def wish_form(kind: BulkKind, selection: Selection) -> tuple[Form, Callable[[Typed], BulkWish]]:
    """Asks what a kind of work needs, and the reason; with it, what reads that."""

    def read(typed: Typed) -> BulkWish:
        told = {field.id: typed[field.id] for field in (REASON, *_FIELDS.get(kind, ()), _TICKET)}
        return read_wish(kind, **told)

    def wrong(typed: Typed) -> str | None:
        try:
            read(typed)
        except RuleError as complaint:
            return str(complaint)
        return None

    fields = (REASON, *_FIELDS.get(kind, ()), _TICKET)
    form = Form(f"{_DOES[kind]}: {cards_told(selection)}", "", fields, confirm="Preview", wrong=wrong)
    return form, read


def begin_form(preview: BulkPreview) -> Form:
    """Asks once more before anything is changed."""
    cards = wording.plural(preview.cards, "card")
    verb = "breaks again" if preview.is_undoing else "comes back"
    sums = [f"{figure(minor, currency)} {currency} {verb}" for currency, minor in preview.money_minor.items()]
    body = [f"{cards}: {'; '.join(sums) or 'no money moves'}.", preview.needs_approval or ""]
    return Form(
        f"{'Undo the' if preview.is_undoing else 'Begin the'} {preview.kind.words}",
        "\n".join(filter(None, body)),
        confirm="Ask for approval" if preview.needs_approval else "Undo" if preview.is_undoing else "Begin",
    )


def decision_form(bulk: Bulk, session: Session, *, is_own: bool) -> Form:
    """Asks whether what a colleague asked for is approved or refused; one's own is withdrawn."""
    body = drawing.facts(bulk, session.store.business)
    called = f"the {bulk.kind.words} of {wording.plural(bulk.cards, 'card')}"
    if is_own:
        return Form(f"Withdraw {called}", body, confirm="Withdraw")
    return Form(
        f"Decide about {called}",
        body,
        (Field("reason", "Reason, to refuse", longest=NOTE),),
        confirm="Decide",
        options=(_APPROVE, _REFUSE),
        wrong=_no_reason,
    )


def _no_reason(typed: Typed) -> str | None:
    is_silent = typed["choice"] == _REFUSE.value and not typed["reason"].strip()
    return "Say why it is refused: who asked reads it." if is_silent else None
