"""A Textual app that has nothing to do with gift cards, with much of what Textual can draw."""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.css.scalar import ScalarOffset
from textual.driver import Driver
from textual.screen import ModalScreen
from textual.widgets import (
    Button,
    Checkbox,
    DataTable,
    Digits,
    Footer,
    Header,
    Input,
    Label,
    Markdown,
    ProgressBar,
    Rule,
    Select,
    Sparkline,
    Static,
    Switch,
    TabbedContent,
    TabPane,
    TextArea,
    Tree,
)

from tui.cells.app import CellsApp
from tui.cells.driver import CellsDriver

_GOODS = (
    "tea 茶",
    "ram 羊 🐏",
    "shirt 👕",
    "family 👩\u200d👩\u200d👧",
    "heart ♥",
    "e\u0301clair",
    "שטיח",
    "سجادة",
    "plain",
)
_TEXT = """# A fair

What there is: *tea*, **rams**, ~~shirts~~ and `carpets`.

| good | 値段 |
| --- | --- |
| tea 茶 | 1.20 |
| ram 🐏 | 340.00 |

> Nobody ever bought a carpet at the first price.

```python
def price(good: str) -> int:
    return len(good) * 7
```

1. one
2. two — [where](https://fair.example)
"""
_THEMES = ("textual-light", "nord", "gruvbox", "ansi-light", "ansi-dark", "textual-dark")


class Question(ModalScreen[bool]):
    """In front of everything, and all shines through."""

    CSS = """
    Question { align: center middle; background: $background 60%; }
    #box { width: 40; height: 9; border: thick $accent; }
    """
    BINDINGS = [("escape", "dismiss(False)", "No")]

    def compose(self) -> ComposeResult:
        """A question and two answers."""
        with VerticalScroll(id="box"):
            yield Label("Sell the carpet? 絨毯 👩\u200d🎨")
            yield Button("Yes", variant="success")
            yield Button("No", variant="error")


class Bazaar(CellsApp[None]):
    """Everything on four pages."""

    CSS = "#moving { width: 12; background: $accent; } DataTable { height: 1fr; } #many { height: 1fr; }"
    BINDINGS = [
        ("f2", "ask", "Ask"),
        ("f3", "say", "Say"),
        ("f4", "dress", "Theme"),
        ("f5", "go_on", "Go on"),
        ("f6", "move_it", "Move"),
        ("f7", "hide", "Hide"),
        ("f8", "wait", "Wait"),
    ]

    def __init__(self) -> None:
        """Begin with nothing done."""
        super().__init__()
        self.times = 0

    def get_driver_class(self) -> type[Driver]:
        """The driver of cells."""
        return CellsDriver

    def compose(self) -> ComposeResult:
        """Four pages."""
        yield Header()
        with TabbedContent():
            with TabPane("Goods"):
                yield Input(placeholder="what? 何")
                yield DataTable[Any](zebra_stripes=True)
            with TabPane("Text 文"):
                yield Markdown(_TEXT)
            with TabPane("Write"):
                yield TextArea.code_editor(_TEXT, language=None, soft_wrap=False)
            with TabPane("Many"), VerticalScroll(id="many"):
                yield ProgressBar(total=10, show_eta=False)
                yield Static("moving", id="moving")
                with Horizontal():
                    yield Checkbox("check")
                    yield Switch(animate=True)
                yield Select([(good, good) for good in _GOODS])
                yield Sparkline([1, 5, 2, 8, 3, 3, 9, 0, 4] * 6)
                yield Rule(line_style="heavy")
                yield Digits("12:34")
                yield Static("[b]bold[/] [i]italic[/] [u]under[/] [s]strike[/] [r]reverse[/] [dim]dim[/] [blink]b[/]")
                tree: Tree[None] = Tree("prices")
                for good in _GOODS:
                    tree.root.add(good).add_leaf(f"{len(good)}.00")
                tree.root.expand()
                yield tree
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable)
        table.add_columns("n", "good", "price", "what is said of it")
        for number in range(60):
            good = _GOODS[number % len(_GOODS)]
            table.add_row(
                str(number), good, f"{number * 7 % 50}.00", f"{good} and {_GOODS[number * 5 % 9]}, twice " * 2
            )

    def action_ask(self) -> None:
        """Ask."""
        if not isinstance(self.screen, Question):
            self.push_screen(Question())

    def action_say(self) -> None:
        """Say something that goes away by itself."""
        self.times += 1
        self.notify(f"{_GOODS[self.times % 9]} for {self.times}", title="値段", timeout=0.4)

    def action_dress(self) -> None:
        """Take another theme."""
        self.times += 1
        self.theme = _THEMES[self.times % len(_THEMES)]

    def action_go_on(self) -> None:
        """Make progress."""
        self.screen_stack[0].query_one(ProgressBar).advance(1)

    def action_move_it(self) -> None:
        """Let something glide and fade."""
        moving = self.screen_stack[0].query_one("#moving")
        away = ScalarOffset.from_offset((20 if moving.styles.offset.x.value == 0 else 0, 1))
        moving.styles.animate("offset", away, duration=0.15)  # type: ignore[arg-type]
        moving.styles.animate("opacity", 0.4 if moving.styles.opacity == 1 else 1.0, duration=0.1)

    def action_hide(self) -> None:
        """Lay everything out anew."""
        table = self.screen_stack[0].query_one(DataTable)
        table.display = not table.display

    def action_wait(self) -> None:
        """Cover a part by what moves all the time."""
        text = self.screen_stack[0].query_one(TextArea)
        text.loading = not text.loading
