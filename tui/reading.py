"""What a terminal sends, as keys, pastes and whatever else it tells: however it is cut on its way, Esc is a key of its
own, a paste stays a paste, and what answers a question is never taken for something typed."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message
from textual.messages import InBandWindowResize, TerminalSupportsSynchronizedOutput

from tui.pasting import BEGINS, Pasting

_ESC: Final = "\x1b"
# How long more is waited for, in seconds: behind an Esc, behind what a person could still have typed, and behind what
# only a terminal sends. An Esc that was taken for the key may be followed by the rest of its sequence so long.
ESCAPE_SECONDS: Final = 0.004
_TYPED_SECONDS: Final = 0.5
_SENT_SECONDS: Final = 5.0
_LATE_SECONDS: Final = 0.5
_ARROWS_AND_F_KEYS: Final = "O[A-DFHMP-S]"
# Patterns, each compiled when it is first asked for: the start does without most of them.
# The strings that terminals answer with (OSC, DCS, SOS, PM, APC), and sizes: a signal tells of these.
_ANSWER: Final = r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|\[48;[0-9:;]*t)"
# How strings begin that nobody types.
_STRING: Final = r"\](?:\d+;|\d\d|[lL]|[^\x07\x1b]{4096})|P[\d;]*[$>+!|]|[_^](?=[^\x1b])|[PX][^\x1b]{4096}"
# The F keys of the kernel's console, old reports of the mouse, keys of rxvt, and whatever else begins so (CSI).
_WHOLE: Final = (
    r"\x1b(?:\[\[[A-E]|\[M[ -\U0010ffff]{3}|\[\d+\$"
    rf"|\[(?!M)[0-?]*[ -/]*[@-Z\\-~]|{_ARROWS_AND_F_KEYS})"
)
_BEGUN: Final = r"\x1b(?:\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|\[\[|\[M[ -\U0010ffff]{0,2}|\[[0-?]*[ -/]*|O)?\Z"
# Nothing was asked for these, or nobody works differently for them.
_UNASKED: Final = (InBandWindowResize, TerminalSupportsSynchronizedOutput, events.AppFocus, events.AppBlur)
# What Alt with a key sends; alone in what is read at once it is that, or else Esc and what was typed behind it.
_CHORD: Final = r"\x1b(?:[bf\x7f]|O[a-d])"
# Of what is begun, what a person may have typed: an Esc and more in one go.
_PERHAPS_TYPED: Final = r"\x1b(?:[\[O]|[\]PX^_][^\x1b]*\x1b?)?"
_BROKEN: Final = r"\x1b\[(?:M|(?=[ -?])[0-?]*[ -/]*)"
_LONGEST: Final = 5000
# Characters: so much of a string whose end does not come is passed over.
_LONGEST_STRING: Final = 1_000_000
# Characters: no key sends more, and Textual takes what is longer for typed.
_LONGEST_KEY: Final = 32
_REST_OF_ONE: Final = rf"\[|{_ARROWS_AND_F_KEYS}\Z|{_STRING}"


class KeyReader:
    """Takes what a terminal sends, piece by piece, and gives what the app is told.

    Whoever feeds it waits for more so long as patience says, and calls rest() when nothing came.
    """

    def __init__(
        self, escape_seconds: float = ESCAPE_SECONDS, with_alt: Iterable[str] = (), *, has_mouse: bool = False
    ) -> None:
        """Begin with nothing; with_alt are the characters that mean something together with Alt. Without a mouse
        nothing that looks like one means anything."""
        self._escape_seconds = escape_seconds
        self._with_alt = frozenset(with_alt)
        self._unwanted = _UNASKED if has_mouse else (*_UNASKED, events.MouseEvent)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = XTermParser()
        self._pasting = Pasting(escape_seconds)
        self._string = _String()
        self._held = ""
        self._is_late = False
        self._is_told = False
        """Whether the Esc that is held was given as a key already."""

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for more before rest() is called; None: nothing depends on it."""
        if self._pasting.is_under_way:
            return self._pasting.patience
        if self._string.is_under_way:
            return self._string.patience
        if not self._held:
            return _LATE_SECONDS if self._is_late else None
        if self._held == _ESC:
            return self._escape_seconds
        return _TYPED_SECONDS if re.fullmatch(_PERHAPS_TYPED, self._held) else _SENT_SECONDS

    def feed(self, received: bytes) -> list[Message]:
        """What has arrived, as far as it is whole."""
        text = self._decode(received)
        if self._is_late and text:
            self._is_late = False
            if re.match(_REST_OF_ONE, text):
                text, self._is_told = _ESC + text, True
        is_alone = not self._is_amid_more and re.fullmatch(_CHORD, text) is not None
        text, self._held = self._held + text, ""
        return list(self._parsed(text) if is_alone else self._cut(text))

    def rest(self) -> list[Message]:
        """Nothing came for a while: what is held is as much as there is."""
        if self._pasting.is_under_way:
            pasted, typed = self._pasting.rest()
            return [*map(events.Paste, pasted), *self._cut(typed)]
        self._string.is_under_way = False
        held, self._held = self._held, ""
        self._is_late = held == _ESC
        if not re.fullmatch(_PERHAPS_TYPED, held):
            self._is_told = False
            return []  # only a terminal sends such a thing, and the end of it was lost
        typed, self._held, _ = held[1:].partition(_ESC)
        if typed in self._with_alt and not self._is_told:
            return [events.Key(f"alt+{typed}", None)]
        return [*self._escape(), *self._parsed(typed)]

    def forget(self) -> None:
        """Nobody wants the paste that is under way."""
        self._pasting.forget()

    @property
    def _is_amid_more(self) -> bool:
        return bool(self._held) or self._pasting.is_under_way or self._string.is_under_way

    def _cut(self, text: str) -> Iterator[Message]:
        while text:
            if self._pasting.is_under_way:
                self._pasting.take(text)
                return
            if self._string.is_under_way:
                text = self._string.behind(text)
            elif answer := re.match(_ANSWER, text):
                self._is_told, text = False, text[answer.end() :]
            elif string := re.match(rf"\x1b(?:{_STRING})", text):
                self._is_told, text = False, text[string.end() :]
                self._string.begin(ends_with_bell=string[0][1] == "]")
            elif whole := re.match(_WHOLE, text):
                self._is_told, text = False, text[whole.end() :]
                if whole[0] == BEGINS:
                    self._pasting.begin()
                else:
                    yield from self._parsed(whole[0])
            elif begun := re.match(_BEGUN, text):
                self._held, text = begun[0][:_LONGEST], ""
            elif broken := re.match(_BROKEN, text):
                self._is_told, text = False, text[broken.end() :]
            elif text[0] == _ESC and text[1] in self._with_alt:
                yield events.Key(f"alt+{text[1]}", None)
                text = text[2:]
            elif text[0] == _ESC:
                yield from self._escape()
                text = text[1:]
            else:
                typed, escape, rest = text.partition(_ESC)
                yield from self._parsed(typed)
                text = escape + rest

    def _escape(self) -> Iterator[Message]:
        if not self._is_told:
            yield events.Key("escape", _ESC)
        self._is_told = False

    def _parsed(self, text: str) -> Iterator[Message]:
        """What characters or one whole sequence mean; what nobody knows, nobody typed."""
        if text and (text[0] != _ESC or len(text) <= _LONGEST_KEY):
            try:
                yield from [each for each in self._parser.feed(text) if not isinstance(each, self._unwanted)]
            except (ValueError, OverflowError):  # numbers that no key has, or that nobody asked for
                self._parser = XTermParser()
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0
            for _ in self._parser.tick():
                pass


class _String:
    """A string that the terminal answers with, while it is under way: what it says does not matter here.

    It ends where it says so, with the next Esc, or when nothing came of it for its patience; and if it never does,
    all the same.
    """

    def __init__(self) -> None:
        self.is_under_way = False
        self._ends_with_bell = self._is_ending = False
        self._left = 0

    @property
    def patience(self) -> float:
        return _TYPED_SECONDS if self._is_ending else _SENT_SECONDS

    def begin(self, *, ends_with_bell: bool) -> None:
        self.is_under_way, self._is_ending, self._left = True, False, _LONGEST_STRING
        self._ends_with_bell = ends_with_bell

    def behind(self, text: str) -> str:
        """What of a text is not of the string."""
        if self._is_ending:
            self.is_under_way = False
            return text[1:] if text[0] == "\\" else _ESC + text
        end = re.search(r"[\x07\x1b]" if self._ends_with_bell else r"\x1b", text[: self._left])
        behind = text[self._left if end is None else end.end() :]
        self._left = max(0, self._left - len(text))
        self._is_ending = end is not None and end[0] == _ESC
        self.is_under_way = self._is_ending or (end is None and self._left > 0)
        return behind
