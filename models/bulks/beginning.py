"""Beginning a bulk: what it would do, and its list of cards, frozen before anything is done or anybody is asked.

The list is written down page by page while tills go on, and none of it counts before it is complete: then it is sealed
in one transaction with what was asked, and from there on nothing is added to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from models import audit
from models.bulks.carrying import carry_out, report
from models.bulks.choosing import Chosen, Registered, brings, choose
from models.bulks.facts import BrokenOff, Bulk, BulkPreview, BulkReport, BulkState, ByFile, BySearch, Selection
from models.bulks.judging import Given, Judged, Sums, judge, own_people, why_approve
from models.bulks.keeping import audited, bulk_numbered_in, bulk_seal, deed_of, list_digest, subject, text_of
from models.chain import START
from models.engine import SHARED
from models.errors import Mendable, Refused, faults
from models.jobs.batches import carry_out as in_one_transaction
from models.people import PersonGiven, customer_id, found_customer, new_organisation, organisation_named
from models.products import product_named, refuse_retired
from models.rows import insert_values
from models.rules.bulk import BulkKind, BulkWish
from models.rules.bulk_deeds import Change
from models.rules.roles import Action, role_refusal, who_may
from models.rules.texts import REFERENCE, check_line, optional_line
from models.rules.wording import plural, weekday_moment
from models.schema import Bulk as BulkRow
from models.schema import BulkCard
from models.unit import Outcome, Session, Unit, begin, begin_reading, perform

Progress = Callable[[int, int], None]
"""Is told how many cards were looked at, of how many."""
Stop = Callable[[], bool]

_PAGE: Final = 500
_NOTHING: Final = "Nothing was changed."
_UNKNOWN: Final = "The answer to the last change was lost, and no card was changed: begin it anew."
_OTHER: Final = "This is not what you saw any more: cards have changed meanwhile. Nothing was done; look again."


def preview(
    session: Session,
    wish: BulkWish,
    selection: Selection,
    *,
    on_progress: Progress | None = None,
    is_stopped: Stop | None = None,
) -> BulkPreview:
    """What a bulk would do now; nothing is changed, but that codes of no card count as a miss.

    Raises Refused for a role that may not, RuleError for what can't be meant, Fault for a broken store or file.
    """
    with faults(session.store.path):
        gathering = _Gathering(session, wish, selection, on_progress)
        is_whole = True
        for page in gathering.pages(on_progress):
            if is_stopped is not None and is_stopped():
                is_whole = False
                break
            gathering.sums.add(gathering.judged(page))
        return gathering.preview(is_whole=is_whole)


def begin_bulk(
    session: Session,
    wish: BulkWish,
    selection: Selection,
    *,
    seen: BulkPreview | None = None,
    intent: str | None = None,
    on_progress: Progress | None = None,
    is_stopped: Stop | None = None,
) -> BulkReport:
    """Freeze the list of cards that would change, and change them; or wait for a second person above a threshold.

    With the preview that somebody saw it is refused where it would do anything else by now. Stopped before its list is
    complete, nothing of it is done; later it is resumed. Raises Refused, RuleError and Fault as preview.
    """
    request = _request(wish, selection)

    def freeze() -> Outcome:
        gathering = _Gathering(session, wish, selection, on_progress)
        bulk = _frozen(session, gathering, on_progress, is_stopped)
        sums = gathering.sums
        if seen is not None and not _is_the_same(seen, gathering.preview()):
            raise Refused(_OTHER)
        whole = replace(bulk, cards=sums.cards, told=sums.as_json(), why=gathering.why())
        return make_ready(session, whole, intent, request)

    outcome = once(session, intent, request, freeze)
    return go_on(session, outcome, on_progress=on_progress, is_stopped=is_stopped)


def _request(wish: BulkWish, selection: Selection) -> Mapping[str, Any]:
    """By what the same wish is recognised."""
    days = {name: _iso(getattr(wish, name)) for name in ("until", "broken_since", "broken_until")}
    texts = {name: getattr(wish, name) for name in ("reason", "product", "name", "email", "organisation", "ref")}
    of = selection.text if isinstance(selection, BySearch) else selection.path.name
    return {"kind": wish.kind, "period": str(wish.period), **days, **texts, "of": of}


class _NotYet(Exception):
    """Ends a look for what came of a wish before."""


def once(session: Session, intent: str | None, request: Mapping[str, Any], freeze: Callable[[], Outcome]) -> Outcome:
    """What came of the same wish when it was made before, else what comes of it now. Raises what freezing it raises."""
    with faults(session.store.path):
        earlier = _made_before(session, intent, request)
        if earlier is not None:
            return earlier
        try:
            return freeze()
        except Refused:
            # Somebody with the same key may have been quicker, and left nothing to be done.
            earlier = _made_before(session, intent, request)
            if earlier is None:
                raise
            return earlier


def _made_before(session: Session, intent: str | None, request: Mapping[str, Any]) -> Outcome | None:
    def work(_unit: Unit) -> Outcome:
        raise _NotYet

    if intent is None:
        return None
    try:
        return perform(session, Action.BULK, intent, request, work, is_awaited=False)
    except _NotYet:
        return None


def go_on(session: Session, ready: Outcome, *, on_progress: Progress | None, is_stopped: Stop | None) -> BulkReport:
    """What comes of a bulk whose list is complete: it is carried out, where nobody has to approve it.

    Raises Refused where it was not made ready.
    """
    if not ready.done:
        raise Refused(ready.sentence)
    found = report(session.store, int(ready.facts["bulk"]), ready.sentence if ready.facts["why"] else None)
    if found.state is not BulkState.BEGUN:
        return found
    try:
        return carry_out(session, found.id, on_progress=on_progress, is_stopped=is_stopped)
    except Refused:
        # Somebody with the same key, or who resumed it, may have done all of it.
        found = report(session.store, found.id)
        if found.state is BulkState.BEGUN:
            raise
        return found


def _is_the_same(seen: BulkPreview, now: BulkPreview) -> bool:
    return (seen.cards, seen.money_minor, seen.needs_approval) == (now.cards, now.money_minor, now.needs_approval)


@dataclass(frozen=True, slots=True)
class OnList:
    """A card that is to be written on a list."""

    given: Given
    registered: Registered | None = None


class _Gathering:
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
        return why_approve(self.wish.kind, self.sums.cards, self.sums.money_minor(), self.unit.policy)

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


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def _frozen(session: Session, gathering: _Gathering, on_progress: Progress | None, is_stopped: Stop | None) -> Bulk:
    """The bulk with its whole list written down, which counts only once it is made ready."""
    bulk: Bulk | None = None
    for page in gathering.pages(on_progress):
        if is_stopped is not None and is_stopped():
            raise BrokenOff
        judged = gathering.judged(page)
        gathering.sums.add(judged)
        changed = {each.given.card_id: each.given for each in judged if isinstance(each.verdict, Change)}
        if changed:
            bulk = bulk or lay_down(session, gathering.bulk)
            bulk = write_list(session, bulk, gathering.on_list(page, changed))
    if bulk is None:
        raise Mendable(_why_none(gathering.preview()))
    return bulk


def _why_none(found: BulkPreview) -> str:
    if not (found.skipped or found.missing_lines):
        return f"No card is found by that. {_NOTHING}"
    why = "; ".join(f"{plural(each.cards, 'card')}: it {each.reason}" for each in found.skipped[:3])
    lines = f"{plural(found.missing_lines, 'line')} of the file can't be used" if found.missing_lines else ""
    return f"No card would be changed ({'; '.join(filter(None, (why, lines)))}). {_NOTHING}"


def lay_down(session: Session, asked: Bulk) -> Bulk:
    """The bulk with a number, and nothing on its list."""

    def write() -> Bulk:
        unit = begin(session, Action.BULK)
        (id_,) = unit.store.database.fresh_ids(BulkRow, 1)
        BulkRow.insert(
            id=id_,
            kind=asked.kind,
            undoes=asked.undoes,
            wish=dict(asked.wish),
            reason=asked.reason,
            ref=asked.ref,
            policy=asked.policy,
            asked_at=unit.now,
            asked_by=unit.agent.id,
            asked_by_name=unit.agent.name,
        ).execute()
        return replace(asked, id=id_, at=unit.now, by_id=unit.agent.id, by=unit.agent.name)

    return in_one_transaction(session.store, write, lambda: False, aftermath=_NOTHING, unknown=_UNKNOWN)


def write_list(session: Session, bulk: Bulk, cards: Sequence[OnList]) -> Bulk:
    """The bulk with some more cards on its list, and the digest of it so far."""
    store = session.store

    def write() -> list[Given]:
        unit = begin(session, Action.BULK)
        if any(each.registered is not None for each in cards):
            store.database.hold(SHARED)
        given = [_resolved(unit, each) for each in cards]
        columns = ("bulk", "card", "until_on", "customer_id", "organisation_id")
        rows = [(bulk.id, each.card_id, each.until, each.person_id, each.organisation_id) for each in given]
        insert_values(BulkCard, columns, rows)
        return given

    def is_there() -> bool:
        query = "SELECT 1 FROM bulk_card WHERE bulk_id = ? AND card_id = ?"
        return store.database.execute_sql(query, (bulk.id, cards[-1].given.card_id)).fetchone() is not None

    given = in_one_transaction(store, write, is_there, aftermath=_NOTHING, unknown=_UNKNOWN)
    digest = list_digest(store.keys, bulk.digest or START, given)
    return replace(bulk, digest=digest)


def _resolved(unit: Unit, card: OnList) -> Given:
    """What the list says of a card: people and organisations by their records, made where there are none."""
    if card.registered is None:
        return card.given
    name = card.registered.organisation
    organisation = None
    if name is not None:
        organisation = (organisation_named(name) or new_organisation(name)).id
    return replace(card.given, person_id=customer_id(card.registered.person, unit.now), organisation_id=organisation)


def make_ready(
    session: Session,
    bulk: Bulk,
    intent: str | None,
    request: Any,
    also: Callable[[Unit], None] | None = None,
) -> Outcome:
    """Seal a bulk whose list is complete: from then on it is asked for. More may be done in the same transaction."""

    def work(unit: Unit) -> Outcome:
        made = replace(bulk, is_ready=True)
        if also is not None:
            also(unit)
        reason = text_of(unit.store.keys, made.id, "reason", made.reason)
        if bulk_numbered_in(unit.store, made.id).is_ready:
            raise Refused(_OTHER)
        BulkRow.update(
            ready_at=unit.now,
            cards=made.cards,
            told=dict(made.told),
            why=list(made.why),
            digest=made.digest,
            seal=bulk_seal(unit.store.keys, made, reason),
        ).where(BulkRow.id == made.id).execute()
        audit.record(unit.hand, subject(made.id), "ask", None, audited(unit.store.keys, made))
        facts = {"bulk": made.id, "why": list(made.why), "lapses_at": made.lapses_at.isoformat()}
        return Outcome(True, _asked(unit, made), facts=facts)

    return perform(session, Action.BULK, intent, request, work)


def _asked(unit: Unit, bulk: Bulk) -> str:
    name = f"Bulk {bulk.id}"
    if not bulk.why:
        return f"{name} is begun: {plural(bulk.cards, 'card')}."
    until = weekday_moment(bulk.lapses_at, unit.store.business)
    return (
        f"{name} waits for approval: {who_may(Action.APPROVE)} other than you decides before {until}. "
        f"{' '.join(bulk.why)}"
    )
