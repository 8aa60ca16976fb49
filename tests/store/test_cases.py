"""Stories of cases: opened with a card, gone on with, listed and looked at."""

import pytest
from store import wishes
from store.calling import LIN, WHOLE, entered, opened, pages, words
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.cases import Which, case_in_hand, case_sheet, cases_listed
from models.pending import cut_offs
from models.rules.cases import CaseOutcome, Step
from models.schema import Audit

ENGINES = BOTH


def test_a_card_that_is_opened_opens_a_case(counter: Counter) -> None:
    """Without a key; it is the agent's, and in hand."""
    card = counter.issued(recipient=LIN)
    outcome = desk.open_case(counter.sam, card, typed="2345 6789 CFHJ 7Q4M")
    case = outcome.facts["case"]
    assert (outcome.sentence, outcome.facts["is_new"]) == (f"Case {case} is open.", True)
    line = case_in_hand(counter.sam, card)
    assert line is not None
    assert (line.id, line.agent, line.is_mine, line.state, line.calls, line.customer) == (
        case,
        "Sam",
        True,
        "open",
        1,
        None,
    )
    assert case_in_hand(counter.sue, card) is None
    assert case_sheet(counter.sam, case).intake.typed_last_four == "7Q4M"
    assert words(counter.sam, case) == ["case opened"]
    assert not counter.findings()


def test_the_same_card_again_goes_on_with_its_case(counter: Counter) -> None:
    """Looked at twice within half an hour is one call; after half an hour without a step it is another."""
    card = counter.issued()
    case = opened(counter.sam, card)
    for minutes, calls in ((29, 1), (29, 1), (30, 2)):
        counter.wait(minutes=minutes)
        outcome = desk.open_case(counter.sam, card)
        assert (outcome.facts["case"], outcome.facts["calls"], outcome.facts["is_new"]) == (case, calls, False)
    assert words(counter.sam, case) == ["case opened", "another call"]
    assert not counter.findings()


def test_who_works_on_the_card_is_still_on_the_same_call(counter: Counter) -> None:
    """A note is a sign of life, too."""
    card = counter.issued()
    case = opened(counter.sam, card)
    counter.wait(minutes=25)
    assert desk.note(counter.sam, card, "waits for her bank").done
    counter.wait(minutes=25)
    assert desk.open_case(counter.sam, card).facts["calls"] == 1
    counter.wait(minutes=30)
    assert desk.open_case(counter.sam, card).facts["calls"] == 2
    assert words(counter.sam, case) == ["case opened", "note", "another call"]


def test_another_card_of_the_customer_comes_to_the_case_in_hand(counter: Counter) -> None:
    """Beside it; both cards lead back to it."""
    cards = [counter.issued(recipient=LIN) for _ in range(2)]
    case = opened(counter.sam, cards[0])
    assert [
        opened(counter.sam, cards[1], beside=case),
        opened(counter.sam, cards[0]),
        opened(counter.sam, cards[1]),
    ] == [case] * 3
    assert case_sheet(counter.sam, case).card_ids == tuple(cards)
    assert not counter.findings()


@pytest.mark.parametrize("what", ["closed", "a colleague's", "not there"])
def test_a_case_that_is_not_in_hand_gets_no_card(counter: Counter, what: str) -> None:
    """The card opens a case of its own."""
    first, second = counter.issued(), counter.issued()
    case = opened(counter.sue if what == "a colleague's" else counter.sam, first)
    if what == "closed":
        assert desk.leave_case(counter.sam, case).facts["is_closed"]
    assert opened(counter.sam, second, beside=99 if what == "not there" else case) == case + 1


def test_two_agents_with_one_card_have_a_case_each(counter: Counter) -> None:
    """Two conversations, and each sees on its time line what the other did to the card."""
    card = counter.issued()
    sams, sues = opened(counter.sam, card), opened(counter.sue, card)
    assert sams != sues
    assert desk.note(counter.sue, card, "rang about a refund").done
    assert words(counter.sam, sams) == ["case opened", "note"]
    assert case_sheet(counter.sam, sams).lines[0].text == "rang about a refund"


def test_an_auditor_looks_without_a_case(counter: Counter) -> None:
    """Who handles no cases leaves none behind."""
    outcome = desk.open_case(counter.ada, counter.issued())
    assert (outcome.done, outcome.sentence) == (
        False,
        "An auditor may not handle cases; ask an agent, a supervisor or a manager.",
    )


def test_every_step_keeps_its_ticket(counter: Counter) -> None:
    """Under which the conversation is known elsewhere."""
    case = opened(counter.sam, counter.issued(), ref="ZD-1")
    assert desk.complete_intake(counter.sam, case, WHOLE, ref="ZD-2").done
    assert desk.add_to_case(counter.sam, case, "it says no", ref="ZD-3").done
    assert desk.close_case(counter.sam, case, CaseOutcome.EXPLAINED, ref="ZD-4").done
    assert desk.reopen_case(counter.sam, case, ref="ZD-5").done
    with counter.store.database.connected():
        entries = Audit.select().where(Audit.subject == f"case:{case}").order_by(Audit.number)
        assert [entry.after["facts"]["ref"] for entry in entries] == [f"ZD-{number}" for number in range(1, 6)]


