"""Which giftdesk this is; asking the installed package would take longer than everything else that starts."""

from typing import Final

VERSION: Final = "0.5.0"
