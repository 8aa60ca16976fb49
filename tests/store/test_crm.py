"""Stories of a CRM whose people, organisations and VIP marks are brought in, again and again."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from jobs.twins import HOSTILE
from postgres import AT_LENGTH
from store.counter import Counter

from models import desk
from models.crm.importing import import_people
from models.crm.mapping import read_people_mapping
from models.crm.report import PeopleReport
from models.desk import PersonGiven
from models.directory import organisations
from models.errors import Fault, Refused
from models.holdings import people_found
from models.jobs.verify import verify
from models.schema import Audit, Customer, Organisation
from models.unit import Session

ENGINES = AT_LENGTH
HEAD = "Name,Email,Company,VIP\n"
FIRST = (
    f"{HEAD}Ada Byron,ada@example.org,Acme,yes\nBen Roe,ben@example.org,Acme,\nCleo,cleo@example.org,,\n"
    "Dora,dora@example.org,Bolt,no\n"
)
Bring = Callable[..., PeopleReport]


@pytest.fixture
def bring(counter: Counter, tmp_path: Path) -> Bring:
    """Import a table: bring(text) tries it, bring(text, is_commit=True) does it."""

    def run(text: str, *, session: Session = counter.mia, mapping: str = "crm", **options: object) -> PeopleReport:
        path = tmp_path / "crm.csv"
        path.write_text(text, encoding="utf-8")
        return import_people(session, path, read_people_mapping(mapping), **options)  # type: ignore[arg-type]

    return run


def told(report: PeopleReport) -> dict[str, int]:
    """The counts that are not nothing."""
    return {name: count for name, count in vars(report.counts).items() if count}


def belongings(counter: Counter) -> dict[str, tuple[str | None, str | None, bool]]:
    """Address -> name, organisation and whether that is a VIP."""
    found = people_found(counter.store, "example.org") + people_found(counter.store, "example.com")
    return {each.email or "": (each.name, each.organisation, each.is_vip) for each in found}


def audit_rows(counter: Counter) -> int:
    """How much the audit says."""
    with counter.store.database.connected():
        return Audit.select().count()


def test_a_dry_run_tells_what_would_change(counter: Counter, bring: Bring) -> None:
    """Line by line, and nothing is written, not even that somebody looked."""
    before = audit_rows(counter)
    report = bring(FIRST)
    assert told(report) == {"new": 4, "linked": 3, "new_organisations": 2, "vip_on": 1}
    assert [str(each) for each in report.changes.listed] == [
        "crm.csv, line 2: Acme becomes a VIP.",
        "crm.csv, line 2: A new person of Acme.",
        "crm.csv, line 3: A new person of Acme.",
        "crm.csv, line 4: A new person.",
        "crm.csv, line 5: A new person of Bolt.",
    ]
    assert (report.is_committed, audit_rows(counter)) == (False, before)
    assert not organisations(counter.store)


def test_people_arrive_with_whom_they_belong_to(counter: Counter, bring: Bring) -> None:
    """The mark says where it is from; all of it is audited, and the desk adds up."""
    assert bring(FIRST, is_commit=True).is_committed
    assert [(each.name, each.is_vip, each.vip_source, each.people) for each in organisations(counter.store)] == [
        ("Acme", True, "CRM", 2),
        ("Bolt", False, None, 1),
    ]
    assert belongings(counter)["ada@example.org"] == ("Ada Byron", "Acme", True)
    assert belongings(counter)["cleo@example.org"] == ("Cleo", None, False)
    assert not verify(counter.store).findings
    with counter.store.database.connected():
        marked = Audit.get(Audit.action == "set_vip")
        brought = Audit.get(Audit.subject == "people")
    assert (marked.actor_name, marked.reason, marked.after) == ("Mia", "CRM import", {"is_vip": True, "source": "CRM"})
    assert (brought.action, brought.after["new"], brought.after["is_stopped"]) == ("import", 4, False)


def test_the_same_table_twice_changes_nothing(counter: Counter, bring: Bring) -> None:
    """The second time is not even in the audit, and no mark becomes fresh by it."""
    bring(FIRST, is_commit=True)
    before, marked_at = audit_rows(counter), organisations(counter.store)[0].vip_changed_at
    counter.wait(days=1)
    report = bring(FIRST, is_commit=True)
    assert told(report) == {"unchanged": 4}
    assert (audit_rows(counter), organisations(counter.store)[0].vip_changed_at) == (before, marked_at)


def test_what_became_of_people_is_brought_after_them(counter: Counter, bring: Bring) -> None:
    """One is married, one changed employers, one left theirs, one came; a mark is gone, another set."""
    bring(FIRST, is_commit=True)
    second = (
        f"{HEAD}Ada King,ada@example.org,Acme,no\nBen Roe,ben@example.org,Bolt,yes\nCleo,cleo@example.org,Bolt,\n"
        "Dora,dora@example.org,,\nEve,eve@example.org,Bolt,\n"
    )
    tried, report = bring(second), bring(second, is_commit=True)
    assert told(report) == told(tried)
    assert told(report) == {"new": 1, "renamed": 1, "linked": 3, "unlinked": 1, "vip_on": 1, "vip_off": 1}
    assert belongings(counter) == {
        "ada@example.org": ("Ada King", "Acme", False),
        "ben@example.org": ("Ben Roe", "Bolt", True),
        "cleo@example.org": ("Cleo", "Bolt", True),
        "dora@example.org": ("Dora", None, False),
        "eve@example.org": ("Eve", "Bolt", True),
    }
    assert people_found(counter.store, "Ada King")
    assert not people_found(counter.store, "Ada Byron")
    assert not verify(counter.store).findings


def test_who_holds_cards_already_is_recognised_by_the_address(counter: Counter, bring: Bring) -> None:
    """Whatever the card calls them; and the mark opens the card of a VIP."""
    card = counter.issued("week", 1_000, recipient=PersonGiven("Mum", "ADA@example.org"))
    report = bring(FIRST, is_commit=True)
    assert told(report)["renamed"] == 1
    holder = counter.sheet(card).holder
    assert holder is not None
    assert (holder.name, holder.organisation, holder.is_vip) == ("Ada Byron", "Acme", True)


@pytest.mark.usefixtures("thresholds")
def test_a_mark_that_just_came_is_fresh(counter: Counter, bring: Bring) -> None:
    """Nobody is made a VIP on Monday to be favoured on Monday: a supervisor looks first."""
    card = counter.issued("week", 1_000, recipient=PersonGiven("Ada Byron", "ada@example.org"))
    counter.wait(days=20)
    bring(FIRST, is_commit=True)
    asked = desk.reactivate(counter.sam, card)
    assert "younger than 24 h" in asked.sentence
    counter.wait(hours=25)
    assert desk.reactivate(counter.sam, card).done


def test_of_several_at_one_address_the_name_decides(counter: Counter, bring: Bring) -> None:
    """A couple shares a mailbox: who is named is meant; a third name is nobody's, and is told with its line."""
    counter.issued("week", 1_000, recipient=PersonGiven("Ada Byron", "ada@example.org"))
    counter.issued("week", 1_000, recipient=PersonGiven("Bill Byron", "ada@example.org"))
    report = bring(FIRST, is_commit=True)
    assert (report.conflicts.count, told(report).get("renamed", 0)) == (0, 0)
    again = bring(FIRST.replace("Ada Byron", "Zoe Byron"), is_commit=True)
    assert [each.place for each in again.conflicts.listed] == ["crm.csv, line 2"]
    assert "Several records have this address" in again.conflicts.listed[0].sentence
    assert not people_found(counter.store, "Zoe Byron")


