"""The intake: what the customer is asked first, in one dialog in which everything known stands already."""

from typing import Final

from textual.app import ComposeResult
from textual.widgets import Input, Label

from models.cases import CaseSheet
from models.rules.intakes import Intake, Symptom
from models.rules.texts import EMAIL, NAME, NOTE
from tui.screens.form import Field, Form
from tui.widgets.asking import Choice, Option, Typed
from tui.widgets.field import OneLine
from tui.widgets.rows import Row

_WHEN: Final = 100
_CODE: Final = 40
_NOT_SAID: Final = Option("", "The customer did not say yet")


class IntakeForm(Form):
    """One row for each thing to ask, so that all of them are seen at once; what is known is marked."""

    DEFAULT_CSS = """
    IntakeForm Row .label { width: 15; }
    IntakeForm Row Horizontal { height: auto; }
    IntakeForm .known { margin: 0 1; color: $foreground 70%; }
    IntakeForm Row Input, IntakeForm Row Input:focus { background: $boost; }
    IntakeForm Row Input:focus { background: $primary 30%; }
    """

    def __init__(self, case: CaseSheet) -> None:
        """Ask for what a case lacks."""
        intake = case.intake
        self._symptom, self._known = intake.symptom, case.known
        fields = (
            Field("name", "Full name", longest=NAME, value=intake.name or ""),
            Field("email", "E-mail", longest=EMAIL, value=intake.email or ""),
            Field(
                "typed_last_four", "Code ends in", longest=_CODE, value=intake.typed_last_four or "", takes_code=True
            ),
            Field("message", "Error message", longest=NOTE, value=intake.message or ""),
            Field("screenshot", "Screenshot", longest=NAME, value=intake.screenshot or ""),
            Field("bought_when", "Bought about", longest=_WHEN, value=intake.bought_when or ""),
            Field("bought_where", "Bought where", longest=NAME, value=intake.bought_where or ""),
        )
        symptoms = [Option(each, each.words) for each in Symptom]
        options = symptoms if intake.symptom else [_NOT_SAID, *symptoms]
        super().__init__(f"Case {case.line.id}: what the customer says", "", fields, confirm="Keep it", options=options)

    def _asked(self) -> ComposeResult:
        for field in self._fields:
            if field.id == "message":
                choice = Choice(self._options, id="choice")
                choice.set_reactive(Choice.index, choice.place(self._symptom or ""))
                yield Row("Sees, likely" if "symptom" in self._known else "Sees", choice)
            typed = OneLine(field.shown, id=field.id, max_length=field.longest, select_on_focus=False)
            mark = Label("known" if field.id in self._known else "", id=f"of-{field.id}", classes="known")
            yield Row(field.label, typed, mark)

    def begin(self) -> None:
        """Begin at the first thing that must still be asked."""
        first = next((each.id for each in self._fields[:2] if not each.value), "message")
        self.query_one(f"#{first}", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed is not what was known."""
        field = next(each for each in self._fields if each.id == event.input.id)
        self.query_one(f"#of-{field.id}").visible = event.value == field.shown

    def intake(self, typed: Typed) -> Intake:
        """What was typed."""
        said = {field.id: typed[field.id].strip() or None for field in self._fields}
        return Intake(**said, symptom=Symptom(typed["choice"]) if typed["choice"] else None)
