"""Stories of the reminder run: who is sent what, once."""

from datetime import date

import pytest
from store.counter import BOTH, Counter, plain_sql
from store.letterbox import TAKEN, Letterbox
from store.reminded import A_DAY_BEFORE, ABE, LIN, TWO_DAYS_BEFORE, fates, people, run, scheduled

from models import desk
from models.errors import Refused
from models.fates import Fate
from models.jobs import delivery
from models.jobs.remind import remind
from models.mail import Answer, Letter
from models.reminding import count_unsettled
from models.rules.templates import Texts

ENGINES = BOTH


@pytest.fixture(autouse=True)
def _schedule(counter: Counter) -> None:
    scheduled(counter)


def test_what_is_due_is_sent_and_the_card_remembers(counter: Counter) -> None:
    """Lin hears of her balance two days and one day before it stops, and her card says so."""
    card = counter.issued("week", recipient=LIN, purchaser=ABE)
    box = Letterbox()
    counter.at("2026-05-25T07:59:59")
    assert run(counter, box).sent == 0
    counter.at(TWO_DAYS_BEFORE)
    report = run(counter, box)
    assert (report.due, report.sent, report.late, report.left) == (1, 1, 0, None)
    counter.at(A_DAY_BEFORE)
    assert run(counter, box).sent == 1
    assert box.to == ["lin@example.org"] * 2
    assert counter.kinds(card) == ["issue", "reminder_sent", "reminder_sent"]
    assert counter.last(card).actor == "reminder run"
    assert counter.last(card).details["lead_days"] == 1
    assert fates(counter) == []
    assert not counter.findings()


def test_reminders_go_in_the_desks_usual_language(counter: Counter) -> None:
    """In the texts of that language, whoever set them."""
    counter.issued("week", recipient=LIN)
    assert desk.set_policy(counter.mia, languages=("de", "en")).done
    assert desk.set_template(counter.mia, "reminder:de", Texts("Bald", "{{name}}: {{balance}}, {{days_left}}")).done
    box = Letterbox()
    counter.at(TWO_DAYS_BEFORE)
    assert run(counter, box).sent == 1
    assert [(letter.subject, letter.text) for letter in box.taken] == [("Bald", "Lin: 50,00 GBP, in 2 Tagen")]


def test_a_second_run_sends_nothing(counter: Counter) -> None:
    """Once per card, last day and lead."""
    counter.issued("week", recipient=LIN)
    box = Letterbox()
    counter.at(TWO_DAYS_BEFORE)
    run(counter, box)
    counter.wait(hours=3)
    assert (run(counter, box).due, len(box.taken)) == (0, 1)


def test_a_run_that_was_missed_sends_the_nearest_one_late(counter: Counter) -> None:
    """The machine was off on both days: one e-mail, marked late, while the card can be spent."""
    card = counter.issued("week", recipient=LIN)
    box = Letterbox()
    counter.at("2026-05-28T01:30")
    report = run(counter, box)
    assert (report.sent, report.late) == (1, 1)
    assert (counter.last(card).details["lead_days"], counter.last(card).details["is_late"]) == (1, True)
    counter.at("2026-05-28T02:00")
    assert run(counter, box).due == 0


def test_what_moved_with_the_last_day_is_sent_again_for_the_new_one(counter: Counter) -> None:
    """Extended after the first e-mail: the new last day has reminders of its own."""
    card = counter.issued("week", recipient=LIN)
    box = Letterbox()
    counter.at(TWO_DAYS_BEFORE)
    run(counter, box)
    assert desk.extend(counter.sue, card, date(2026, 6, 30), "was ill").done
    counter.at(A_DAY_BEFORE)
    assert run(counter, box).due == 0
    counter.at("2026-06-28T09:00")
    assert run(counter, box).sent == 1


def test_a_dry_run_counts_and_sends_nothing(counter: Counter) -> None:
    """The operator sees what would go, and who can't be reached."""
    counter.issued("week", recipient=LIN)
    counter.issued("week")
    counter.at(TWO_DAYS_BEFORE)
    report = remind(counter.olaf, None, is_dry_run=True)
    assert (report.due, report.unreachable, report.sent) == (1, 1, 0)
    assert count_unsettled(counter.store) == dict.fromkeys(Fate, 0)


def test_an_agent_does_not_send_reminders(counter: Counter) -> None:
    """It is the operator's, or the manager's."""
    with pytest.raises(Refused, match="An agent may not send reminders; ask a manager or an operator"):
        remind(counter.sam, Letterbox())


