"""Exit statuses as in sysexits.h: what is broken, for scripts."""

from typing import Final

BAD_INPUT: Final = 65
CANNOT_OPEN: Final = 66
SOFTWARE: Final = 70
DISK: Final = 74
BUSY: Final = 75
NO_PERMISSION: Final = 77
MISCONFIGURED: Final = 78
