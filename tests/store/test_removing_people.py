"""Stories of a person who asks for their data to be removed."""

from datetime import timedelta
from pathlib import Path

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.errors import Refused
from models.finding import find
from models.jobs.rebuilding import rebuild
from models.rules.people import RemovalReason
from models.rules.roles import Role
from models.unit import Outcome, Session

ENGINES = BOTH
ADA = PersonGiven("Ada Quillfeather", "ada@quillfeather.example")
SECRET = "Ada Quillfeather rang: her aunt lost it in Whitby"
TRACES = (b"Quillfeather", b"quillfeather", b"Whitby")


@pytest.fixture
def card(counter: Counter) -> int:
    """Ada's card, with her name, her address and what was said about her in every place that takes text."""
    card = counter.issued(recipient=ADA)
    assert desk.correct_person(counter.sam, 1, email="ada.q@quillfeather.example", card_id=card).done
    assert desk.note(counter.sam, card, SECRET).done
    assert desk.suspend(counter.sue, card, SECRET).done
    assert desk.raise_flag(counter.sue, card, SECRET).done
    assert desk.clear_flag(counter.sue, card, SECRET).done
    assert desk.escalate(counter.sam, card, desk.Escalation.STILL_FAILS, SECRET).done
    assert desk.reactivate(counter.mia, card, reason=SECRET, note=SECRET).done
    return card


def ask(session: Session, ref: str = "ZD-7", customer: int = 1) -> Outcome:
    return desk.remove_person(session, customer, ref=ref)


def test_it_takes_two_and_then_nothing_readable_is_left(counter: Counter, card: int) -> None:
    """Sue asks, Mia confirms: name, address and every word about Ada are gone, and the chains hold."""
    asked = ask(counter.sue)
    assert asked.sentence == (
        "The removal of record 1 is asked for: a second person must confirm it before 4 Jun 2026 13:00."
    )
    assert counter.sheet(card).holder.name == "Ada Quillfeather"  # type: ignore[union-attr]
    done = ask(counter.mia)
    assert done.sentence == "The data of record 1 are removed: 1 card, 8 texts, 1 case."
    holder = counter.sheet(card).holder
    assert holder is not None
    assert (holder.shown_name, holder.email) == ("(removed)", None)
    assert {line.reason for line in counter.journal(card)} == {None, "(removed)"}
    assert counter.last(card).details == {"ref": "ZD-7", "removed": 1, "texts": 8}
    for text in ("Quillfeather", "ada.q@quillfeather.example", "(removed)", "removed"):
        assert not find(counter.store, text).lines
    with plain_sql(counter.store.path) as sql:
        kept = sql.execute(
            "SELECT asked_by_name, confirmed_by_name, confirmed_at IS NULL FROM removal_request"
        ).fetchall()
        about = "SELECT actor_name, action, reason FROM audit WHERE subject = 'customer:1' AND action LIKE '%remov%'"
        told = sql.execute(f"{about} ORDER BY number").fetchall()
    assert [tuple(row) for row in kept] == [("Sue", "Mia", False)]
    assert [tuple(row) for row in told] == [("Sue", "ask_removal", "ZD-7"), ("Mia", "remove", "ZD-7")]
    assert not counter.findings()


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.files
def test_no_byte_of_it_is_left_in_the_file(counter: Counter, card: int) -> None:
    """Neither in what is stored, nor where it was stored before, nor in the log beside it."""
    assert card
    assert all(trace in bytes_of(counter.file) for trace in TRACES)
    ask(counter.sue)
    assert ask(counter.mia).done
    assert not [trace for trace in TRACES if trace in bytes_of(counter.file)]


@pytest.mark.files
def test_what_rows_left_behind_when_they_moved_goes_when_the_file_is_written_anew(counter: Counter) -> None:
    """Much was written and corrected around it; whatever pages it once lay on, nothing is left, and all adds up."""
    ada = counter.issued(recipient=ADA)
    for number in range(12):
        card = counter.issued(recipient=PersonGiven(f"{number} {'n' * 150}", f"{number}@example.org"))
        assert desk.note(counter.sam, card, "t" * 900).done
        assert desk.note(counter.sam, ada, SECRET + "." * number * 20).done
        assert desk.correct_person(counter.sue, 1, name=f"{ADA.name} {'n' * (number % 7) * 20}{number}").done
    ask(counter.sue)
    assert ask(counter.mia).done
    with counter.store.database.connected():
        # What the engine's own moves leave behind by chance is put there for certain.
        counter.database.pragma("secure_delete", 0)
        counter.store.database.execute_sql("CREATE TABLE moved (trace TEXT)")
        counter.store.database.execute_sql("INSERT INTO moved VALUES (?)", (SECRET,))
        counter.store.database.execute_sql("DROP TABLE moved")
    assert b"Whitby" in bytes_of(counter.file)
    rebuilt = rebuild(counter.olaf)
    assert rebuilt.after <= rebuilt.before
    assert not [trace for trace in TRACES if trace in bytes_of(counter.file)]
    assert not counter.findings()


