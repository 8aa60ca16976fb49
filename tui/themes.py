"""The colours: those of its own where the terminal has many, else a few of the terminal's that can be read on any."""

from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

FULL: Final = Theme(
    name="giftdesk",
    primary="#4f7cac",
    secondary="#9eb7ce",
    accent="#e0b252",
    foreground="#e4e6ea",
    background="#14171c",
    surface="#1b1f26",
    panel="#262c35",
    success="#7fb77e",
    warning="#e0b252",
    error="#e07a72",
    dark=True,
)
# Whether a terminal is white or black is not known, and bold may turn a colour into its bright one. Red and magenta
# can be read on both; green, yellow and cyan fade on white, blue on black, and so does whatever is dimmed.
LEAN: Final = Theme(
    name="giftdesk-lean",
    ansi=True,
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_default",
    warning="ansi_magenta",
    error="ansi_red",
    variables=BUILTIN_THEMES["ansi-dark"].variables,
)