def test_a_run_that_is_asked_to_stop_gives_back_what_it_did_not_send(counter: Counter) -> None:
    """Ctrl+C after the second letter: two are sent, the others are due, none is lost from sight."""
    people(counter, 5)
    counter.at(TWO_DAYS_BEFORE)
    box = Letterbox()
    report = remind(counter.olaf, box, is_stopped=lambda: len(box.taken) >= 2)
    assert (report.sent, report.left) == (2, 3)
    assert {fate for _, _, fate in fates(counter)} == {"waiting"}
    assert run(counter, box).sent == 3
    assert len(set(box.to)) == 5


def test_letters_behind_a_slow_one_are_given_back(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is to find them left behind while the run is still at it; they go in the next few."""
    monkeypatch.setattr(delivery, "_LONGEST_IN_HAND", -1)
    people(counter, 3)
    counter.at(TWO_DAYS_BEFORE)
    box = Letterbox()
    assert (run(counter, box).sent, len(set(box.to))) == (3, 3)


def test_a_card_that_changes_under_the_run_is_judged_again(counter: Counter) -> None:
    """Spent between the look and the claim: nothing to remind of."""
    first, second = people(counter, 2)
    counter.at(TWO_DAYS_BEFORE)

    def spend_the_other(letter: Letter) -> Answer:
        other = second if letter.to == "p1@example.org" else first
        assert desk.redeem(counter.sam, other, 5000).done
        return TAKEN

    one_at_a_time = pytest.MonkeyPatch()
    one_at_a_time.setattr(delivery, "AT_ONCE", 1)
    box = Letterbox(spend_the_other)
    report = run(counter, box)
    one_at_a_time.undo()
    assert (report.due, report.sent, len(box.taken)) == (2, 1, 1)


def test_a_card_that_does_not_add_up_is_left_out(counter: Counter) -> None:
    """It waits for Payments Support, and nobody is told a wrong balance."""
    card = counter.issued("week", recipient=LIN)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 9000 WHERE id = ?", (card,))
    counter.at(TWO_DAYS_BEFORE)
    box = Letterbox()
    report = run(counter, box)
    assert (report.skipped_cards, report.sent, box.taken) == ([card], 0, [])


def test_a_merged_person_is_written_to_at_the_record_that_was_kept(counter: Counter) -> None:
    """And nobody whose data were removed is."""
    card = counter.issued("week", recipient=LIN)
    gone = counter.issued("week", recipient=ABE)
    kept = counter.issued("half", recipient=desk.PersonGiven("Lin Wu", "wu@example.org"))
    ids = {each: counter.sheet(each).holder for each in (card, gone, kept)}
    assert all(ids.values())
    lin, abe, wu = (person.id for person in ids.values() if person is not None)
    assert desk.merge_people(counter.mia, lin, wu).done
    assert desk.remove_person(counter.sue, abe, ref="ZD-9").done
    assert desk.remove_person(counter.mia, abe, ref="ZD-9").done
    counter.at(TWO_DAYS_BEFORE)
    box = Letterbox()
    assert (run(counter, box).unreachable, box.to) == (1, ["wu@example.org"])


def test_progress_is_told_and_reaches_its_end(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five letters, two at a time."""
    monkeypatch.setattr(delivery, "AT_ONCE", 2)
    people(counter, 5)
    counter.at(TWO_DAYS_BEFORE)
    told: list[tuple[int, int]] = []
    remind(counter.olaf, Letterbox(), on_progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (
            "UPDATE reminder SET state = 'waiting', settled_at = NULL",
            "the reminder 2 days before 27 May 2026 was sent, and is not marked so: it could be sent again",
        ),
        (
            "UPDATE reminder SET lead_days = 3",
            "the reminder 3 days before 27 May 2026 is marked as sent, and no activity says so",
        ),
    ],
)
def test_verification_names_reminders_that_card_and_table_dispute(counter: Counter, spoil: str, finding: str) -> None:
    """Somebody with another tool made the desk forget what it sent."""
    card = counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox())
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(spoil)
    assert f"card {card}: {finding}" in counter.findings()


def test_what_its_journal_says_was_sent_is_not_sent_again(counter: Counter) -> None:
    """The row is gone, or the card came from another desk with its history: its journal counts as well."""
    counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox())
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("DELETE FROM reminder")
    assert run(counter, Letterbox()).due == 0
