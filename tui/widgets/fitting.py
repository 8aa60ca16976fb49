"""A scroll bar that comes and goes in the very layout that makes it needed.

Textual looks for that once it has laid out, and lays out again: until then what goes beside the bar has another width.
"""

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.widget import Widget as Scrolled
else:
    Scrolled = object  # a node would hide the style of what it is mixed into


class Fitting(Scrolled):
    """What scrolls upright. It stands first among the bases."""

    def _get_scrollable_region(self, region: Region) -> Region:
        """Where the content goes: beside a bar if it is higher than the region, which the layout tells here first."""
        if region:
            # Not by the attribute itself: that would ask for a layout, amid one.
            self.set_reactive(Widget.show_vertical_scrollbar, self._height_beside_no_bar(region) > region.height)
        return super()._get_scrollable_region(region)

    def _height_beside_no_bar(self, region: Region) -> int:
        if self.is_container:
            return self.arrange(region.size).total_region.bottom
        return self.virtual_size.height
