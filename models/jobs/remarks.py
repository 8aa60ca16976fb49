"""What is wrong with imported files, or noteworthy: each remark with its place, the first ones kept and all counted."""

from dataclasses import dataclass, field
from typing import Final

MOST_REMARKS: Final = 50


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong, or noteworthy, in one place of a file."""

    file: str
    line: int | None
    """Counted from 1, the header included; None when it concerns the file as a whole."""
    column: str | None
    """As the file's header calls it; None when it concerns the whole line."""
    sentence: str

    @property
    def place(self) -> str:
        """File, line and column in words."""
        parts = [self.file]
        if self.line is not None:
            parts.append(f"line {self.line:,}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        """Place and sentence."""
        return f"{self.place}: {self.sentence}"


@dataclass
class Remarks:
    """The first remarks of their sort, and how many there are in all."""

    listed: list[Remark] = field(default_factory=list)
    count: int = 0

    def add(self, remark: Remark) -> None:
        """Count one more; keep it while there is room."""
        self.count += 1
        if len(self.listed) < MOST_REMARKS:
            self.listed.append(remark)

    def joined(self, others: "Remarks") -> "Remarks":
        """These remarks and then others."""
        return Remarks([*self.listed, *others.listed][:MOST_REMARKS], self.count + others.count)
