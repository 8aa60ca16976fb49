"""Cases held against their audit, page by page: each row, text and card is what the entries say."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from models.audit import Chain
from models.casebook import kept_of, subject
from models.chain import case_digest
from models.keys import Keys
from models.rules.cases import Step
from models.schema import Audit, CaseCard, CaseText, SupportCase
from models.store import Store

SUBJECTS: Final = ("case:", "case;")
"""Where the subjects of cases begin in the audit, and before what they end."""
_PAGE: Final = 400
_OF_THE_ENTRY: Final = frozenset({"facts", "text"})
"""What the audit keeps beside what a case is after an entry."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """What some cases showed."""

    entries: int
    findings: tuple[tuple[int, str], ...]
    """The case, and what does not add up."""


def case_pages(store: Store) -> Iterator[CasePage]:
    """All cases, then those of which only the audit tells; each page is read in a transaction of its own."""
    last: int | None = 0
    while last is not None:
        with store.database.reading():
            page, last = _read_cases(store, last)
        yield page
    name: str | None = SUBJECTS[0]
    while name is not None:
        with store.database.reading():
            page, name = _read_told(name)
        yield page


def _read_cases(store: Store, after: int) -> tuple[CasePage, int | None]:
    """Check the next cases behind a number; the number to go on behind, None at the end."""
    cases = list(SupportCase.select().where(SupportCase.id > after).order_by(SupportCase.id).limit(_PAGE))
    if not cases:
        return CasePage(0, ()), None
    last, subjects = cases[-1].id, [subject(case.id) for case in cases]
    audits = Audit.select().where(Audit.subject.in_(subjects)).order_by(Audit.subject, Audit.number)
    entries = {name: list(rows) for name, rows in groupby(audits, attrgetter("subject"))}
    texts, cards = _texts(after, last), _cards(after, last)
    findings = tuple(
        (case.id, wrong)
        for case in cases
        for wrong in _wrong(store.keys, case, entries.get(subject(case.id), []), texts[case.id], cards[case.id])
    )
    return CasePage(sum(map(len, entries.values())), findings), last


def _texts(after: int, last: int) -> Mapping[int, dict[int, str | None]]:
    texts: defaultdict[int, dict[int, str | None]] = defaultdict(dict)
    for row in CaseText.select().where((CaseText.case_id > after) & (CaseText.case_id <= last)):
        texts[row.case_id][row.number] = row.text
    return texts


def _cards(after: int, last: int) -> Mapping[int, set[int]]:
    cards: defaultdict[int, set[int]] = defaultdict(set)
    rows: Any = CaseCard.select(CaseCard.case, CaseCard.card).where((CaseCard.case > after) & (CaseCard.case <= last))
    for case_id, card_id in rows.tuples():
        cards[case_id].add(card_id)
    return cards


def _wrong(
    keys: Keys, case: SupportCase, entries: Sequence[Audit], texts: Mapping[int, str | None], cards: set[int]
) -> Iterator[str]:
    """What does not add up about a case; of its row, texts and cards only where its entries do."""
    chain = Chain(keys)
    broken = [wrong for row in entries if (wrong := chain.add(row)) is not None]
    if broken or not entries or len(entries) != case.entries or not all(isinstance(row.after, dict) for row in entries):
        yield from broken or ["an entry is missing, or one too many"]
        return
    told = {name: value for name, value in entries[-1].after.items() if name not in _OF_THE_ENTRY}
    opened = (entries[0].recorded_at, entries[0].actor_id)
    if kept_of(keys, case) != told or (case.opened_at, case.opened_by) != opened:
        yield "its row is not what its entries add up to"
    yield from _wrong_texts(keys, case.id, entries, texts)
    if {row.after["facts"]["card"] for row in entries if row.action in (Step.OPENED, Step.CARD_ADDED)} != cards:
        yield "its cards are not those of its entries"


def _wrong_texts(keys: Keys, case_id: int, entries: Sequence[Audit], texts: Mapping[int, str | None]) -> Iterator[str]:
    """Texts that are not as they were written; one may be gone when a person's data were removed after it."""
    removed = max((row.number for row in entries if row.action == Step.REMOVED), default=0)
    digests = {row.number: row.after["text"] for row in entries if "text" in row.after}
    for number in sorted({*digests, *texts}):
        text = texts.get(number)
        is_gone = text is None and number in texts and number in digests and number < removed
        if not is_gone and (text is None or case_digest(keys, case_id, number, text) != digests.get(number)):
            yield f"the text of entry {number} is not as it was written"


def _read_told(after: str) -> tuple[CasePage, str | None]:
    """Look for the rows of the next cases that the audit tells of, behind a subject; the one to go on behind."""
    first, end = SUBJECTS
    is_next = (Audit.subject > after) & (Audit.subject < end) & (Audit.number == 1)
    rows: Any = Audit.select(Audit.subject).where(is_next).order_by(Audit.subject).limit(_PAGE).tuples()
    subjects = [name for (name,) in rows]
    told = {int(number) for name in subjects if (number := name.removeprefix(first)).isdecimal()}
    there: Any = SupportCase.select(SupportCase.id).where(SupportCase.id.in_(sorted(told))).tuples()
    missing = sorted(told - {id_ for (id_,) in there})
    return CasePage(0, tuple((id_, "its row is missing") for id_ in missing)), subjects[-1] if subjects else None
