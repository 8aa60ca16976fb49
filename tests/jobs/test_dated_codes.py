"""Stories of a table that brings nothing but other last days, as Erply's: what a bulk extension is given."""

from datetime import date
from pathlib import Path

import pytest
from jobs.samples import ERPLY, PW

from models.errors import Fault
from models.jobs.dated_codes import dated_codes
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.remarks import Remarks
from models.store import Store
from models.unit import Session


@pytest.mark.parametrize("text", [ERPLY, ERPLY.partition("\n")[2], ERPLY.replace(",", "\t")])
def test_each_card_has_a_day_of_its_own(store: Store, tmp_path: Path, text: str) -> None:
    """With a header or without one; the day is the last one, and zeros in front of a code are kept."""
    path, problems = tmp_path / "expiry.csv", Remarks()
    path.write_text(text, encoding="utf-8")
    found = list(dated_codes(path, read_mapping("erply"), store, problems))
    assert problems.listed == []
    assert [(each.code, each.last_day_on) for each in found] == [
        ("ABCDEFGHIJKL", date(2027, 1, 31)),
        ("0123456789", date(2027, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2027-01-31", "", "line 2, column expiry: This cell is empty."),
        ("2027-01-31", "31.01.2027", "line 2, column expiry: '31.01.2027' could be read in more than one way: dates "
                                     "are told like 2026-05-21 here."),
        ("0123456789", "abcdefghijkl", "line 3, column code: The same code stands in line 2, column code."),
        ("0123456789", "1.23E+8", "line 3, column code: A spreadsheet turned this code into 1.23E+8, and its digits "
                                  "are lost. Export the file again and import it without opening it in a spreadsheet."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(store: Store, tmp_path: Path, old: str, new: str, told: str) -> None:
    """Whoever extends cards reads this and stops."""
    path, problems = tmp_path / "expiry.csv", Remarks()
    path.write_text(ERPLY.replace(old, new), encoding="utf-8")
    list(dated_codes(path, read_mapping("erply"), store, problems))
    assert [str(each) for each in problems.listed] == [f"expiry.csv, {told}"]


def test_days_are_no_cards_and_cards_are_no_days(manager: Session, tmp_path: Path) -> None:
    """Neither is taken for the other."""
    path = tmp_path / "some.csv"
    path.write_text(PW, encoding="utf-8")
    with pytest.raises(Fault, match="The mapping erply brings no cards"):
        import_mapped(manager, path, read_mapping("erply"))
    with pytest.raises(Fault, match="brings no days for cards"):
        list(dated_codes(path, read_mapping("pw-gift-cards"), manager.store, Remarks()))
