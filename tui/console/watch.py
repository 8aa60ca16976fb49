"""The watch at the command line: for people, for programs, and for spreadsheets."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import Any, Final

from models.favours import Kin, OwnCard
from models.jobs.spreadsheets import TableWriter
from models.rules import wording
from models.rules.validity import BusinessTime
from models.watching import Alarm, Watch, Worked
from models.watching import watch as watched
from tui.console.lookups import in_words, looker_as_json
from tui.console.misuse import UsageError
from tui.console.output import iso, local, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import parse_instant
from tui.text import clean

_COLUMNS: Final = ("what", "agent", "login", "days", "count", "alarms_from", "since", "stands", "card", "at", "why")


def watch(asked: Namespace) -> int:
    """Print what wants a supervisor's eye, now or as of an instant."""
    if asked.csv and asked.json:
        raise UsageError("--csv and --json exclude each other.")
    at = None if asked.at is None else parse_instant(asked.at, "--at")
    session = open_desk(asked)
    seen = watched(session, at)
    if asked.json:
        say_json(_as_json(seen))
    elif asked.csv:
        writer = TableWriter(sys.stdout, _COLUMNS, end="\n")
        for each in _table(seen):
            writer.write({column: clean(text) for column, text in each.items()})
    else:
        _print(seen, session.store.business)
    return 0


def _print(seen: Watch, business: BusinessTime) -> None:
    say("Alarms:" if seen.alarms else "No alarm stands.")
    if seen.alarms:
        say_table([_alarm_cells(alarm) for alarm in seen.alarms])
    say("")
    say(f"Reactivated up to {wording.weekday(seen.on)}:" if seen.worked else "Nobody reactivated a card lately.")
    if seen.worked:
        head = ("", *("today" if limit.days == 1 else f"{limit.days} days" for limit in seen.limits))
        sums = [(f"  {each.agent}", *map(str, each.sums)) for each in seen.worked]
        say_table([head, *sums], right=range(1, len(head)))
    if seen.lookers:
        say("")
        say("Looks for codes that no card answers to:")
        say_table([(f"  {each.agent}", in_words(each, business)) for each in seen.lookers])
    for title, cards in (("Own cards, tried and refused", seen.own), ("For people like those of the desk", seen.kin)):
        if cards:
            say("")
            say(f"{title}:")
            say_table([_card_cells(each, business) for each in cards])


def _alarm_cells(alarm: Alarm) -> tuple[str, ...]:
    over = "below again" if alarm.is_over else "stands"
    return f"  {alarm.agent}", alarm.in_words, f"since {wording.weekday(alarm.rise.since)}", over


def _card_cells(card: OwnCard | Kin, business: BusinessTime) -> tuple[str, ...]:
    return f"  {card.agent}", f"record {card.card_id}", f"···· {card.last_four}", local(card.at, business), _why(card)


def _why(card: OwnCard | Kin) -> str:
    if isinstance(card, OwnCard):
        return card.action.replace("_", " ")
    return f"{'address' if card.is_address else 'name'} of {card.like}"


def _table(seen: Watch) -> Iterator[dict[str, str]]:
    """Every line by column; an empty cell says that the line has no such thing."""
    for alarm in seen.alarms:
        rise = alarm.rise
        yield {
            "what": "alarm",
            "agent": alarm.agent,
            "login": alarm.login,
            "days": str(rise.limit.days),
            "count": str(rise.highest),
            "alarms_from": str(rise.limit.count),
            "since": rise.since.isoformat(),
            "stands": "no" if alarm.is_over else "yes",
        }
    for each in seen.worked:
        for limit, count in zip(seen.limits, each.sums, strict=True):
            of_days = {"days": str(limit.days), "count": str(count), "alarms_from": str(limit.count)}
            yield {"what": "sum", "agent": each.agent, "login": each.login, **of_days}
    for looker in seen.lookers:
        who = {"agent": looker.agent, "login": looker.login, "count": str(len(looker.misses))}
        at = iso(looker.stopped_at or looker.misses[0].at) or ""
        yield {"what": "looks for codes", **who, "at": at, "why": looker.pace.value}
    cards: tuple[OwnCard | Kin, ...] = (*seen.own, *seen.kin)
    for card in cards:
        what = "own card" if isinstance(card, OwnCard) else "like the desk"
        at = iso(card.at) or ""
        yield {"what": what, "agent": card.agent, "card": str(card.card_id), "at": at, "why": _why(card)}


def _as_json(seen: Watch) -> dict[str, Any]:
    return {
        "at": iso(seen.at),
        "on": seen.on.isoformat(),
        "limits": [{"days": limit.days, "count": limit.count} for limit in seen.limits],
        "alarms": [_alarm_as_json(alarm) for alarm in seen.alarms],
        "agents": [_worked_as_json(each) for each in seen.worked],
        "lookups": [looker_as_json(each) for each in seen.lookers],
        "own_cards": [
            {"agent": each.agent, "card_id": each.card_id, "action": each.action, "at": iso(each.at)}
            for each in seen.own
        ],
        "like_the_desk": [
            {
                "agent": each.agent,
                "card_id": each.card_id,
                "at": iso(each.at),
                "like": each.like,
                "same": "address" if each.is_address else "name",
            }
            for each in seen.kin
        ],
    }


def _alarm_as_json(alarm: Alarm) -> dict[str, Any]:
    return {
        "agent": alarm.agent,
        "login": alarm.login,
        "days": alarm.rise.limit.days,
        "alarms_from": alarm.rise.limit.count,
        "highest": alarm.rise.highest,
        "count": alarm.present,
        "since": alarm.rise.since.isoformat(),
        "stands": not alarm.is_over,
        "new": alarm.is_new,
    }


def _worked_as_json(each: Worked) -> dict[str, Any]:
    return {"agent": each.agent, "login": each.login, "counts": list(each.sums)}
