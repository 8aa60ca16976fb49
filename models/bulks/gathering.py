"""What a bulk is asked for: its wish, checked, and the cards that were chosen for it, judged page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from models.bulks.choosing import Chosen, Registered, brings, choose
from models.bulks.facts import Bulk, BulkPreview, ByFile, BySearch, Progress, Selection
from models.bulks.freezing import OnList
from models.bulks.judging import Given, Judged, Sums, judge, own_people
from models.bulks.keeping import deed_of
from models.bulks.thresholds import alone_lately, why_approve
from models.errors import Refused
from models.jobs.tables import survey
from models.people import PersonGiven, found_customer
from models.products import product_named, refuse_retired
from models.rules.bulk import BulkKind, BulkWish
from models.rules.roles import Action, role_refusal
from models.rules.texts import REFERENCE, check_line, optional_line
from models.unit import Session, begin_reading

_PAGE: Final = 500


class Gathering:
    """The cards that a bulk is about, judged page by page."""

    def __init__(self, session: Session, wish: BulkWish, selection: Selection, on_progress: Progress | None) -> None:
        self.session = session
        self.store = session.store
        self.sums = Sums()
        self._selection = selection
        self._begin(wish)
        self.chosen: Chosen = choose(session, self.wish, selection, on_progress)
        with self.store.database.reading():
            self.bulk = self._asked()

    def _begin(self, wish: BulkWish) -> None:
        """Refuse at once what needs no card to be refused."""
        with self.store.database.reading():
            self.unit = begin_reading(self.session, Action.BULK)
            refused = role_refusal(self.unit.agent.role, wish.kind.action)
            if refused is not None:
                raise Refused(refused)
            is_file = isinstance(self._selection, ByFile)
            tells_days, tells_people = brings(wish)
            checked = wish.checked(has_days=is_file and tells_days, has_people=is_file and tells_people)
            self.wish = replace(checked, ref=optional_line(wish.ref, "ticket", REFERENCE))
            emails = [self.unit.actor.email] if self.unit.actor.email else []
            self.own = own_people(self.store, emails)

    def _asked(self) -> Bulk:
        """What is asked for, before it has a number."""
        wish, unit = self.wish, self.unit
        asked: dict[str, Any] = {
            "chosen": "search" if isinstance(self._selection, BySearch) else "file",
            "until": _iso(wish.until),
            "period": None if wish.period is None else str(wish.period),
            "broken_since": _iso(wish.broken_since),
            "broken_until": _iso(wish.broken_until),
        }
        if wish.kind is BulkKind.CHANGE_PRODUCT:
            product = product_named(check_line(wish.product or "", "product", REFERENCE))
            refuse_retired(product)
            asked |= {"product": product.id, "product_name": product.name}
        if wish.kind is BulkKind.EXTEND:
            asked["gives_back"] = role_refusal(unit.agent.role, Action.GIVE_BACK) is None
        if wish.kind is BulkKind.REVERSE_BREAKAGE:
            asked["extension_days"] = unit.policy.extension_days
        kept = {name: value for name, value in asked.items() if value is not None}
        return Bulk(
            0,
            wish.kind,
            kept,
            wish.reason,
            unit.agent.id,
            unit.agent.name,
            unit.now,
            policy=unit.policy.version,
            ref=wish.ref,
            is_ready=False,
        )

    def pages(self, on_progress: Progress | None) -> Iterator[range]:
        """The places of the cards that were chosen, some at a time."""
        total = len(self.chosen.ids)
        for first in range(0, total, _PAGE):
            page = range(first, min(first + _PAGE, total))
            yield page
            if on_progress is not None:
                on_progress(page.stop, total)

    def judged(self, page: range) -> list[Judged]:
        """What would become of some of them now."""
        with self.store.database.reading():
            given = [self._given(place) for place in page]
            return judge(self.store, deed_of(self.bulk), given, self.own, self.store.now())

    def _given(self, place: int) -> Given:
        registered = self.registered(place)
        person = None if registered is None else found_customer(registered.person)
        return Given(self.chosen.ids[place], self.chosen.day(place), person)

    def registered(self, place: int) -> Registered | None:
        """Whom the card at a place is registered to."""
        if self.wish.kind is not BulkKind.REGISTER:
            return None
        return self.chosen.registered(place) or Registered(
            PersonGiven(self.wish.name, self.wish.email).checked() or PersonGiven(), self.wish.organisation
        )

    def on_list(self, page: range, changed: Mapping[int, Given]) -> list[OnList]:
        """Some of the cards at these places as they are written on the list."""
        ids = self.chosen.ids
        return [OnList(changed[ids[place]], self.registered(place)) for place in page if ids[place] in changed]

    def why(self) -> tuple[str, ...]:
        """Why somebody else must approve it."""
        with self.store.database.reading():
            before = alone_lately(self.wish.kind, self.unit.agent.id, self.unit.now)
        return why_approve(self.wish.kind, self.sums.cards, self.sums.money_minor(), self.unit.policy, before)

    def preview(self, *, is_whole: bool = True) -> BulkPreview:
        """What all of it comes to."""
        with self.store.database.reading():
            money = self.sums.money()
        missing = self.chosen.missing
        return BulkPreview(
            self.wish.kind,
            self.sums.cards,
            tuple(self.sums.first_ids),
            self.sums.skipped,
            money,
            " ".join(self.why()) or None,
            tuple(missing.listed),
            missing.count,
            is_whole=is_whole,
        )


def request_of(wish: BulkWish, selection: Selection) -> Mapping[str, Any]:
    """By what the same wish is recognised."""
    days = {name: _iso(getattr(wish, name)) for name in ("until", "broken_since", "broken_until")}
    texts = {name: getattr(wish, name) for name in ("reason", "product", "name", "email", "organisation", "ref")}
    return {"kind": wish.kind, "period": str(wish.period), **days, **texts, "of": _cards_meant(selection)}


def _cards_meant(selection: Selection) -> Any:
    """A search by its text; a file by what stands in it, and never by its name alone."""
    if isinstance(selection, BySearch):
        return selection.text
    return {"file": survey(selection.path).digest.hex(), "mapping": selection.mapping}


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