@pytest.mark.files
def test_who_takes_no_backups_does_not_rebuild(counter: Counter) -> None:
    with pytest.raises(Refused, match="An agent may not back the desk up"):
        rebuild(counter.sam)


def test_the_policys_own_wording_stays(counter: Counter) -> None:
    """A reactivation under a ground notes the policy's sentence: it tells nothing of a person."""
    card = counter.issued("week", recipient=ADA)
    counter.clock.at = counter.sheet(card).cut_off_at or counter.clock.at
    assert desk.reactivate(counter.mia, card, note=SECRET).done
    ask(counter.sue)
    assert ask(counter.mia).facts["texts"] == 1
    assert counter.store
    texts = [line.reason for line in counter.journal(card) if line.reason]
    assert texts == ["Reactivated per policy – VIP customer / expired <24h.", "(removed)"]
    assert not counter.findings()


def test_a_card_that_somebody_else_holds_keeps_its_texts(counter: Counter) -> None:
    """Ada bought it, Ben has it: what was said about Ben's card stays."""
    card = counter.issued(purchaser=ADA, recipient=PersonGiven("Ben"))
    assert desk.note(counter.sam, card, "Ben rang").done
    ask(counter.sue, customer=2)
    assert ask(counter.mia, customer=2).done
    sheet = counter.sheet(card)
    assert (sheet.holder.name, sheet.purchaser.name) == ("Ben", "(removed)")  # type: ignore[union-attr]
    assert [line.reason for line in counter.journal(card)] == [None, "Ben rang", None]
    assert not counter.findings()


def test_what_was_merged_into_the_record_goes_with_it(counter: Counter, card: int) -> None:
    """The old record had Ada's name too."""
    counter.issued(recipient=PersonGiven("Ada Quillfeather", "old@quillfeather.example"))
    assert desk.merge_people(counter.sue, 2, 1).done
    ask(counter.sue)
    assert ask(counter.mia).facts["cards"] == 2
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql(
            "SELECT name, email, name_key, email_key FROM customer WHERE id < 3"
        ).fetchall()
    assert rows == [("(removed)", None, None, None)] * 2
    assert card
    assert not counter.findings()


def test_whoever_comes_back_is_a_new_person(counter: Counter, card: int) -> None:
    """The same name and address make a new record; the old card stays nobody's."""
    ask(counter.sue)
    assert ask(counter.mia).done
    again = counter.issued(recipient=PersonGiven("Ada Quillfeather", "ada.q@quillfeather.example"))
    assert counter.sheet(again).holder.id == 2  # type: ignore[union-attr]
    assert [line.card_id for line in find(counter.store, "quillfeather").lines] == [again]
    assert counter.sheet(card).holder.name == "(removed)"  # type: ignore[union-attr]


# The two persons.


def test_the_same_person_twice_is_one_person(counter: Counter, card: int) -> None:
    before = counter.kinds(card)
    assert ask(counter.sue).done
    counter.wait(hours=1)
    counter.assert_refused(
        ask(counter.sue),
        "You asked for this on 21 May 2026 13:00: somebody else must confirm it.",
        card,
        before,
    )


@pytest.mark.files
def test_the_second_person_works_here_and_may(counter: Counter, card: int) -> None:
    """Neither an agent nor a supervisor who left confirms."""
    before = counter.kinds(card)
    assert ask(counter.mia).done
    counter.assert_refused(
        ask(counter.sam), "An agent may not remove a person's data; ask a supervisor or a manager.", card, before
    )
    assert set_agent(counter.mia, "sue", is_disabled=True).done
    counter.assert_refused(
        ask(counter.sue), "The login sue may no longer work at this desk. Ask the manager.", card, before
    )
    assert counter.sheet(card).holder.name == "Ada Quillfeather"  # type: ignore[union-attr]


def test_a_request_lapses_after_fourteen_days(counter: Counter, card: int) -> None:
    """At the last instant it still counts; from then on it must be asked for anew, by whomever."""
    assert ask(counter.sue).done
    counter.wait(days=14)
    asked = ask(counter.mia)
    assert (asked.done, asked.facts["is_removed"]) == (True, False)
    assert asked.facts["lapses_at"] == (counter.clock.now() + timedelta(days=14)).isoformat()
    assert ask(counter.mia).sentence.startswith("You asked for this on")
    counter.wait(days=14, microseconds=-1)
    assert ask(counter.sue).facts["is_removed"]
    assert card
    assert not counter.findings()


@pytest.mark.files
def test_another_ticket_confirms_nothing(counter: Counter, card: int) -> None:
    """Who only wants to ask must not carry out what a colleague asked for."""
    before = counter.kinds(card)
    assert ask(counter.sue, "ZD-7").done
    counter.assert_refused(
        ask(counter.mia, "ZD-8"),
        "Sue asked for this on 21 May 2026 13:00 under ticket ZD-7: confirm it under that ticket.",
        card,
        before,
    )


