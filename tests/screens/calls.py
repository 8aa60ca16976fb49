"""A customer on the line: what the agent types is written down key by key, to be held against the budget."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from driver import Driver
from screens.conftest import SitDown

from models import cases
from models.cases import CaseLine
from models.jobs.demo import START
from models.unit import Session

ENTER = "Enter"
_SENT = {
    ENTER: "enter",
    "Esc": "escape",
    "F7": "f7",
    "F9": "f9",
    "Down": "down",
    "Up": "up",
    "Right": "right",
    "End": "end",
    "Home": "home",
}


@dataclass
class Call:
    """Keys as they are pressed; a code and a text count as what they are, not by their letters."""

    desk: Driver
    written: list[str] = field(default_factory=list)

    async def gives(self, scenario: str) -> None:
        """The customer reads out their code, and the agent finds it: over the one before, if there was one."""
        if not self.desk.desk.finder.field.has_focus:
            await self.presses("/")
        await self.desk.types(self.desk.code_of(scenario))
        self.written.append("CODE")
        await self.presses(ENTER)

    async def says(self, text: str) -> None:
        """What the customer says, or why the agent does something, is typed and confirmed."""
        await self.desk.types(text)
        self.written.append("TEXT")
        await self.presses(ENTER)

    async def presses(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            await self.desk.presses(_SENT.get(key, key))
            self.written.append(key)

    async def tells_what_they_see(self, message: str) -> None:
        """The intake: everything else is known."""
        await self.presses("c")
        await self.says(message)

    @property
    def keys(self) -> str:
        """All that was pressed, as the table writes it."""
        return " ".join(self.written)

    def cases(self, login: str = "sam") -> tuple[CaseLine, ...]:
        """What somebody did since the demo began, the first case first."""
        listed = cases.cases_listed(Session(self.desk.store, login), "mine_today").lines
        return tuple(sorted((case for case in listed if case.opened_at >= START), key=lambda case: case.id))


@asynccontextmanager
async def call(sit_down: SitDown, login: str = "sam") -> AsyncIterator[Call]:
    """Somebody rings at a desk."""
    async with sit_down(login=login) as desk:
        yield Call(desk)
