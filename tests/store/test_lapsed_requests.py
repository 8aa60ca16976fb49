"""Stories of requests that nobody decided about within a day."""

from datetime import timedelta

import pytest
from postgres import AT_LENGTH
from store.asking import LIN, asked, decided_for, refused
from store.counter import Counter

from models import desk
from models.approvals import requests
from models.cases import cases_listed
from models.rules.cases import CaseOutcome
from models.schema import Audit

ENGINES = AT_LENGTH

pytestmark = pytest.mark.usefixtures("thresholds")


def test_a_request_lapses_after_a_day_to_the_microsecond(counter: Counter, dear: int) -> None:
    """The last instant before it still counts; the day itself does not."""
    request = asked(counter, dear)
    counter.wait(hours=24)
    told = "The request lapsed on 29 May 2026 06:00: it has to be asked for anew."
    assert refused(desk.approve(counter.sue, request)) == told
    assert refused(desk.refuse_approval(counter.sue, request, "no")) == told
    assert refused(desk.withdraw_approval(counter.sam, request)) == told
    assert requests(counter.store).waiting == ()
    listed = decided_for(counter.sue)
    assert [(line.card_id, line.remark) for line in listed.lines] == [(dear, "lapsed 29 May 06:00, asked for by Sam")]
    counter.clock.tick(-timedelta(microseconds=1))
    assert decided_for(counter.sue).lines == ()
    assert desk.approve(counter.sue, request).done


def test_the_case_of_a_request_that_lapsed_waits_no_more(counter: Counter, dear: int) -> None:
    """Nobody writes anything: Sam sees it in his list, tells the customer, and turns to the next."""
    asked(counter, dear)
    counter.wait(hours=24)
    counter.clock.tick(-timedelta(microseconds=1))
    (line,) = cases_listed(counter.sam, "mine_open").lines
    assert (line.state, line.answered_at) == ("waits for approval", None)
    counter.clock.tick(timedelta(microseconds=1))
    (line,) = cases_listed(counter.sam, "mine_open").lines
    assert (line.state, line.answered_at, line.waits_for) == ("approval lapsed", counter.clock.at, ())
    assert not desk.leave_case(counter.sam, line.id).facts["is_closed"]
    counter.wait(hours=1)
    assert desk.say(counter.sam, dear).done
    (line,) = cases_listed(counter.sam, "mine_open").lines
    assert (line.state, line.answered_at) == ("told", None)
    assert desk.leave_case(counter.sam, line.id).facts["is_closed"]
    assert not counter.findings()


def test_a_case_that_was_closed_after_its_request_lapsed_stays_closed(counter: Counter) -> None:
    """It needs no reason for a missing answer; who asks anew does so in a case of its own."""
    card = counter.issued("half", 15_000)
    assert desk.suspend(counter.mia, card, "stolen").done
    asked(counter, card, reason="found")
    counter.wait(hours=24)
    (before,) = cases_listed(counter.sam, "mine_open").lines
    assert desk.close_case(counter.sam, before.id, CaseOutcome.NOT_HEARD_OF).done
    asked(counter, card, reason="found")
    (line,) = cases_listed(counter.sam, "mine_open").lines
    assert (line.id > before.id, line.state) == (True, "waits for approval")
    assert not counter.findings()


def test_a_case_that_is_still_open_hears_that_its_request_lapsed(counter: Counter) -> None:
    """Who asks anew in the same case waits for one answer, not for two."""
    card = counter.issued("half", 15_000)
    assert desk.suspend(counter.mia, card, "stolen").done
    first = asked(counter, card, reason="found")
    counter.wait(hours=24)
    second = asked(counter, card, reason="found")
    (line,) = cases_listed(counter.sam, "mine_open").lines
    assert line.waits_for == (f"approval:{second}",)
    with counter.store.database.connected():
        entries = Audit.select().where((Audit.subject == f"case:{line.id}") & (Audit.action == "answered"))
        answered = [entry.after["facts"] for entry in entries]
    assert answered == [{"waits_for": f"approval:{first}", "answer": "lapsed"}]
    assert not counter.findings()


def test_one_that_lapsed_is_closed_when_the_card_is_asked_for_anew(counter: Counter, dear: int) -> None:
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=True).done
    assert desk.register(counter.sue, dear, LIN, organisation="Northwind").done
    first = asked(counter, dear)
    counter.wait(hours=24)
    second = asked(counter, dear)
    store = counter.store
    told = requests(store, counter.clock.now() - timedelta(days=1))
    assert [each.id for each in told.waiting] == [second]
    assert [(each.id, each.decision, each.decided_by) for each in told.decided] == [(first, "lapsed", None)]
    assert not counter.findings()
