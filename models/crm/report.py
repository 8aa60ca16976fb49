"""What an import of people did, or would do: counted, and the first of it by line."""

from dataclasses import dataclass, field

from models.crm.judging import Judged
from models.crm.marks import Marked
from models.crm.told import Told
from models.jobs.remarks import Remark, Remarks
from models.rules.wording import shortened


@dataclass
class Counts:
    """How many of everything."""

    new: int = 0
    """People who are not here yet."""
    renamed: int = 0
    linked: int = 0
    """Records that belong to another organisation than before, or to one at all."""
    unlinked: int = 0
    unchanged: int = 0
    """People who are here as the file tells them."""
    new_organisations: int = 0
    vip_on: int = 0
    vip_off: int = 0

    @property
    def is_any_change(self) -> bool:
        """Whether anything becomes another."""
        people = self.new + self.renamed + self.linked + self.unlinked
        return people + self.new_organisations + self.vip_on + self.vip_off > 0


@dataclass
class PeopleReport:
    """What an import of people did, or would do."""

    told: Told
    counts: Counts = field(default_factory=Counts)
    changes: Remarks = field(default_factory=Remarks)
    conflicts: Remarks = field(default_factory=Remarks)
    """Lines that are left out, because the desk can't tell whom they mean."""
    warnings: Remarks = field(default_factory=Remarks)
    is_committed: bool = False
    stopped_after: int | None = None
    """How many people of the file are done, when somebody stopped the import before its end."""

    @property
    def refusal(self) -> str | None:
        """Why this file can't be committed, as a sentence; None when it can."""
        count = self.told.problems.count
        if not count:
            return None
        return f"There {'is 1 problem' if count == 1 else f'are {count:,} problems'} in the file. Nothing was changed."

    def count_person(self, judged: Judged) -> None:
        """Count what becomes of one line."""
        counts, line = self.counts, judged.told.line
        if judged.conflict is not None:
            self.conflicts.add(self._remark(line, judged.conflict))
            return
        counts.new += judged.is_new
        counts.renamed += judged.is_renamed
        counts.linked += judged.is_linked or (judged.is_new and bool(judged.told.organisation))
        counts.unlinked += judged.is_unlinked
        if judged.is_new or judged.is_changed:
            self.changes.add(self._remark(line, _in_words(judged)))
        else:
            counts.unchanged += 1

    def count_mark(self, marked: Marked) -> None:
        """Count what becomes of one organisation."""
        name, line = shortened(marked.told.name), marked.told.line
        self.counts.new_organisations += marked.id is None
        self.counts.vip_on += marked.turns is True
        self.counts.vip_off += marked.turns is False
        if marked.turns is not None:
            self.changes.add(self._remark(line, f"{name} becomes a VIP." if marked.turns else _no_more(name)))
        if marked.keeps_note:
            told = f"{name} is a VIP here by an account note and stays one; the file says otherwise."
            self.warnings.add(self._remark(line, told))

    def count_missing(self, name: str) -> None:
        """Count an organisation that loses its mark because a complete file does not name it."""
        self.counts.vip_off += 1
        self.changes.add(self._remark(None, f"The file does not name {shortened(name)}. {_no_more('It')}"))

    def _remark(self, line: int | None, sentence: str) -> Remark:
        return Remark(self.told.file, line, None, sentence)


def _no_more(name: str) -> str:
    return f"{name} is no VIP any more."


def _in_words(judged: Judged) -> str:
    organisation = shortened(judged.told.organisation or "")
    if judged.is_new:
        return f"A new person{f' of {organisation}' if organisation else ''}."
    said = (
        "gets another name" if judged.is_renamed else None,
        f"belongs to {organisation}" if judged.is_linked else None,
        "belongs to no organisation any more" if judged.is_unlinked else None,
    )
    return f"Record {judged.id} {' and '.join(part for part in said if part)}."
