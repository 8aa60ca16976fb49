"""Looks for codes as an agent may make them: misses are counted, many make the next looks wait, and more stop them.

Every place where a code is typed looks for it here, and has a miss recorded: the screens once its answer is shown, the
command line before it is printed. Only a card that answers to the very code is a hit: a look that ends in cards a slip
away, or that a damaged code fits, counts as well, or it would be an oracle over a thousand codes. Whoever mistypes is
safe: the same code again counts once.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from models.errors import Refused, faults
from models.fields import stored_instant
from models.finding import MOST, Found, find, find_exact
from models.misses import add_miss, keep_stand, misses_after, stand_of
from models.near import why_unknown
from models.rules.codes import UNREADABLE, normalise
from models.rules.diagnosis import UNKNOWN_REASON
from models.rules.lookups import (
    SLOW_FROM,
    STOP_AT,
    WAIT_SECONDS,
    WINDOW,
    Pace,
    counted,
    meant_code,
    pace,
    possible_code,
    stopped,
    why_it_waits,
)
from models.rules.status import Status
from models.search.searching import Key
from models.store import Store
from models.unit import Session, Unit, begin, written

NOT_COUNTED: Final = "It was not counted."
"""What is said before the reason."""
_SLICES: Final = 50
_STANDING: Final = (
    "SELECT s.stopped_at, s.lifted_at, m.at FROM agent a LEFT JOIN lookup_stop s ON s.agent_id = a.id "
    "LEFT JOIN lookup_miss m ON m.agent_id = a.id WHERE a.login = ? ORDER BY m.at DESC LIMIT ?"
)


_CODES_OF_LETTERS: Final = (
    "SELECT 1 FROM import_batch WHERE has_codes_of_letters IS NULL OR has_codes_of_letters = 1 LIMIT 1"
)


class NoSuchCode(Refused):
    """No card answers to a code that was looked for."""

    def __init__(self, text: str, sentence: str = UNKNOWN_REASON) -> None:
        """Keep the code, for the miss to be recorded."""
        super().__init__(sentence)
        self.text = text


def _nobody_waits(_why: str) -> None:
    """Say nothing."""


Warn = Callable[[str], None]
"""Is told, before somebody has to wait, why."""


def look_up(
    session: Session,
    text: str,
    status: Status | None = None,
    *,
    after: Key | None = None,
    most: int = MOST,
    warn: Warn = _nobody_waits,
) -> Found:
    """Find cards as an agent may, from the beginning or behind a key: there no code is looked for.

    A text that can be a code waits when they missed often, unless it finds a name; letters alone are nothing but a
    name where no code of letters alone came in. Who was stopped finds cards by anything but a code: then none is even
    digested. Raises Fault for a broken store.
    """
    look = partial(find, session.store, text, status, most=most)
    code, is_meant = possible_code(text), meant_code(text) is not None
    if after is not None or code is None:
        return look(after=after)
    if not is_meant and not (code.isalpha() and _has_codes_of_letters(session.store)):
        return look(by_code=False)
    if not is_meant and _pace(session) is not Pace.FREE:
        found = look(by_code=False)
        if found.lines:
            return found
    if _waited(session, warn) is not Pace.STOPPED:
        found = look()
        return found if found.lines else replace(found, was_tried=not found.is_no_code)
    found = look(by_code=False)
    return found if found.lines else replace(found, sentence=stopped(), is_refused=True)


def _has_codes_of_letters(store: Store) -> bool:
    """Whether a card may answer to a code of letters alone that is none of ours."""
    with faults(store.path), store.database.connected():
        return store.database.execute_sql(_CODES_OF_LETTERS).fetchone() is not None


def card_answering(session: Session, text: str, *, warn: Warn = _nobody_waits) -> int:
    """The id of the card that answers to a code in any spelling, where nothing but a code is meant.

    Raises BadCode, NoSuchCode, Refused for who was stopped, Fault for a broken store.
    """
    code = normalise(text)
    if _waited(session, warn) is Pace.STOPPED:
        raise Refused(stopped())
    card_id = find_exact(session.store, text)
    if card_id is None:
        raise NoSuchCode(code, why_unknown(session.store, code))
    return card_id


def refuse_stopped(session: Session) -> None:
    """Raise Refused for who was stopped: they look for no code in any way. Raises Fault for a broken store."""
    if _pace(session) is Pace.STOPPED:
        raise Refused(stopped())


def _waited(session: Session, warn: Warn) -> Pace:
    """The pace of an agent, once they have waited if they must."""
    standing = _pace(session)
    if standing is not Pace.SLOW:
        return standing
    warn(why_it_waits())
    for _ in range(_SLICES):
        session.store.database.check_stop()
        session.store.clock.wait(WAIT_SECONDS / _SLICES)
    return _pace(session)


def _pace(session: Session) -> Pace:
    store = session.store
    with faults(store.path), store.database.connected():
        rows = store.database.execute_sql(_STANDING, (session.login, STOP_AT)).fetchall()
        missed_at = [stored_instant(at) for _, _, at in rows if at is not None]
        is_stopped, lifted_at = (rows[0][0] is not None, rows[0][1]) if rows else (False, None)
        # The time is a question of its own on a server, and hardly anybody ever missed so often.
        if is_stopped or len(missed_at) < SLOW_FROM:
            return Pace.STOPPED if is_stopped else Pace.FREE
        return pace(missed_at, store.now(), None if lifted_at is None else stored_instant(lifted_at))


def is_miss(found: Found) -> bool:
    """Whether a search, from its beginning, is to be recorded as a look for a code that no card answers to."""
    if found.is_exact or found.is_refused or possible_code(found.text) is None:
        return False
    meant = meant_code(found.text)
    return found.are_near_misses or found.was_tried or (meant is not None and UNREADABLE in meant)


def record_miss(session: Session, text: str) -> Pace | None:
    """Record that a code was looked for and no card answered; the pace to which that very miss brought the agent.

    The same code again within ten minutes counts once. Raises Refused for who may not work here or when the clock
    can't be believed, Fault for a broken store.
    """
    code = possible_code(text)
    if code is None:
        return None
    return written(session.store, lambda: _record(begin(session, None), code))


def _record(unit: Unit, code: str) -> Pace | None:
    agent, now, digest = unit.agent.id, unit.now, unit.store.keys.code_digest(code)
    lately = misses_after(agent, now - WINDOW)
    if any(other == digest for at, other in lately if at <= now):
        return None
    add_miss(agent, now, code, digest)
    stand = stand_of(agent)
    count = counted([*(at for at, _ in lately), now], now, stand.lifted_at)
    if count < STOP_AT or stand.stopped_at is not None:
        return Pace.SLOW if count == SLOW_FROM else None
    keep_stand(unit.store, unit.hand, stand, replace(stand, stopped_at=now), "stop")
    return Pace.STOPPED
