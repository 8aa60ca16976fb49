"""The screens of giftdesk by hand, in curses: one picture after the other, each sent as curses sends differences.

python pictured.py PICTURES          shows the next picture at each key
python pictured.py PICTURES --all    shows all of them at once, with a NUL behind what each of them sends
"""

import curses
import json
import os
import sys
from contextlib import suppress
from functools import cache
from typing import Any

_MARKS = {"b": curses.A_BOLD, "d": curses.A_DIM, "r": curses.A_REVERSE, "u": curses.A_UNDERLINE}


@cache
def _pair(fore: int, back: int) -> int:
    if (fore, back) == (-1, -1):
        return 0
    _pairs.append((fore, back))
    curses.init_pair(len(_pairs), fore, back)
    return curses.color_pair(len(_pairs))


_pairs: list[tuple[int, int]] = []


def _draw(window: "curses.window", picture: Any) -> None:
    window.erase()
    for y, row in enumerate(picture["rows"]):
        x = 0
        for run in row:
            look = _pair(run["fore"], run["back"])
            for mark in run["marks"]:
                look |= _MARKS[mark]
            with suppress(curses.error):  # behind the last cell there is none for the cursor
                window.addstr(y, x, run["text"], look)
            x += len(run["text"])
    window.move(picture["cursor"][1], picture["cursor"][0])
    window.refresh()


def _show_each(window: "curses.window", pictures: list[Any]) -> None:
    curses.use_default_colors()
    window.idlok(True)
    for picture in pictures:
        _draw(window, picture)
        window.getch()


def _show_all(pictures: list[Any]) -> None:
    """To a pipe as well: no mode of a terminal is set."""
    window = curses.initscr()
    curses.start_color()
    curses.use_default_colors()
    curses.typeahead(-1)
    window.idlok(True)
    for picture in pictures:
        _draw(window, picture)
        os.write(1, b"\0")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as kept:
        drawn = json.load(kept)
    os.environ["ESCDELAY"] = "25"
    if "--all" in sys.argv:
        _show_all(drawn)
    else:
        curses.wrapper(_show_each, drawn)
