"""Handing letters to the mail server a few at a time, with an eye on whether it is the server that fails."""

from collections.abc import Callable, Sequence
from typing import Final

from models.clock import Stopwatch
from models.jobs.claims import Answered, Claim
from models.mail import Answer, Letter, Mailer, Verdict

AT_ONCE: Final = 10
"""How many reminders are in hand at a time: as many may be of unknown outcome after a run was killed."""
_PATIENCE: Final = (1.0, 2.0, 4.0)
"""What a server that is down is waited for, in seconds, before the run gives up."""
_LONGEST_IN_HAND: Final = 120
"""For how many seconds letters wait behind a slow one; then they are given back, long before anybody misses them."""
# So many letters in a row that are not taken, or whose answer is lost, are the server's fault.
_MOST_PUT_OFF: Final = 20
_MOST_LOST: Final = 3


class Delivery:
    """Sends the letters of claims."""

    def __init__(self, mailer: Mailer, letter_of: Callable[[Claim], Letter], wait: Callable[[float], None]) -> None:
        """Send by a mailer; wait is told how many seconds."""
        self.at_once = AT_ONCE
        """How many may be in hand: one while the server is in trouble."""
        self.why_stopped: str | None = None
        """Why there is no point in going on, a sentence; None while there is."""
        self._mailer = mailer
        self._letter_of = letter_of
        self._wait = wait
        self._put_off = 0
        self._lost = 0

    def send(self, claims: Sequence[Claim], is_stopped: Callable[[], bool]) -> list[Answered]:
        """Send what is in hand, in order, until somebody asks for a stop or the server fails; what came of each."""
        answered: list[Answered] = []
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
            if not (answer.is_down and answer.verdict is Verdict.NOT_NOW):
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


def _in_brackets(answer: Answer) -> str:
    return answer.said.removesuffix(".") or "no answer"