@pytest.mark.files
@pytest.mark.parametrize("was_asked", [True, False])
def test_a_screen_that_saw_something_else_is_refused(counter: Counter, card: int, was_asked: bool) -> None:
    """Who was shown 'asks' never confirms by it, nor the other way round."""
    before = counter.kinds(card)
    if was_asked:
        assert ask(counter.sue).done
    counter.assert_refused(
        desk.remove_person(counter.mia, 1, ref="ZD-7", is_confirming=not was_asked),
        "A colleague asked or confirmed at the same moment. Nothing was changed; look again.",
        card,
        before,
    )


@pytest.mark.files
def test_a_request_that_was_changed_with_another_tool_confirms_nothing(counter: Counter, card: int) -> None:
    """Sue can't make her own request look like Mia's."""
    before = counter.kinds(card)
    assert ask(counter.sue).done
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE removal_request SET asked_by = 1, asked_by_name = 'Mia'")
    counter.assert_refused(
        ask(counter.sue),
        "The request was changed with another tool. Nothing was changed; let it lapse and ask anew.",
        card,
        before,
    )


@pytest.mark.files
def test_nobody_removes_a_record_of_their_own(counter: Counter) -> None:
    """The flags and notes on one's own card are not one's own to clear away."""
    set_agent(counter.mia, "sam", role=Role.SUPERVISOR)
    card = counter.issued(recipient=PersonGiven("Sam", "sam@desk.example"))
    counter.assert_refused(ask(counter.sam), "This is a record of your own: ask a colleague.", card, ["issue"])


# What stands in the way.


@pytest.mark.files
@pytest.mark.parametrize("ref", ["", "  "])
def test_without_a_ticket_nothing_is_asked_for(counter: Counter, card: int, ref: str) -> None:
    refused = ask(counter.sue, ref)
    assert refused.sentence == "Give the ticket under which the removal is asked for."
    assert card


def test_an_open_flag_is_read_first(counter: Counter, card: int) -> None:
    """What others must read does not vanish unread: neither when it is asked for nor when it is confirmed."""
    assert ask(counter.sue).done
    assert desk.raise_flag(counter.sam, card, "chargeback").done
    before = counter.kinds(card)
    last_four = counter.sheet(card).last_four
    why = f"On Card ···· {last_four} 1 flag is open: read and clear each with a reason first."
    counter.assert_refused(ask(counter.mia), why, card, before)
    assert desk.clear_flag(counter.sam, card, "settled").done
    assert ask(counter.mia).facts["is_removed"]


@pytest.mark.files
def test_a_card_that_does_not_add_up_is_escalated_first(counter: Counter, card: int) -> None:
    with counter.store.database.writing():
        counter.store.database.execute_sql("UPDATE gift_card SET balance_minor = 9900")
    assert ask(counter.sue).sentence.endswith("does not add up: escalate it before anything of it is removed.")
    assert counter.sheet(card).holder.name == "Ada Quillfeather"  # type: ignore[union-attr]


@pytest.mark.files
def test_what_was_removed_stays_removed(counter: Counter, card: int) -> None:
    ask(counter.sue)
    assert ask(counter.mia).done
    gone = "The data of record 1 were removed."
    assert ask(counter.sue).sentence == gone
    assert desk.correct_person(counter.mia, 1, name="Ada").sentence == gone
    counter.issued(recipient=PersonGiven("Ben"))
    assert desk.merge_people(counter.mia, 1, 2).sentence == gone
    assert card


@pytest.mark.files
def test_while_a_removal_is_asked_for_the_record_is_merged_with_nothing(counter: Counter, card: int) -> None:
    """Who confirms must know what goes."""
    counter.issued(recipient=PersonGiven("Ben"))
    assert ask(counter.sue).done
    for wish in ((1, 2), (2, 1)):
        refused = desk.merge_people(counter.mia, *wish)
        assert refused.sentence == (
            "The removal of record 1 is asked for: it is merged with nothing until that is settled."
        )
    assert card


@pytest.mark.files
def test_the_reason_is_one_of_a_few(counter: Counter, card: int) -> None:
    """Free text about the reason would be the next thing to remove."""
    assert desk.remove_person(counter.sue, 1, ref="ZD-7", why=RemovalReason.MISTAKEN).done
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql("SELECT why, ref FROM removal_request").fetchall()
    assert rows == [("mistaken", "ZD-7")]
    assert card


@pytest.mark.files
@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "UPDATE customer SET removed_at = 1 WHERE id = 2",
            "customer 2: the mark of a removal was not set by the desk",
        ),
        ("UPDATE customer SET name = 'Eve' WHERE id = 1", "customer 1: the name was not set by the desk"),
        (
            "UPDATE customer SET removed_at = NULL WHERE id = 1",
            "customer 1: the mark of a removal was not set by the desk",
        ),
    ],
)
def test_a_forged_removal_is_named(counter: Counter, card: int, statement: str, finding: str) -> None:
    assert card
    counter.issued(recipient=PersonGiven("Ben"))
    ask(counter.sue)
    assert ask(counter.mia).done
    with counter.store.database.writing():
        counter.store.database.execute_sql(statement)
    assert counter.findings() == [finding]
