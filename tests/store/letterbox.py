"""A mailer that remembers every letter, and answers as it is told to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.mail import Answer, Letter, Verdict

TAKEN = Answer(Verdict.DELIVERED, "250 queued")
REFUSED = Answer(Verdict.REFUSED, "550 no such user")
NOT_NOW = Answer(Verdict.NOT_NOW, "451 come back later")
DOWN = Answer(Verdict.NOT_NOW, "nobody answers", is_down=True)
LOST = Answer(Verdict.UNKNOWN, "the line was cut", is_down=True)


@dataclass
class Letterbox:
    """Takes letters; what it has taken, in order, and how often it was asked."""

    answer: Callable[[Letter], Answer] = field(default=lambda _letter: TAKEN)
    taken: list[Letter] = field(default_factory=list)
    asked: int = 0

    def send(self, letter: Letter) -> Answer:
        """Take a letter, unless told otherwise; one whose answer is lost is taken all the same."""
        self.asked += 1
        answer = self.answer(letter)
        if answer.verdict in (Verdict.DELIVERED, Verdict.UNKNOWN):
            self.taken.append(letter)
        return answer

    def close(self) -> None:
        """Nothing is held open."""

    @property
    def to(self) -> list[str]:
        """Whom the letters went to."""
        return [letter.to for letter in self.taken]
