"""Exit statuses as in sysexits.h: what is broken, for scripts."""

from typing import Final

BAD_INPUT: Final = 65
CANNOT_OPEN: Final = 66
SOFTWARE: Final = 70
DISK: Final = 74
BUSY: Final = 75
OUTCOME_UNKNOWN: Final = 76
"""Of its own, so that no script that tries again what was busy does a change twice."""
NO_PERMISSION: Final = 77
MISCONFIGURED: Final = 78