def test_what_is_told_twice_stands_there_once(counter: Counter) -> None:
    """A hand-over and a reply are in the card's journal and in the case."""
    card = counter.issued(recipient=LIN)
    case = opened(counter.sam, card)
    assert desk.say(counter.sam, card, "active").done
    counter.wait(minutes=1)
    assert desk.escalate(counter.sam, card, desk.Escalation.STILL_FAILS, "till says no", intake=WHOLE).done
    lines = [(line.words, line.text and line.text[:12]) for line in reversed(case_sheet(counter.sam, case).lines)]
    assert [line for line in lines if not line[0].startswith("intake")] == [
        ("case opened", None),
        ("told: active", "Thank you fo"),
        ("handed over: escalation E1-3", "till says no"),
    ]
    assert desk.say(counter.sue, card, "handed_over").done
    assert [line.words for line in case_sheet(counter.sam, case).lines][:1] == ["replied"]


@pytest.mark.files
def test_what_nobody_waits_for_is_not_told_at_the_next_start(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sam closes the window while a case opens by itself: the next morning he is not asked to make sense of that."""
    card, db, execute = counter.issued(), counter.database, counter.database.execute_sql
    case = opened(counter.sam, card)

    def cut_off(sql: str, params: object = None) -> object:
        if sql.startswith('INSERT INTO "intent"'):
            raise KeyboardInterrupt
        return execute(sql, params)

    with monkeypatch.context() as patch:
        patch.setattr(db, "execute_sql", cut_off)
        for wish in (wishes.open_case, wishes.keep_checkout, wishes.leave_case, wishes.add_to_case):
            with pytest.raises(KeyboardInterrupt):
                wish(counter.sam, card if wish is wishes.open_case else case, wish.__name__)
    assert [told.action for told in cut_offs(counter.store)] == ["handle_case"]


def test_a_spoiled_case_can_be_looked_at(counter: Counter) -> None:
    """Whatever somebody wrote into it by hand, verification names it and the page stands."""
    case = opened(counter.sam, counter.issued())
    assert desk.close_case(counter.sam, case, CaseOutcome.EXPLAINED).done
    card = counter.issued()
    second = opened(counter.sam, card)
    assert desk.note(counter.sam, card, "rang").done
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE support_case SET outcome = '\x1b[2J', symptom = 'x', said = 'x', told = '{' WHERE id = 1")
        sql.execute("UPDATE audit SET after = '[1]' WHERE subject = 'case:1' AND number = 1")
        sql.execute("UPDATE audit SET after = '{\"facts\":{\"outcome\":[]}}' WHERE subject = 'case:1' AND number = 2")
        sql.execute("UPDATE activity SET kind = 'magic' WHERE card_id = 2 AND number = 2")
    assert desk.leave_case(counter.sam, second).facts["is_closed"]
    assert cases_listed(counter.sam, "mine_today").lines[0].state == "closed: looked at only"
    assert cases_listed(counter.sam, "mine_today").lines[1].state == "closed: otherwise"
    assert case_sheet(counter.sam, case).line.outcome is CaseOutcome.OTHER
    assert len(counter.findings()) >= 2


def test_a_colleagues_case(counter: Counter) -> None:
    """Everybody reads it; another agent takes it over first, a supervisor may help out."""
    case = opened(counter.mia, counter.issued())
    refused = desk.add_to_case(counter.sam, case, "it says no")
    assert refused.sentence == "This is a case of Mia: take it over first."
    assert wishes.keep_checkout(counter.sam, case, "tried").sentence == refused.sentence
    assert desk.add_to_case(counter.sue, case, "it says no").done
    assert desk.reopen_case(counter.sam, case).sentence == f"Case {case} is yours."
    assert [line.agent for line in cases_listed(counter.ada, "open").lines] == ["Sam"]
    assert words(counter.ada, case) == ["case opened", "added", "taken over"]
    assert not desk.leave_case(counter.mia, case).facts["is_closed"]
    assert not counter.findings()


def test_there_is_no_such_case(counter: Counter) -> None:
    """Every deed says so."""
    for outcome in (
        desk.leave_case(counter.sam, 99),
        desk.add_to_case(counter.sam, 99, "x"),
        desk.close_case(counter.sam, 99, CaseOutcome.EXPLAINED),
        desk.reopen_case(counter.sam, 99),
        desk.complete_intake(counter.sam, 99, WHOLE),
    ):
        assert (outcome.done, outcome.sentence) == (False, "There is no case 99.")
    assert desk.open_case(counter.sam, 99).sentence == "There is no such card."


def test_the_lists_are_read_page_by_page(counter: Counter) -> None:
    """Each case once, in the order of the list, however small the pages."""
    cases = []
    for _ in range(7):
        counter.wait(minutes=1)
        cases.append(opened(counter.sam, counter.issued()))
        if len(cases) < 6:
            entered(counter.sam, cases[-1], Step.ASKED, waits_for="approval:1")
    for case in cases[:2]:
        entered(counter.sue, case, Step.ANSWERED, waits_for="approval:1")
    assert desk.leave_case(counter.sam, cases[6]).facts["is_closed"]
    expected: dict[Which, list[int]] = {
        "mine_open": cases[5::-1],
        "mine_today": cases[::-1],
        "open": cases[:6],
        "waiting": cases[:5],
    }
    for which, numbers in expected.items():
        assert pages(counter.sam, which, 2) == [numbers[at : at + 2] for at in range(0, len(numbers), 2)]
    assert not cases_listed(counter.sue, "mine_today").lines


def test_yesterdays_cases_are_not_todays(counter: Counter) -> None:
    """The day of the business begins at its midnight: 23:00 UTC in May."""
    counter.at("2026-05-21T22:59:59")
    opened(counter.sam, counter.issued())
    assert len(cases_listed(counter.sam, "mine_today").lines) == 1
    counter.wait(seconds=1)
    assert not cases_listed(counter.sam, "mine_today").lines
