"""The part of the desk that takes a command by its name: a colon, the beginning of the name, Enter."""

from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input

from tui.command_line import SIGN, Offered, also_meant, fitting, meant
from tui.commands import Command
from tui.keymap import keymap_of
from tui.screens.escalating import EscalatingScreen
from tui.widgets.lines import Lines


class CommandingScreen(EscalatingScreen, is_part=True):
    """A screen whose search field takes commands, too. Afterwards the field is as it was before."""

    commands: var[tuple[Offered, ...] | None] = var(None)
    """The commands that fit what is typed; None while searches are typed."""
    _text_before = ""
    """What stood in the field before a command was typed."""
    called = ""
    """What was typed for the command that is done next, when that names a part of what it opens."""
    _focus_before: Widget | None = None
    """What had the focus then."""

    async def take_command(self) -> None:
        """Go to the field for the name of a command; the open card stays."""
        if self.commands is None:
            self._text_before, self._focus_before = self.finder.field.value, self.focused
        self.pane.close_text()
        self._offer(SIGN)
        self.finder.field.begin(SIGN)

    def watch_commands(self) -> None:
        """On a narrow screen the field stands at the foot of the card meanwhile."""
        self.set_class(self.commands is not None, "-commands")

    def leaves_command(self, command_id: str) -> bool:
        """Whatever else is done ends the typing of a command; whether it was only to be left."""
        if self.commands is None or command_id == "desk.command":
            return False
        self._leave()
        return command_id == "desk.back"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what fits; who deletes the colon is back where they were."""
        if self.commands is None:
            return
        event.prevent_default()
        self._offer(event.value) if event.value.startswith(SIGN) else self._leave()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter at the end of a command: it is done, when there is one that is meant."""
        if self.commands is None:
            return
        event.stop()
        event.prevent_default()
        one = meant(event.value, self._all())
        if one is not None:
            self._do(one, also_meant(event.value, one) or "")
        elif event.value.strip() == SIGN:
            self._leave()
        else:
            self.house.refuse(_why_none(len(self.commands)))

    def action_into_list(self) -> None:
        """Down from the field: into the list of commands, where it is shown."""
        if self.commands is None:
            super().action_into_list()
        else:
            self.finder.enter_list()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a command in the list: it is done."""
        if isinstance(event.item, Offered):
            self._do(event.item.command)

    def look_for_pasted(self, text: str) -> None:
        """A paste is never a command."""
        if self.commands is not None:
            self._leave()
        super().look_for_pasted(text)

    def _do(self, one: Command, called: str = "") -> None:
        self._leave()
        self.called = called
        self.call_later(self.action_run, one.id)

    def _offer(self, typed: str) -> None:
        offered = (Offered(each, self.refusal(each.id)) for each in fitting(typed, self._all()))
        self.commands = tuple(sorted(offered, key=lambda each: each.refusal is not None))

    def _all(self) -> tuple[Command, ...]:
        return keymap_of(self).in_groups(*self.groups)

    def _leave(self) -> None:
        self.commands = None
        self.finder.field.bring_back(self._text_before)
        if self._focus_before is not None:
            self._focus_before.focus()


def _why_none(fitting: int) -> str:
    """Why Enter did nothing."""
    if fitting:
        return f"{fitting} commands begin so: type more of the name."
    return "No command begins so."
