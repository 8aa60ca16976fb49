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

from models.rules.texts import UNSAFE

_ESC: Final = "\x1b"
_PASTE_BEGINS: Final = "\x1b[200~"
_PASTE_ENDS: Final = "\x1b[201~"
_ESCAPES: Final = (_ESC, "\x1b[27u")
# How long more is waited for, in seconds: behind an Esc, behind what a person could still have typed, and behind what
# only a terminal sends. An Esc that was taken for the key may be followed by the rest of its sequence so long.
ESCAPE_SECONDS: Final = 0.004
_TYPED_SECONDS: Final = 0.5
_SENT_SECONDS: Final = 5.0
_LATE_SECONDS: Final = 0.5
_ARROWS_AND_F_KEYS: Final = "O[A-DFHMP-S]"
# Patterns, each compiled when it is first asked for: the start does without most of them.
# The strings that terminals answer with (OSC, DCS), and sizes: a signal tells of these.
_ANSWER: Final = r"\x1b(?:\]\d+;[^\x07\x1b]*(?:\x07|\x1b\\)|P[01]?[$>+!][^\x1b]*\x1b\\|\[48;[0-9:;]*t)"
# The F keys of the kernel's console, old reports of the mouse, keys of rxvt, and whatever else begins so (CSI).
_WHOLE: Final = (
    r"\x1b(?:\[\[[A-E]|\[M[ -\U0010ffff]{3}|\[\d+\$"
    rf"|\[[0-?]*[ -/]*[@-Z\\-~]|{_ARROWS_AND_F_KEYS})"
)
_BEGUN: Final = (
    r"\x1b(?:\](?:\d+(?:;[^\x07\x1b]*\x1b?)?)?|P(?:[01]?(?:[$>+!][^\x1b]*\x1b?)?)?|\[\[|\[M[ -\U0010ffff]{0,2}"
    r"|\[[0-?]*[ -/]*|O)?\Z"
)
# Nothing was asked for these, or nobody works differently for them.
_UNASKED: Final = (InBandWindowResize, TerminalSupportsSynchronizedOutput, events.AppFocus, events.AppBlur)
# What Alt with a key sends; alone in what is read at once it is that, or else Esc and what was typed behind it.
_CHORD: Final = r"\x1b(?:[bf\x7f]|O[a-d])"
# Of what is begun, what a person may have typed: an Esc and more in one go.
_PERHAPS_TYPED: Final = r"\x1b(?:[\[O\]]|P[01]?)?"
_BROKEN: Final = r"\x1b\[(?=[ -?])[0-?]*[ -/]*"
_LONGEST: Final = 4096
# Characters: no key sends more, and Textual takes what is longer for typed.
_LONGEST_KEY: Final = 32
# Characters: no field has room for more.
_MOST_PASTED: Final = 1_000_000
_REST_OF_ONE: Final = rf"\[|{_ARROWS_AND_F_KEYS}\Z"


