"""A whole screen: the bars at its edges, what it is about between them, and the commands that can be used there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widget import AwaitMount

from models.rules.roles import Action, role_refusal
from tui import drawing
from tui.bridge import BridgeApp
from tui.commands import COMMANDS, Group, command
from tui.keymap import keymap_of
from tui.screens.calm import Calm
from tui.screens.dialogs import asking, palette
from tui.screens.dialogs import form as forms
from tui.screens.dialogs import help as help_page
from tui.sizes import HIGH, WIDE
from tui.widgets.bars import KeyBar, Notice, TopBar

if TYPE_CHECKING:
    from tui.screens.form import Form
    from tui.screens.jump import Place
    from tui.widgets.asking import Typed

_STAYS: Final = "stays"
_NO_LAST_CARD: Final = "No other card was open before."
Result = TypeVar("Result")
Doer = Callable[[], Awaitable[None]]


def runs(*groups: Group) -> list[BindingType]:
    """Textual's bindings for all commands of some groups: a page does each, or says why not."""
    return [
        Binding(each.keys, f"run('{each.id}')", each.title, id=each.id, show=False)
        for each in COMMANDS
        if each.group in groups
    ]


class Page(Calm, Screen[Result]):
    """One of the whole screens: the desk, or what is laid on it. Esc leaves it, one step back.

    A page names the group of its commands, binds them with `BINDINGS = runs(GROUP)`, does them in `doers`, and
    draws between the bars what `body` yields. A command of every screen that it does not do itself is done where
    one comes out when it is left.
    """

    GROUP: ClassVar[Group]
    """The commands of this page."""
    ALSO_GROUPS: ClassVar[tuple[Group, ...]] = ()
    """Further groups whose commands it does."""
    ALSO_ON_BAR: ClassVar[tuple[str, ...]] = ("desk.back", "desk.help")
    """Commands of every screen that stand in its key bar."""
    OPENED_BY: ClassVar[str] = ""
    """The command that lays it on the desk, if there is one."""
    SEEN_BY: ClassVar[Action | None] = None
    """What one must be allowed to do to look at it; None: everybody may."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-middling"), (HIGH + 3, "-high")]
    BINDINGS: ClassVar = runs(Group.EVERYWHERE, Group.ANYWHERE)

    trail: var[str] = var("")
    """Where one is, for the top bar."""
    _typed_before: Typed | None = None
    """What stands in the next dialog at first: what was typed in it for another card."""

    def __init_subclass__(cls, *, is_part: bool = False, **options: bool) -> None:
        """Let Textual look through a page; a class that is only a part of one it would look through in vain."""
        if not is_part:
            super().__init_subclass__(**options)

    @property
    def house(self) -> BridgeApp:
        """The app, as what it is."""
        return cast("BridgeApp", self.app)

    def body(self) -> ComposeResult:
        """What stands between the bars."""
        yield from ()

    async def furnish(self) -> None:
        """Put into it what its first picture does without, while nobody waits for that."""

    def read(self) -> None:
        """Read what the page shows: when it is opened, and again with F5."""

    def read_by_itself(self) -> None:
        """Read it again without having been asked to: what is shown may be old."""
        self.read()

    def doers(self) -> Mapping[str, Doer]:
        """Command -> what does it, for the commands of this page."""
        return {}

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None; by itself a page asks for the agent's role."""
        if command_id == "desk.last" and self.house.memory.last_card is None:
            return _NO_LAST_CARD
        action = command(command_id).action
        return None if action is None else role_refusal(self.house.agent.role, action)

    @property
    def why_closed(self) -> str | None:
        """Why who works here may not look at it, or None."""
        return None if self.SEEN_BY is None else role_refusal(self.house.agent.role, self.SEEN_BY)

    def fit(self, size: Size) -> None:
        """Look as at a size, before it is mounted: whoever learns of its size later is styled twice."""
        for breakpoints, length in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            self.add_class(max(each for each in breakpoints if each[0] <= length)[1], update=False)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups whose commands can be used by name."""
        return (self.GROUP, *self.ALSO_GROUPS, Group.EVERYWHERE, Group.ANYWHERE)

    # The bars

    def compose(self) -> ComposeResult:
        """The bars, and the body between them."""
        yield TopBar().data_bind(Page.trail)
        yield from self.body()
        yield Notice()
        yield KeyBar(self.GROUP, self.ALSO_ON_BAR)

    def on_mount(self) -> None:
        """Say who works here, keep the time, and read."""
        # Textual would take away letters from behind a field first, and look only then which are letters no more.
        self._bindings.apply_keymap(keymap_of(self).changed())
        self.judge_anew()
        self.tick()
        self.set_interval(1, self.tick)
        self.read()

    def judge_anew(self) -> None:
        """Say who works here, and what they can do now: somebody else, or in another role."""
        bar = self.query_one(TopBar)
        bar.who = f"{self.house.agent.name} · {self.house.agent.role}"
        bar.silence = self.house.silence
        self.dim_keys()

    def tick(self) -> None:
        """Look at the clock; once a minute the time goes on."""
        now = self.house.session.store.clock.now()
        self.house.lock_if_idle(now)
        face = drawing.clock_face(now, self.house.session.store.business)
        bar = self.query_one(TopBar)
        if bar.time != face:
            bar.time = face
            self.go_on(now)

    def go_on(self, now: datetime) -> None:
        """Another minute has begun, at an instant (UTC)."""

    def dim_keys(self) -> None:
        """Dim what can't be used now in the key bar."""
        of_page = (each.id for each in COMMANDS if each.group is self.GROUP)
        self.query_one(KeyBar).refusals = {each: self.refusal(each) for each in of_page}

    # Commands

    async def action_run(self, command_id: str) -> None:
        """Do a command, or say why not."""
        refusal = self.refusal(command_id)
        if refusal is not None:
            self.house.refuse(refusal)
            return
        if command_id == self.OPENED_BY:
            self.house.tell(f"You are here already: {keymap_of(self).key('desk.refresh')} reads it again.")
            return
        doer = {**self._of_every_page(), **self.doers()}.get(command_id)
        if doer is not None:
            await doer()
            if not self.house.is_holding:
                self.house.look_again()
            return
        below = self.house.screen_stack[self.house.screen_stack.index(self) - 1]
        assert isinstance(below, Page)
        self.leave(lambda: below.action_run(command_id))

    def _of_every_page(self) -> dict[str, Doer]:
        return {
            "desk.back": self.go_back,
            "desk.refresh": self.draw_again,
            "desk.help": self.show_help,
            "desk.actions": self.show_actions,
            "desk.jump": self.house.action_jump,
            "desk.suspend": self.house.action_suspend,
            **({} if self.house.session.store.is_sandbox else {"desk.agent": self.lock_screen}),
        }

    async def lock_screen(self) -> None:
        """Cover everything until who works here is back."""
        self.house.lock_screen()

    async def go_back(self) -> None:
        """One step back."""
        self.house.tell("")
        self.leave()

    async def action_leave(self) -> None:
        """One step back, out of a list on the page."""
        await self.action_run("desk.back")

    def further_places(self) -> Sequence[Place]:
        """Where one can jump to beside what can take the keys."""
        return ()

    def leave(self, then: Callable[[], object] = lambda: None) -> None:
        """Leave the page, and do something where one comes out; what has something to lose asks first."""
        self.dismiss()
        self.house.call_later(then)

    def leave_all(self, then: Callable[[], object]) -> None:
        """Leave every page that lies on the desk, from this one on, and do something there."""
        below = self.house.screen_stack[self.house.screen_stack.index(self) - 1]
        assert isinstance(below, Page)
        self.leave(then if below is self.house.screen_stack[0] else lambda: below.leave_all(then))

    def leave_unsaved(self, then: Callable[[], object]) -> None:
        """Ask whether what was typed may be lost, and only then leave: a hasty Enter loses nothing."""
        options = (asking.Option(_STAYS, "Go on typing"), asking.Option("lost", "Throw away what you typed"))
        form = forms.Form(
            "Leave without saving", "What you typed here is not saved.", confirm="Choose", stay="Go on", options=options
        )

        def chosen(typed: Typed) -> None:
            if typed["choice"] != _STAYS:
                Page.leave(self, then)

        self.put(form, chosen)

    async def draw_again(self) -> None:
        """Draw the screen and read again what it shows."""
        self.house.redraw()
        self.read()

    async def show_help(self) -> None:
        """All keys, those of this page first."""
        await self.house.push_screen(help_page.Help(first=self.GROUP))

    async def show_actions(self) -> None:
        """Search the commands by name."""

        def chosen(command_id: str | None) -> None:
            if command_id is not None:
                self.call_later(self.action_run, command_id)

        await self.house.push_screen(palette.Palette(self.refusal, self.groups), chosen)

    # Dialogs

    def put(self, form: Form, then: Callable[[Typed], None]) -> AwaitMount:
        """Put a dialog in front of the page, and go on with what was typed when it is confirmed."""

        def take(typed: Typed | None) -> None:
            if typed is None:
                self.house.tell("Left as it was.")
            else:
                then(typed)

        if self._typed_before is not None:
            form.refill(self._typed_before)
        return self.house.push_screen(form, take)

    def stand(self, form: Form, attempt: Callable[[Typed], None]) -> AwaitMount:
        """Put a dialog in front of the page that stands when it is confirmed, until it is closed or left."""
        form.attempt = attempt
        return self.put(form, lambda _typed: None)
