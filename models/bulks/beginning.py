"""Beginning a bulk: what it would do, its list frozen before anybody is asked, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from models.bulks.carrying import carry_out, report
from models.bulks.facts import BrokenOff, Bulk, BulkPreview, BulkReport, BulkState, Progress, Selection, Stop
from models.bulks.freezing import NOTHING, OTHER, lay_down, make_ready, write_list
from models.bulks.gathering import Gathering, request_of
from models.errors import Mendable, Refused, faults
from models.rules.bulk import BulkWish
from models.rules.bulk_deeds import Change
from models.rules.roles import Action
from models.rules.wording import plural
from models.unit import Outcome, Session, Unit, perform


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
        gathering = Gathering(session, wish, selection, on_progress)
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
    request = request_of(wish, selection)

    def freeze() -> Outcome:
        gathering = Gathering(session, wish, selection, on_progress)
        bulk = _frozen(session, gathering, on_progress, is_stopped)
        sums = gathering.sums
        if seen is not None and not _is_the_same(seen, gathering.preview()):
            raise Refused(OTHER)
        whole = replace(bulk, cards=sums.cards, told=sums.as_json(), why=gathering.why())
        return make_ready(session, whole, intent, request)

    outcome = once(session, intent, request, freeze)
    return go_on(session, outcome, on_progress=on_progress, is_stopped=is_stopped)


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


def _frozen(session: Session, gathering: Gathering, on_progress: Progress | None, is_stopped: Stop | None) -> Bulk:
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
        return f"No card is found by that. {NOTHING}"
    why = "; ".join(f"{plural(each.cards, 'card')}: it {each.reason}" for each in found.skipped[:3])
    lines = f"{plural(found.missing_lines, 'line')} of the file can't be used" if found.missing_lines else ""
    return f"No card would be changed ({'; '.join(filter(None, (why, lines)))}). {NOTHING}"
