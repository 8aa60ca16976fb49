"""Somebody changes cases behind the desk's back: verification says which, and what."""

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.jobs import case_pages
from models.rules.cases import CaseOutcome
from models.rules.intakes import Intake

ENGINES = BOTH


@pytest.fixture
def case(counter: Counter) -> int:
    """A closed case with an intake and two texts, between two others."""
    for _ in range(3):
        outcome = desk.open_case(counter.sam, counter.issued())
        assert outcome.done
    assert desk.complete_intake(counter.sam, 2, Intake("Lin", message="Declined")).done
    assert desk.add_to_case(counter.sam, 2, "it says no").done
    assert desk.close_case(counter.sam, 2, CaseOutcome.OTHER, "paid in cash").done
    assert not counter.findings()
    return 2


_ROW = "case 2: its row is not what its entries add up to"
_CARDS = "case 2: its cards are not those of its entries"
_ENTRY = "case 2: an entry is missing, or one too many"
CHANGES = (
    ("UPDATE support_case SET outcome = 'explained' WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET outcome = NULL, closed_at = NULL WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET outcome = 'nonsense' WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET agent_id = 1 WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET opened_by = 1 WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET opened_at = opened_at + 1 WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET calls = 2 WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET symptom = 'zero' WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET customer_id = NULL WHERE id = 2", [_ROW]),
    ("UPDATE support_case SET told = NULL WHERE id = 2", [_ROW]),
    ('UPDATE support_case SET told = \'{"message":"Thanks"}\' WHERE id = 2', [_ROW]),
    ("UPDATE support_case SET entries = 5 WHERE id = 2", [_ENTRY]),
    ("DELETE FROM audit WHERE subject = 'case:2' AND number = 4", [_ENTRY]),
    ("DELETE FROM audit WHERE subject = 'case:2'", [_ENTRY]),
    (
        "UPDATE audit SET actor_name = 'Sue' WHERE subject = 'case:2' AND number = 4",
        ["case 2: row 4 is not as it was written"],
    ),
    (
        "DELETE FROM audit WHERE subject = 'case:2' AND number = 2",
        ["case 2: row 2 is missing"],
    ),
    (
        "UPDATE case_text SET text = 'it says yes' WHERE case_id = 2 AND number = 3",
        ["case 2: the text of entry 3 is not as it was written"],
    ),
    (
        "UPDATE case_text SET text = NULL WHERE case_id = 2 AND number = 3",
        ["case 2: the text of entry 3 is not as it was written"],
    ),
    (
        "DELETE FROM case_text WHERE case_id = 2 AND number = 4",
        ["case 2: the text of entry 4 is not as it was written"],
    ),
    (
        "INSERT INTO case_text (case_id, number, text) VALUES (2, 1, 'an excuse')",
        ["case 2: the text of entry 1 is not as it was written"],
    ),
    ("UPDATE case_card SET card_id = 1 WHERE case_id = 2", [_CARDS]),
    ("DELETE FROM case_card WHERE case_id = 2", [_CARDS]),
    (
        "INSERT INTO case_card (case_id, card_id, added_at, number) VALUES (2, 3, 0, 1)",
        [_CARDS],
    ),
    (
        "INSERT INTO support_case (id, opened_at, opened_by, agent_id, last_at, entries, calls, is_begun) "
        "SELECT 4, opened_at, opened_by, agent_id, last_at, 0, calls, is_begun FROM support_case WHERE id = 1",
        ["case 4: an entry is missing, or one too many"],
    ),
)


@pytest.mark.files
@pytest.mark.parametrize(("change", "findings"), CHANGES, ids=[change for change, _ in CHANGES])
def test_what_was_changed_is_found(counter: Counter, case: int, change: str, findings: list[str]) -> None:
    """Each change by itself, and nothing but it."""
    assert case == 2
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(change)
    assert counter.findings() == findings


def test_a_case_that_is_gone_is_missed(counter: Counter, case: int) -> None:
    """The audit remembers it."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        for table, column in (("case_text", "case_id"), ("case_card", "case_id"), ("support_case", "id")):
            sql.execute(f"DELETE FROM {table} WHERE {column} = ?", (case,))
    assert counter.findings() == ["case 2: its row is missing"]


def test_a_case_that_nobody_opened_is_found(counter: Counter, case: int) -> None:
    """Somebody wrote a row by hand."""
    with plain_sql(counter.store.path) as sql:
        sql.execute(
            "INSERT INTO support_case (id, opened_at, opened_by, agent_id, last_at, entries, calls, is_begun) "
            "SELECT 9, opened_at, 3, 3, last_at, 1, 1, 0 FROM support_case WHERE id = ?",
            (case,),
        )
    assert counter.findings() == ["case 9: an entry is missing, or one too many"]


def test_cases_are_read_in_pages(counter: Counter, case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever page a case lies on, it is looked at once."""
    monkeypatch.setattr(case_pages, "_PAGE", 1)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE support_case SET calls = 7 WHERE id IN (1, 3)")
        sql.execute("DELETE FROM case_text WHERE case_id = ?", (case,))
    pages = list(case_pages.case_pages(counter.store))
    assert sum(page.entries for page in pages) == 6
    assert [finding for page in pages for finding in page.findings] == [
        (1, "its row is not what its entries add up to"),
        (2, "the text of entry 3 is not as it was written"),
        (2, "the text of entry 4 is not as it was written"),
        (3, "its row is not what its entries add up to"),
    ]