def test_a_merged_record_leads_to_the_kept_one(counter: Counter, bring: Bring) -> None:
    """The CRM still writes to the old address: the person is linked, and keeps name and address."""
    counter.issued("week", 1_000, recipient=PersonGiven("Ada B", "ada@example.org"))
    counter.issued("week", 1_000, recipient=PersonGiven("Ada King", "ada@example.com"))
    old, kept = (people_found(counter.store, address)[0].id for address in ("ada@example.org", "ada@example.com"))
    assert desk.merge_people(counter.sue, old, kept).done
    bring(FIRST, is_commit=True)
    assert belongings(counter)["ada@example.com"] == ("Ada King", "Acme", True)
    both = f"{FIRST}Ada King,ada@example.com,Bolt,\n"
    report = bring(both, is_commit=True)
    assert [each.place for each in report.conflicts.listed] == ["crm.csv, line 6"]
    assert "Line 2 is the same person" in report.conflicts.listed[0].sentence
    assert belongings(counter)["ada@example.com"] == ("Ada King", "Acme", True)


def test_a_mark_by_an_account_note_stays(counter: Counter, bring: Bring) -> None:
    """A supervisor knew something that the CRM does not."""
    assert desk.set_organisation(counter.sue, "Bolt", is_vip=True, source="account note").done
    report = bring(FIRST, is_commit=True, is_complete=True)
    assert [str(each) for each in report.warnings.listed] == [
        "crm.csv, line 5: Bolt is a VIP here by an account note and stays one; the file says otherwise."
    ]
    assert [each.vip_source for each in organisations(counter.store) if each.is_vip] == ["CRM", "account note"]