class KeyReader:
    """Takes what a terminal sends, piece by piece, and gives what the app is told.

    Whoever feeds it waits for more so long as patience says, and calls rest() when nothing came.
    """

    def __init__(self, escape_seconds: float = ESCAPE_SECONDS, with_alt: Iterable[str] = ()) -> None:
        """Begin with nothing; with_alt are the characters that mean something together with Alt."""
        self._escape_seconds = escape_seconds
        self._with_alt = frozenset(with_alt)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = XTermParser()
        self._held = ""
        self._is_pasting = False
        self._pasted: list[str] = []
        self._room = _MOST_PASTED
        self._is_stalled = False
        """Whether nothing came for long within a paste: the mark of its end may be lost."""
        self._is_late = False
        self._is_told = False
        """Whether the Esc that is held was given as a key already."""

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for more before rest() is called; None: nothing depends on it."""
        if self._is_pasting:
            return None if self._is_stalled else _SENT_SECONDS
        if not self._held:
            return _LATE_SECONDS if self._is_late else None
        if self._held == _ESC:
            return self._escape_seconds
        return _TYPED_SECONDS if re.fullmatch(_PERHAPS_TYPED, self._held) else _SENT_SECONDS

    def feed(self, received: bytes) -> list[Message]:
        """What has arrived, as far as it is whole."""
        text = self._decode(received)
        if self._is_stalled and text:
            self._is_stalled = False
            if text in _ESCAPES:
                self._forget_paste()
                return []
        if self._is_late and text:
            self._is_late = False
            if re.match(_REST_OF_ONE, text):
                text, self._is_told = _ESC + text, True
        is_alone = re.fullmatch(_CHORD, text) is not None
        text, self._held = self._held + text, ""
        return list(self._parsed(text) if is_alone and not self._is_pasting else self._cut(text))

    def rest(self) -> list[Message]:
        """Nothing came for a while: what is held is as much as there is. A paste that is under way is, until an Esc
        alone says that it is not."""
        if self._is_pasting:
            self._is_stalled = True
            return []
        held, self._held = self._held, ""
        self._is_late = held == _ESC
        if re.fullmatch(_PERHAPS_TYPED, held):
            return [*self._escape(), *self._parsed(held[1:])]
        self._is_told = False
        return []  # only a terminal sends such a thing, and the end of it was lost

    def _cut(self, text: str) -> Iterator[Message]:
        while text:
            if self._is_pasting:
                end = _end_of_paste(text)
                if end < 0:
                    self._held = text[1 - len(_PASTE_ENDS) :]
                    self._keep(text[: -len(self._held)])
                    return
                self._keep(text[:end])
                yield from self._paste()
                text = text[end + len(_PASTE_ENDS) :]
            elif answer := re.match(_ANSWER, text):
                self._is_told, text = False, text[answer.end() :]
            elif whole := re.match(_WHOLE, text):
                self._is_told, self._is_pasting = False, whole[0] == _PASTE_BEGINS
                yield from () if self._is_pasting else self._parsed(whole[0])
                text = text[whole.end() :]
            elif begun := re.match(_BEGUN, text):
                self._held, text = begun[0] if len(begun[0]) < _LONGEST else "", ""
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

    def _keep(self, pasted: str) -> None:
        """Keep a part of a paste, so far as anything has room for it."""
        self._pasted.append(pasted[: self._room])
        self._room -= len(self._pasted[-1])

    def _paste(self) -> Iterator[Message]:
        pasted = harmless("".join(self._pasted))
        self._forget_paste()
        if pasted:
            yield events.Paste(pasted)

    def _forget_paste(self) -> None:
        self._is_pasting, self._room, self._held = False, _MOST_PASTED, ""
        self._pasted.clear()

    def _escape(self) -> Iterator[Message]:
        if not self._is_told:
            yield events.Key("escape", _ESC)
        self._is_told = False

    def _parsed(self, text: str) -> Iterator[Message]:
        """What characters or one whole sequence mean; what nobody knows, nobody typed."""
        if text and (text[0] != _ESC or len(text) <= _LONGEST_KEY):
            try:
                yield from [each for each in self._parser.feed(text) if not isinstance(each, _UNASKED)]
            except (ValueError, OverflowError):  # numbers that no key has, or that nobody asked for
                self._parser = XTermParser()
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0
            for _ in self._parser.tick():
                pass


def _end_of_paste(text: str) -> int:
    """Where the mark of its end stands; -1 if it does not. One that is followed by a further one was pasted itself."""
    end = text.find(_PASTE_ENDS)
    while (further := text.find(_PASTE_ENDS, end + 1)) > end >= 0 and _PASTE_BEGINS not in text[end:further]:
        end = further
    return end


def harmless(text: str) -> str:
    """A text from elsewhere as it may be typed: with newlines between its lines, and nothing that a terminal obeys."""
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
