"""Handing letters to the mail server a few at a time, with an eye on whether it is the server that fails."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from models.clock import Stopwatch
from models.mail import Answer, Letter, Mailer, Verdict

C = TypeVar("C")
"""A claim: an e-mail that a run has in hand."""
Answered = tuple[C, Answer | None]
"""What came of a claim; None: it was not even tried."""
AT_ONCE: Final = 10
"""How many e-mails are in hand at a time: as many may be of unknown outcome after a run was killed."""
_PATIENCE: Final = (1.0, 2.0, 4.0)
"""What a server that is down is waited for, in seconds, before the run gives up."""
_LONGEST_IN_HAND: Final = 120
"""For how many seconds letters wait behind a slow one; then they are given back, long before anybody misses them."""
# So many letters in a row that are not taken, or whose answer is lost, are the server's fault.
_MOST_PUT_OFF: Final = 20
_MOST_LOST: Final = 3


@dataclass
class DeliveryReport:
    """What came of the e-mails of a run."""

    due: int = 0
    """How many were to be sent when it began; with a dry run that is all."""
    sent: int = 0
    waiting: int = 0
    """Certainly not sent; tried again by a later run."""
    refused: int = 0
    """The mail server will not have the address."""
    unknown: int = 0
    """They may have gone out or not: a person decides."""
    left: int | None = None
    """How many of those due nobody came to, because the run was stopped."""
    why_stopped: str | None = None
    """When the mail server was the reason: a sentence."""

    def count(self, answered: Sequence[Answered[C]]) -> None:
        """Add what came of claims."""
        for _, answer in answered:
            if answer is not None:
                name = _COUNTED[answer.verdict]
                setattr(self, name, getattr(self, name) + 1)


_COUNTED: Final = {
    Verdict.DELIVERED: "sent",
    Verdict.NOT_NOW: "waiting",
    Verdict.REFUSED: "refused",
    Verdict.UNKNOWN: "unknown",
}


class Delivery(Generic[C]):
    """Sends the letters of claims."""

    def __init__(self, mailer: Mailer, letter_of: Callable[[C], Letter], wait: Callable[[float], None] | None) -> None:
        """Send by a mailer; wait is told how many seconds, None: a server that is down is not waited for."""
        self.at_once = AT_ONCE
        """How many may be in hand: one while the server is in trouble."""
        self.why_stopped: str | None = None
        """Why there is no point in going on, a sentence; None while there is."""
        self._mailer = mailer
        self._letter_of = letter_of
        self._wait = wait
        self._put_off = 0
        self._lost = 0

    def send(self, claims: Sequence[C], is_stopped: Callable[[], bool]) -> list[Answered[C]]:
        """Send what is in hand, in order, until somebody asks for a stop or the server fails; what came of each."""
        answered: list[Answered[C]] = []
        in_hand = Stopwatch()
        for claim in claims:
            is_enough = self.at_once == 1 or in_hand.seconds() > _LONGEST_IN_HAND
            if is_stopped() or self.why_stopped is not None or (answered and is_enough):
                answered.append((claim, None))
                continue
            answer = self._sent(self._letter_of(claim))
            answered.append((claim, answer))
            self._judge(answer)
        return answered

    def _sent(self, letter: Letter) -> Answer:
        """Send one letter, and wait a little for a server that is down."""
        answer = self._mailer.send(letter)
        for seconds in _PATIENCE:
            if self._wait is None or not (answer.is_down and answer.verdict is Verdict.NOT_NOW):
                break
            self._wait(seconds)
            answer = self._mailer.send(letter)
        return answer

    def _judge(self, answer: Answer) -> None:
        """Whether to go on, and how boldly, after an answer."""
        verdict = answer.verdict
        self._put_off = self._put_off + 1 if verdict is Verdict.NOT_NOW else 0
        self._lost = self._lost + 1 if verdict is Verdict.UNKNOWN else 0
        is_troubled = answer.is_down or verdict is Verdict.UNKNOWN
        self.at_once = 1 if is_troubled else AT_ONCE
        if answer.is_down and verdict is Verdict.NOT_NOW:
            self.why_stopped = f"The mail server can't be used ({_in_brackets(answer)})."
        elif self._lost >= _MOST_LOST:
            self.why_stopped = "The mail server takes letters and does not say what became of them."
        elif self._put_off >= _MOST_PUT_OFF:
            self.why_stopped = f"The mail server takes no letters now ({_in_brackets(answer)})."


Exchange = Callable[[Sequence[Answered[C]], Sequence[int]], Sequence[C]]
"""Records what came of some claims and claims others, by their numbers, in one transaction; the claims that it made."""


def deliver(
    delivery: Delivery[C],
    exchange: Exchange[C],
    number_of: Callable[[C], int],
    ahead: deque[int],
    report: DeliveryReport,
    on_progress: Callable[[int, int], None] | None,
    is_stopped: Callable[[], bool],
) -> None:
    """Send what lies ahead, by its numbers, a few at a time; progress is told as dealt with and due."""
    answered: list[Answered[C]] = []
    while answered or ahead:
        has_ended = delivery.why_stopped is not None or is_stopped()
        some = 0 if has_ended else min(delivery.at_once, len(ahead))
        in_hand = exchange(answered, [ahead.popleft() for _ in range(some)])
        report.count(answered)
        if has_ended:
            report.left, report.why_stopped = len(ahead) or None, delivery.why_stopped
            return
        if on_progress is not None:
            on_progress(report.due - len(ahead) - len(in_hand), report.due)
        answered = delivery.send(in_hand, is_stopped)
        ahead.extendleft(number_of(claim) for claim, answer in reversed(answered) if answer is None)


def _in_brackets(answer: Answer) -> str:
    return answer.said.removesuffix(".") or "no answer"