def test_who_is_not_named_stays_unless_the_table_is_complete(counter: Counter, bring: Bring) -> None:
    """Then an organisation loses the mark that the CRM gave it; its people stay its people."""
    bring(FIRST, is_commit=True)
    shorter = f"{HEAD}Dora,dora@example.org,Bolt,no\n"
    assert told(bring(shorter, is_commit=True)) == {"unchanged": 1}
    tried, report = bring(shorter, is_complete=True), bring(shorter, is_complete=True, is_commit=True)
    assert told(tried) == told(report) == {"unchanged": 1, "vip_off": 1}
    assert str(report.changes.listed[0]) == "crm.csv: The file does not name Acme. It is no VIP any more."
    assert belongings(counter)["ada@example.org"] == ("Ada Byron", "Acme", False)
    assert told(bring(shorter, is_complete=True, is_commit=True)) == {"unchanged": 1}
    assert not verify(counter.store).findings


def test_a_table_without_a_column_tells_nothing_of_it(counter: Counter, bring: Bring) -> None:
    """Names and addresses alone take nobody out of their organisation, and no mark away."""
    bring(FIRST, is_commit=True)
    report = bring("Name,Email\nAda King,ada@example.org\nBen Roe,ben@example.org\n", is_commit=True)
    assert told(report) == {"renamed": 1, "unchanged": 1}
    assert belongings(counter)["ada@example.org"] == ("Ada King", "Acme", True)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Name,Email\nAda,ada@example.org\n", "crm.csv, line 1: It is not complete: it has no column of VIP marks."),
        (HEAD, "crm.csv: There are no people in the file."),
        ("", "crm.csv: The file is empty."),
    ],
)
def test_a_table_that_tells_no_marks_is_not_complete(counter: Counter, bring: Bring, text: str, wrong: str) -> None:
    """The wrong file takes no mark away from anybody."""
    bring(FIRST, is_commit=True)
    report = bring(text, is_complete=True, is_commit=True)
    assert wrong in map(str, report.told.problems.listed)
    assert [each.name for each in organisations(counter.store) if each.is_vip] == ["Acme"]


@pytest.mark.parametrize(
    ("rows", "line", "column", "sentence"),
    [
        ("Ada,ada@example.org,A,\nAda,ADA@example.org,B,\n", 3, "Email",
         "The same address stands in line 2 with another organisation."),
        ("Ada,ada@example.org,A,\nBob,ada@example.org,A,\n", 3, "Email",
         "The same address stands in line 2 with another name."),
        ("Ada,ada@example.org,A,yes\nBob,bob@example.org,Á,no\n", 3, "VIP",
         "The same organisation is a VIP in line 2."),
        ("Ada,ada@example.org,A,maybe\n", 2, "VIP",
         "'maybe' does not say whether the organisation is a VIP: add it to the mapping (vip)."),
        ("Ada,ada@example.org,,yes\n", 2, "VIP", "A VIP mark is an organisation's, and this line names none."),
        ("Ada,ada@example.org\n", 2, "Company", "The line ends too early: 2 cells of 4."),
    ],
)  # fmt: skip
def test_lines_that_contradict_each_other_are_refused(
    counter: Counter, bring: Bring, rows: str, line: int, column: str, sentence: str
) -> None:
    """With their places; nothing of the table is brought in."""
    report = bring(HEAD + rows, is_commit=True)
    remark = report.told.problems.listed[0]
    assert (remark.line, remark.column, remark.sentence) == (line, column, sentence)
    assert report.refusal == "There is 1 problem in the file. Nothing was changed."
    assert not organisations(counter.store)


def test_lines_that_say_the_same_again_or_nothing_are_counted(counter: Counter, bring: Bring) -> None:
    """A line without an address still tells of its organisation; an address that can't be one is left out."""
    report = bring(f"{FIRST}Ada Byron,ada@example.org,Acme,\nNobody,,Cog,yes\nFred,fred at home,Cog,\n", is_commit=True)
    assert (report.told.repeated, report.told.nameless, len(report.told.people)) == (1, 1, 4)
    assert [each.place for each in report.told.warnings.listed] == ["crm.csv, line 8, column Email"]
    assert [each.name for each in organisations(counter.store) if each.is_vip] == ["Acme", "Cog"]


