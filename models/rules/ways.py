"""What the search field says of itself: the first screen shows it, so nothing else is needed for it."""

from typing import Final

LONGEST: Final = 254
"""How many characters of what is typed count."""
WAYS: Final = "Code, last four, e-mail, name, order; place: on: status: product: vip"
"""What can be typed, in one line."""
