"""What lies over everything: the lock, which a password opens, and the end for who may not work here any more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Label, Static

from models.credentials import unlock
from models.directory import AgentLine
from models.errors import Fault, NotAdmitted, Refused
from models.rules.passwords import LONGEST
from models.rules.roles import Role, named
from models.unit import Session
from tui.pieces import padded, piece
from tui.screens.calm import Calm
from tui.widgets.bars import TopBar
from tui.widgets.field import OneLine
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from tui.bridge import BridgeApp

_AWAY: Final = "{name} was away, or locked the screen. What was open is still there."
_NO_PASSWORD: Final = (
    "{name} has no password, so that anybody can go on here: Enter. One is set with giftdesk agents password."
)


_MOST_ROWS: Final = 14
_NAME_CELLS: Final = 24


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody to choose; no login is the lock."""

    login: str
    name: str
    role: str


class Cover(Calm, Screen[None]):
    """Nothing of the desk is to be seen."""

    DEFAULT_CLASSES = "cover"
    DEFAULT_CSS = """
    Cover { align: center middle; background: $background; }
    Cover TopBar { dock: top; }
    Cover > Vertical {
        width: 100%; max-width: 72; height: auto; border: solid $primary; background: $surface; padding: 0 1;
    }
    Cover .body { height: auto; margin-bottom: 1; }
    Cover Label { height: 1; color: $foreground 70%; }
    Cover Input, Cover Input:focus { border: none; height: 1; padding: 0; background: $boost; }
    Cover Input:focus { background: $primary 30%; }
    Cover .wrong { display: none; height: auto; color: $text-warning; text-style: bold; }
    Cover .keys { height: 1; margin-top: 1; }
    """

    @property
    def house(self) -> "BridgeApp":
        """The app, as what it is."""
        return cast("BridgeApp", self.app)

    def box(
        self, title: str, body: str, keys: Sequence[tuple[str, str]], *, who: str = "", has_field: bool = False
    ) -> ComposeResult:
        """The bar at the top, and what there is to say, to type and to press."""
        bar = TopBar()
        bar.trail, bar.who = title.lower(), who
        yield bar
        with Vertical() as box:
            box.border_title = piece(title)
            yield Static(piece(body), classes="body")
            if has_field:
                yield Label("Password", markup=False)
                yield OneLine(id="password", password=True, max_length=LONGEST, select_on_focus=False)
            yield Static("", classes="wrong", markup=False)
            parts = (Content.assemble(piece(key, "bold $text-accent"), piece(f" {does}")) for key, does in keys)
            yield Static(Content("   ").join(parts), classes="keys")


class Locked(Cover):
    """The lock: the password of who works here opens it, and nobody else's."""

    BINDINGS: ClassVar = [Binding("enter", "unlock", "Go on", show=False)]

    def __init__(self, lift: Callable[[Session], object]) -> None:
        """Lie there until lifted, for the session in which who works here goes on."""
        super().__init__()
        self._lift = lift

    def compose(self) -> ComposeResult:
        """Who works here, and a field for their password, if they have one."""
        agent = self.house.agent
        says = (_AWAY if agent.has_password else _NO_PASSWORD).format(name=agent.name)
        keys = (("Enter", "Go on"), ("Ctrl+Q", "Leave giftdesk"))
        who = f"{agent.name} · {agent.role}"
        yield from self.box("Locked", says, keys, who=who, has_field=agent.has_password)

    def on_mount(self) -> None:
        """Ask whether who works here still may."""
        self.house.look_again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field."""
        event.stop()
        self.action_unlock()

    def action_unlock(self) -> None:
        """Try what was typed; the field is emptied, whatever comes of it."""
        typed, session = "", self.house.session
        for field in self.query(Input):
            typed, field.value = field.value, ""

        def work() -> tuple[Session | None, str]:
            try:
                return unlock(session, typed), ""
            except NotAdmitted:
                raise
            except Refused as refused:
                return None, str(refused)
            except Fault as fault:
                return None, fault.sentence

        self.house.ask("Checking", work, self._take)

    async def _take(self, answer: tuple[Session | None, str]) -> None:
        session, wrong = answer
        if session is not None:
            self._lift(session)
            return
        if self.house.agent.has_password and not self.query(Input):  # one was set since it was locked
            await self.recompose()
            self.query_one(Input).focus()
        self.house.drop_typed()
        self.house.bell()
        complaint = self.query_one(".wrong", Static)
        complaint.update(piece(wrong))
        complaint.display = True


class Stopped(Cover):
    """The end: says why, and leaves."""

    BINDINGS: ClassVar = [Binding("enter,escape", "app.quit", "Leave", show=False)]

    def __init__(self, why: str) -> None:
        """Say why, as a sentence."""
        super().__init__()
        self._why = why

    def compose(self) -> ComposeResult:
        """The sentence."""
        says = f"{self._why} What was confirmed before is saved."
        yield from self.box("Stopped", says, (("Enter", "Leave giftdesk"),))


class Switching(Calm, ModalScreen[str | None]):
    """Who of a sandbox's people works here. Ends with a login, "" for the lock, or None."""

    DEFAULT_CSS = """
    Switching { align: center bottom; background: $background 0%; }
    Switching > Vertical {
        width: 100%; max-width: 80; height: auto; margin: 1 0 3 0;
        border: solid $primary; background: $surface; padding: 0 1;
    }
    Switching Lines { height: auto; max-height: 14; }
    Switching #foot { height: 1; margin-top: 1; }
    """
    BINDINGS: ClassVar = [Binding("escape,f3,f12", "leave", "Back", show=False)]

    def __init__(self, people: Sequence[AgentLine], login: str) -> None:
        """List the people; one login works here."""
        super().__init__()
        by_role = sorted(people, key=lambda each: (list(Role).index(each.role), each.name))
        self._rows = tuple(Row(each.login, each.name, named(each.role)) for each in by_role if not each.disabled_at)
        self._login = login

    def compose(self) -> ComposeResult:
        """The people and the lock, and the keys."""
        with Vertical() as box:
            box.border_title = piece("Who works here (this is a sandbox)")
            yield Lines[Row](_draw, id="people", is_led=True)
            yield Static("Enter goes on as that one   Esc back", id="foot", markup=False)

    @property
    def people(self) -> Lines[Row]:
        """Who can be chosen."""
        return self.query_one("#people", Lines)

    def on_mount(self) -> None:
        """Fill the list; the cursor begins on the next one."""
        people = self.people
        people.show((*self._rows, Row("", "Lock the screen", "")))
        people.mark(lambda row: row.login == self._login)
        people.styles.height = min(len(people.items), _MOST_ROWS)
        logins = [row.login for row in self._rows]
        people.cursor = (logins.index(self._login) + 1) % len(logins) if self._login in logins else 0

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Take who was chosen back to the desk."""
        event.stop()
        if isinstance(event.item, Row):
            self.dismiss(event.item.login)

    def action_leave(self) -> None:
        """Nobody else."""
        self.dismiss(None)


def _draw(row: Row, _width: int) -> Content:
    return Content.assemble(piece(padded(row.name, _NAME_CELLS), "bold"), piece(f"  {row.role}"))
