"""The worklists: cards that somebody should look at, counted and read page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from models import worklist_sources as sources
from models.card_lines import CardLine, lines_of
from models.errors import Refused, faults
from models.finding import MOST, Found
from models.rules import wording
from models.schema import GiftCard
from models.store import Store, policy_in_force
from models.worklist_sources import Key


@dataclass(frozen=True, slots=True)
class Worklist:
    """What a list is a list of."""

    name: str
    """As the command line calls it."""
    title: str
    order: str
    """Which line comes first, in words."""
    nobody: str
    """The sentence for a list with nothing on it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A worklist and how much is on it."""

    worklist: Worklist
    count: int
    """No list is counted further than its first page."""
    is_capped: bool
    """There are more than were counted."""

    @property
    def in_words(self) -> str:
        """The count: '12', or '200+' when there are more."""
        return f"{self.count:,}{'+' if self.is_capped else ''}"


@dataclass(frozen=True, slots=True)
class Listed(Found):
    """The first cards on a worklist, as a search brings its own."""

    worklist: Worklist | None = None
    """Which list they are on."""
    next_after: Key | None = None
    """Behind which line the rest goes on; None when these are all."""


EXPIRING: Final = Worklist(
    "expiring", "Expiring this week", "the soonest to stop first", "No balance stops within the next 7 days."
)
EXPIRED: Final = Worklist(
    "expired", "Just expired", "the window that closes soonest first", "For no card is the window after expiry open."
)
INACTIVE: Final = Worklist(
    "inactive", "Not active yet", "the soonest to be valid first", "Every card is valid already."
)
UNREACHABLE: Final = Worklist(
    "unreachable",
    "Cannot be reminded",
    "refused addresses first, then the soonest to stop",
    "Everybody who is owed a reminder in the next 7 days can get it.",
)
UNKNOWN: Final = Worklist(
    "unknown",
    "Reminders that may have gone out or not",
    "the oldest first",
    "Of every reminder it is known what came of it.",
)
WAITING: Final = Worklist("waiting", "Reminders that wait for another try", "the oldest first", "No reminder waits.")
LETTERS: Final = Worklist(
    "letters", "E-mails that did not go, or nobody knows", "the oldest first", "Every e-mail has gone."
)
APPROVALS: Final = Worklist("approvals", "Waits for approval", "the oldest first", "Nothing waits for an approval.")
DECIDED: Final = Worklist(
    "decided",
    "Approvals decided this week",
    "the latest first",
    "No approval was decided about in the last 7 days.",
)

ESCALATED: Final = Worklist(
    "escalated", "With Payments Support", "the oldest first", "Nothing waits with Payments Support."
)
ANSWERED: Final = Worklist(
    "answered",
    "Answered to you by Payments Support",
    "the oldest answer first",
    "You have read every answer of Payments Support to you.",
)

_SOURCES: Final[Mapping[Worklist, sources.Source]] = {
    EXPIRING: sources.Cards(GiftCard.cut_off_at, sources.expiring),
    EXPIRED: sources.Cards(GiftCard.cut_off_at, sources.expired),
    INACTIVE: sources.Cards(GiftCard.active_from_at, sources.inactive),
    UNREACHABLE: sources.unreachable,
    UNKNOWN: sources.unknown,
    WAITING: sources.waiting,
    ESCALATED: sources.escalated,
    ANSWERED: sources.answered,
    LETTERS: sources.letters,
    APPROVALS: sources.asked,
    DECIDED: sources.decided,
}
WORKLISTS: Final = tuple(_SOURCES)
"""All lists, in the order in which they are shown."""


def worklist_named(name: str) -> Worklist:
    """The list of that name. Raises Refused when there is none."""
    for worklist in WORKLISTS:
        if worklist.name == name:
            return worklist
    raise Refused(f"There is no such worklist; there are {', '.join(each.name for each in WORKLISTS)}.")


def counts(store: Store, agent_id: int = 0) -> tuple[Counted, ...]:
    """All lists with how much is on them now, for an agent. Raises Fault for a broken store."""
    with faults(store.path), store.database.surveying(), store.database.reading():
        moment = sources.Moment(store, store.now(), policy_in_force(store), agent_id)
        counted = [(each, len(read(moment, None, MOST + 1))) for each, read in _SOURCES.items()]
    return tuple(Counted(each, min(count, MOST), count > MOST) for each, count in counted)


def cards_on(
    store: Store, worklist: Worklist, after: Key | None = None, most: int = MOST, *, agent_id: int = 0
) -> Listed:
    """The cards on a list of an agent, at most so many, behind a line that an earlier answer named.

    Raises Fault for a broken store.
    """
    with faults(store.path), store.database.surveying(), store.database.reading():
        moment = sources.Moment(store, store.now(), policy_in_force(store), agent_id)
        rows = _SOURCES[worklist](moment, after, most + 1)
        cards = {line.card_id: line for line in lines_of(store, [row.card_id for row in rows[:most]])}
    lines = [replace(cards[row.card_id], remark=row.remark) for row in rows[:most] if row.card_id in cards]
    return _listed(worklist, lines, rows[most - 1].key if len(rows) > most else None)


def _listed(worklist: Worklist, lines: list[CardLine], next_after: Key | None) -> Listed:
    counted = wording.plural(len(lines), "card")
    shown = counted if next_after is None else f"the first {counted} of more"
    return Listed(
        "",
        tuple(lines),
        sentence=f"{worklist.title}: {shown}, {worklist.order}." if lines else worklist.nobody,
        worklist=worklist,
        next_after=next_after,
    )


def with_more(listed: Listed, more: Listed) -> Listed:
    """A list with its next page behind it."""
    assert listed.worklist is not None
    return replace(_listed(listed.worklist, [*listed.lines, *more.lines], more.next_after), text=listed.text)


def with_remark(found: Found, card_id: int | None, remark: str) -> Found:
    """A worklist on which something else is the matter with a card; one that stands on it twice is left as it is."""
    of_card = [line for line in found.lines if line.card_id == card_id]
    if not isinstance(found, Listed) or len(of_card) != 1 or of_card[0].remark is None:
        return found
    lines = (replace(line, remark=remark) if line.card_id == card_id else line for line in found.lines)
    return replace(found, lines=tuple(lines))


def is_same_list(one: Found, other: Found) -> bool:
    """Whether the second is the first once more: the same worklist, or the same cards with or without more behind."""
    if isinstance(one, Listed) and isinstance(other, Listed):
        return one.worklist == other.worklist
    return all(before.card_id == after.card_id for before, after in zip(one.lines, other.lines, strict=False))
