"""How a screen reaches the terminal: as the cells that changed, or as Textual sends it by itself."""

import os
from enum import StrEnum


class Output(StrEnum):
    """What is sent of a screen that changed."""

    CELLS = "cells"
    STOCK = "stock"


def choose_output(forced: str | None, settled: str | None = None) -> tuple[Output, str]:
    """The output to draw with, and why: a flag, GIFTDESK_OUTPUT, the settings, else cells. Never raises."""
    for named, because in (
        (forced, "chosen by --output"),
        (os.environ.get("GIFTDESK_OUTPUT"), "chosen by GIFTDESK_OUTPUT"),
        (settled, "chosen by the settings"),
    ):
        if named in list(Output):
            return Output(named), because
    return Output.CELLS, "only what changed is sent"
