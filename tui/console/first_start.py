"""The first start: where no desk is, ask in plain lines what to open instead; nothing is made unasked."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from models.agents import system_login
from models.desk.agents import join
from models.errors import Fault
from models.locations import Place, place_of
from models.rules.errors import RuleError
from models.rules.money import check_currency
from models.rules.validity import BusinessTime
from models.settings import remember_desk, settings_file
from models.store import init_store, open_store
from models.unit import Session
from tui.console.output import prompt, say, say_sentences
from tui.console.setup import tell_made

T = TypeVar("T")
DEMO: Final = "demo"
_ZONE_OTHERWISE: Final = "Europe/London"
_CURRENCY: Final = "GBP"
_ASKED_PLACE: Final = "Path or URL (empty goes back): "


class Left(Exception):
    """The person wants to leave, with nothing made."""


def choose(place: Place) -> Place | str | None:
    """What to open, where there is no desk: a place, DEMO, or None for nothing. Makes a desk if that is asked for."""
    say_sentences(f"There is no desk at {place} yet.")
    say()
    say("  1  Look around in the demo, which is thrown away afterwards")
    say("  2  Make a desk there")
    say("  3  Open a desk that lies elsewhere")
    say("  q  Leave")
    say()
    try:
        while True:
            match _answer("Which? ").casefold():
                case "1":
                    return DEMO
                case "2":
                    return _made(place)
                case "3":
                    elsewhere = _elsewhere()
                    if elsewhere is not None:
                        return elsewhere
                case "q":
                    return None
                case _:
                    say("Type 1, 2, 3 or q, then Enter.")
    except Left:
        say()
        return None
    except KeyboardInterrupt:
        say()
        raise


def _answer(question: str) -> str:
    """A line, trimmed. Raises Left at the end of the input."""
    try:
        line = prompt(question)
    except UnicodeDecodeError:
        return "?"
    if not line:
        raise Left
    return line.strip()


def _until_right(question: str, otherwise: str, check: Callable[[str], T]) -> T:
    """Ask until an answer passes; an empty one is what stands in brackets."""
    while True:
        try:
            return check(_answer(f"{question} [{otherwise}]: ") or otherwise)
        except RuleError as wrong:
            say_sentences(str(wrong))


def _made(place: Place) -> Place:
    """Make a desk, whose zone can't be changed afterwards. Raises Fault where it can't be made."""
    say_sentences("Dates and the hour at which balances stop are in one time zone, fixed from now on.")
    zone = _until_right("Time zone of the business", system_zone(), lambda text: BusinessTime(text).zone)
    currency = _until_right("Currency", _CURRENCY, check_currency)
    store = init_store(place, zone=zone, currency=currency)
    tell_made(store, join(Session(store, system_login())))
    _answer("Enter opens it. ")
    return place


def _elsewhere() -> Place | None:
    """A desk that can be opened, remembered if that is wanted; None to go back."""
    while typed := _answer(_ASKED_PLACE):
        try:
            place = place_of(typed)
            open_store(place)
        except Fault as fault:
            say_sentences(fault.sentence)
            continue
        _remember(place, typed)
        return place
    return None


def _remember(place: Place, typed: str) -> None:
    if os.environ.get("GIFTDESK_DB"):
        say_sentences("GIFTDESK_DB names another desk: set it to this one to open it each time.")
    elif _answer(f"Open it each time, by a line in {settings_file()}? [y/N]: ").casefold() in ("y", "yes"):
        try:
            remember_desk(str(place) if isinstance(place, Path) else typed)
        except Fault as fault:
            say_sentences(fault.sentence)


def system_zone() -> str:
    """The time zone of this computer, by its IANA name; London where it names none."""
    link = os.path.realpath("/etc/localtime")
    for name in (os.environ.get("TZ", "").removeprefix(":"), link.rpartition("zoneinfo/")[2]):
        try:
            return BusinessTime(name).zone
        except RuleError:
            continue
    return _ZONE_OTHERWISE
