"""Stories of a person whose data are removed: what was said in cases goes too, and the cases still add up."""

import pytest
from store.counter import BOTH, Counter, everything_stored

from models import desk
from models.cases import case_sheet, cases_listed
from models.rules.cases import CaseOutcome
from models.rules.intakes import Intake, Symptom

ENGINES = BOTH
ADA = desk.PersonGiven("Ada Quillfeather", "ada@quillfeather.example")
BEN = desk.PersonGiven("Ben", "ben@example.org")
TOLD = Intake("Ada Quillfeather", "ada@quillfeather.example", None, Symptom.ZERO, "Dear Whitby, zero", "ZD-8", "Whitby")
TRACES = (b"Quillfeather", b"quillfeather", b"Whitby")


def said_in_a_case(counter: Counter, card: int, intake: Intake = TOLD) -> int:
    """A closed case with everything that can be said in it."""
    case = int(desk.open_case(counter.sam, card, typed="2345-6789-CFHJ-KMNP").facts["case"])
    assert desk.complete_intake(counter.sam, case, intake).done
    assert desk.add_to_case(counter.sam, case, "Her aunt lost it in Whitby").done
    assert desk.close_case(counter.sam, case, CaseOutcome.OTHER, "She is in Whitby").done
    return case


def removed(counter: Counter, customer: int) -> str:
    """The data of a person are removed by two."""
    assert desk.remove_person(counter.sue, customer, ref="ZD-7").done
    counter.wait(minutes=1)
    outcome = desk.remove_person(counter.mia, customer, ref="ZD-7")
    assert outcome.done, outcome.sentence
    return outcome.sentence


def test_what_a_caller_said_goes(counter: Counter) -> None:
    """Nothing readable is left anywhere; that there was a case, and how it ended, stays."""
    case = said_in_a_case(counter, counter.issued(recipient=ADA))
    assert all(trace in everything_stored(counter.store.path) for trace in TRACES)
    assert removed(counter, 1) == "The data of record 1 are removed: 1 card, 0 texts, 1 case."
    assert not [trace for trace in TRACES if trace in everything_stored(counter.store.path)]
    sheet = case_sheet(counter.sam, case)
    assert [(line.words, line.text) for line in sheet.lines if line.text or line.card_id is None] == [
        ("personal data removed", None),
        ("closed: otherwise", "(removed)"),
        ("added", "(removed)"),
        ("intake: name, email, symptom, message, screenshot, bought when", None),
        ("case opened", None),
    ]
    assert (sheet.line.customer, sheet.intake.name, sheet.intake.message) == (None, None, None)
    assert sheet.intake.symptom is Symptom.ZERO
    assert [line.customer for line in cases_listed(counter.sam, "mine_today").lines] == [None]
    assert not counter.findings()


def test_what_others_said_about_the_card_of_a_person_goes(counter: Counter) -> None:
    """Ben rang about Ada's card: what was noted then may be about Ada."""
    case = said_in_a_case(
        counter, counter.issued(recipient=ADA), Intake("Ben", "ben@example.org", message="Ada in Whitby")
    )
    removed(counter, 1)
    sheet = case_sheet(counter.sam, case)
    assert (sheet.line.customer, sheet.intake.message) == ("Ben", None)
    assert b"Whitby" not in everything_stored(counter.store.path)
    assert not counter.findings()


def test_a_case_about_another_card_goes_with_its_caller(counter: Counter) -> None:
    """Ada rang about Ben's card; by a record that was merged into hers, too."""
    card = counter.issued(recipient=BEN)
    case = said_in_a_case(counter, card, Intake("Ada Q", "old@quillfeather.example", message="Whitby"))
    counter.issued(recipient=ADA)
    assert desk.merge_people(counter.sue, 2, 3).done
    removed(counter, 3)
    assert case_sheet(counter.sam, case).intake.name == "Ben"
    assert not [trace for trace in TRACES if trace in everything_stored(counter.store.path)]
    assert not counter.findings()


def test_a_strangers_case_keeps_its_words(counter: Counter) -> None:
    """Ada goes, Ben stays."""
    counter.issued(recipient=ADA)
    case = said_in_a_case(counter, counter.issued(recipient=BEN), Intake("Ben", "ben@example.org", message="zero"))
    assert removed(counter, 1) == "The data of record 1 are removed: 1 card, 0 texts."
    assert case_sheet(counter.sam, case).intake.message == "zero"
    assert not counter.findings()


def test_what_is_said_after_a_removal_stays(counter: Counter) -> None:
    """An open case goes on; and a text of later must be there."""
    case = said_in_a_case(counter, counter.issued(recipient=ADA))
    assert desk.reopen_case(counter.sam, case).done
    removed(counter, 1)
    counter.wait(minutes=1)
    assert desk.add_to_case(counter.sam, case, "it works").done
    assert case_sheet(counter.sam, case).lines[0].text == "it works"
    assert not counter.findings()
    with counter.store.database.writing():
        counter.store.database.execute_sql("UPDATE case_text SET text = NULL WHERE case_id = ? AND number > 6", (case,))
    assert counter.findings() == [f"case {case}: the text of entry 7 is not as it was written"]


@pytest.mark.parametrize("table", ["intent", "audit"])
def test_neither_wishes_nor_audit_hold_what_was_said(counter: Counter, table: str) -> None:
    """They could not be emptied."""
    said_in_a_case(counter, counter.issued(recipient=ADA))
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql(f"SELECT * FROM {table}").fetchall()
    assert rows
    assert not [trace for trace in TRACES if trace.decode() in repr(rows)]