def test_a_mark_that_a_later_line_tells_counts(counter: Counter, bring: Bring) -> None:
    """The first line of an organisation left the cell empty."""
    report = bring(f"{HEAD}Ben,ben@example.org,Acme,\nAda,ada@example.org,Acme,yes\n", is_commit=True)
    assert str(report.changes.listed[0]) == "crm.csv, line 3: Acme becomes a VIP."
    assert belongings(counter)["ben@example.org"] == ("Ben", "Acme", True)


def test_hostile_names_come_in_as_names(counter: Counter, bring: Bring) -> None:
    """Formulas, quotes and escape sequences: text stays text, and what can't be shown is told."""
    file = io.StringIO()
    names = [*HOSTILE, "[/bold]", "\x1b]52;c;AAAA\x07", "a\u202eb"]
    csv.writer(file).writerows((name, f"p{place}@example.org", name, "") for place, name in enumerate(names))
    report = bring(HEAD + file.getvalue(), is_commit=True)
    assert report.counts.new == len(names)
    assert report.told.warnings.count == 4
    assert belongings(counter)["p0@example.org"][:2] == (HOSTILE[0], HOSTILE[0])
    assert told(bring(HEAD + file.getvalue(), is_commit=True)) == {"unchanged": len(names)}


def test_a_stop_leaves_what_is_done_and_the_same_table_brings_the_rest(counter: Counter, bring: Bring) -> None:
    """Ctrl+C between two batches."""
    rows = "".join(f"P{number},p{number}@example.com,Org {number % 7},\n" for number in range(1_200))
    asked = iter(range(1_000_000))
    report = bring(HEAD + rows, is_commit=True, is_stopped=lambda: next(asked) > 1_200)
    assert (report.stopped_after, report.is_committed, report.counts.new) == (500, False, 500)
    rest = bring(HEAD + rows, is_commit=True)
    assert told(rest) == {"new": 700, "linked": 700, "unchanged": 500}
    with counter.store.database.connected():
        assert Customer.select().where(Customer.email.endswith("@example.com")).count() == 1_200
        assert Organisation.select().count() == 7
    assert not verify(counter.store).findings


def test_who_may_not_import_is_refused(counter: Counter, bring: Bring) -> None:
    """Supervisors set marks one by one; a whole CRM is an operator's or a manager's."""
    for session in (counter.sam, counter.sue):
        with pytest.raises(Refused, match="may not import cards and people"):
            bring(FIRST, session=session)
    assert bring(FIRST, session=counter.olaf, is_commit=True).is_committed


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[columns]\nname = 'a'", "columns.email is missing"),
        ("[columns]\nemail = 'a'\nvip = 'b'", "vip needs both a table and a column"),
        ("[columns]\nemail = 'a'\nvip = 'b'\n[vip]\nyes = ['x']\nno = []", "columns.organisation is missing"),
        ("[columns]\nemail = 'a'\nphone = 'b'", "a column called 'phone'"),
        ("expiry = 'instant'\n[columns]\nemail = 'a'", "nothing called 'expiry'"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(tmp_path: Path, text: str, wrong: str) -> None:
    """One sentence that names the key."""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Fault, match=wrong):
        read_people_mapping(str(path))


def test_a_mapping_of_ones_own(counter: Counter, bring: Bring, tmp_path: Path) -> None:
    """First and last names apart, an empty cell means no VIP, other headers."""
    path = tmp_path / "own.toml"
    path.write_text(
        "[columns]\nemail = 'Mail'\nname = 'First'\nlast_name = 'Last'\norganisation = 'Firma'\nvip = 'Key'\n"
        "[vip]\nyes = ['x']\nno = ['']\n",
        encoding="utf-8",
    )
    head = "First;Last;Mail;Firma;Key\n"
    bring(f"{head}Ada;Byron;ada@example.org;Acme;X\n", mapping=str(path), is_commit=True)
    assert belongings(counter)["ada@example.org"] == ("Ada Byron", "Acme", True)
    bring(f"{head}Ada;Byron;ada@example.org;Acme;\n", mapping=str(path), is_commit=True)
    assert belongings(counter)["ada@example.org"] == ("Ada Byron", "Acme", False)


def test_a_mark_keeps_its_age_when_people_change(counter: Counter, bring: Bring) -> None:
    """Only what turns is fresh."""
    bring(FIRST, is_commit=True)
    marked_at = organisations(counter.store)[0].vip_changed_at
    assert marked_at is not None
    counter.wait(days=2)
    bring(FIRST.replace("Ada Byron", "Ada King"), is_commit=True)
    assert organisations(counter.store)[0].vip_changed_at == marked_at
    assert counter.clock.now() - marked_at == timedelta(days=2)
