"""What can be typed into the search field, in short: the first screen needs no more of the rules than this."""

from typing import Final

LONGEST: Final = 254
"""How many characters of what is typed count."""
WAYS: Final = "Code, last four, e-mail, name, order; place: on: status: product: vip"
"""What can be typed, in one line."""
