"""A clock was far ahead once: a manager leads the desk out of it, with open eyes, and never back into yesterday."""

from datetime import timedelta

import peewee
import pytest
from store.counter import BOTH, NOON, STAFF, Counter, ServedDesks, plain_sql
from store.forging import forging, opened_by_the_owner
from store.wishes import LIGHT

from models import credentials, desk
from models.acceptances import acceptances, told, told_of_one_alone
from models.clock import FixedClock
from models.desk import Escalation
from models.desk.agents import add_agent, set_agent
from models.errors import Fault, Refused
from models.jobs.accepting import Ahead, accept_clock, look_ahead
from models.jobs.anchored import compare
from models.jobs.anchoring import take_anchor
from models.jobs.expire import expire
from models.rules.roles import Role
from models.schema import Outbox, database_proxy
from models.store import open_store
from models.unit import Session

YEARS = timedelta(days=3652)
WHY = "The battery of the clock was empty."


ENGINES = BOTH
LEAPS = "Something was recorded on .*, less than a week after this clock"


@pytest.fixture
def leapt(in_earnest: Counter) -> Counter:
    """A desk whose clock stood ten years ahead for an hour, in which people worked and the run came by."""
    counter = in_earnest
    counter.issued("week")
    assert desk.note(counter.sam, counter.issued("forever"), "Called.").done
    counter.clock.tick(YEARS)
    assert desk.redeem(counter.sam, 2, 100).done
    assert expire(counter.olaf, is_sure=True).cards == 1
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=True).done
    counter.wait(hours=1)
    assert desk.note(counter.sam, 2, "Called again.").done
    counter.clock.tick(-YEARS)
    counter.wait(days=1)
    return counter


def asked(session: Session, why: str = WHY) -> Ahead:
    """Somebody, who on a server is let in as the desk's owner, asks for the clock to be accepted, or agrees."""
    try:
        owned = opened_by_the_owner(session.store.path, session.store.clock)
        return accept_clock(Session(owned, session.login), why)
    finally:
        database_proxy.initialize(session.store.database)


def accepted(session: Session) -> Ahead:
    """The clock, as somebody asked for and the operator agreed to."""
    assert asked(session).to_agree
    return asked(Session(session.store, "olaf"), "It hung on no network.")


def test_a_desk_gets_out_of_a_wrong_future(leapt: Counter) -> None:
    """Told what was recorded there, a manager accepts the clock: everybody works on, and it is written down."""
    assert "days behind the last record" in desk.note(leapt.sam, 2, "x").sentence
    assert not desk.redeem(leapt.sam, 2, 100).done
    ahead = look_ahead(leapt.mia)
    moved = {each.kind: (each.count, each.amount_minor) for each in ahead.moved}
    assert moved == {"breakage": (1, -5000), "note": (1, 0), "redemption": (1, -100)}
    assert [card for card, _ in ahead.cards] == [1, 2]
    assert [(card, minor) for card, _, _, minor in ahead.broken] == [(1, 5000)]
    assert ahead.refusal is None
    accepted(leapt.mia)
    assert desk.redeem(leapt.sam, 2, 100).done
    assert leapt.last(2).recorded_at == leapt.clock.at
    with leapt.store.database.connected():
        (told,) = acceptances()
        assert (told.at, told.reached_at, told.reason) == (leapt.clock.at, ahead.reached_at, "It hung on no network.")
        assert (told.by, told.asked_by) == ("Olaf", "Mia")
    assert not leapt.findings()


@pytest.mark.files
def test_what_came_of_the_future_stays(leapt: Counter) -> None:
    """Nothing is rewritten: journals keep what was recorded, with the instants that the clock gave."""
    before = leapt.kinds(1), leapt.kinds(2)
    accepted(leapt.mia)
    assert (leapt.kinds(1), leapt.kinds(2)) == before
    assert leapt.last(2).recorded_at.year == 2036


@pytest.mark.files
def test_only_a_manager_accepts_a_clock(leapt: Counter) -> None:
    for login, role in STAFF.items():
        if role is not Role.MANAGER:
            for wish in (look_ahead, asked):
                with pytest.raises(Refused, match="ask a manager"):
                    wish(Session(leapt.store, login))
    assert not desk.note(leapt.sam, 2, "x").done


def test_nobody_takes_time_back_alone(leapt: Counter) -> None:
    """A week in which nobody worked looks like a leap: who answers for the desk beside the manager agrees, or not."""
    assert look_ahead(leapt.mia).to_agree == ("Ada", "Olaf")
    assert asked(leapt.mia).to_agree == ("Ada", "Olaf")
    assert not desk.note(leapt.sam, 2, "x").done
    with pytest.raises(Refused, match=r"^Mia asked for .*was empty\. Now Ada or Olaf has to agree\. Nothing"):
        asked(leapt.mia)
    with pytest.raises(Refused, match="ask a manager"):
        asked(leapt.sue)
    assert (look_ahead(leapt.olaf).asked_by or "").startswith("Mia asked for this clock to be accepted: The battery")
    leapt.wait(hours=25)
    with pytest.raises(Refused, match="ask a manager"):
        asked(leapt.olaf)
    assert asked(leapt.mia).to_agree
    assert not asked(leapt.olaf).to_agree
    assert desk.note(leapt.sam, 2, "x").done
    (sentence,) = told(leapt.store)
    assert " Olaf, asked by Mia, took the desk's time back from " in sentence
    assert told_of_one_alone(leapt.store) == []


def test_who_came_behind_the_present_does_not_agree(leapt: Counter) -> None:
    """A manager could have made them up; on a desk without anybody else one does it alone, which is told for ever."""
    leapt.clock.tick(YEARS)
    for login in ("olaf", "ada"):
        assert set_agent(leapt.mia, login, is_disabled=True).done
    assert add_agent(leapt.mia, "max", role=Role.MANAGER).done
    leapt.clock.tick(-YEARS)
    assert look_ahead(Session(leapt.store, "max")).to_agree == ("Mia",)
    assert look_ahead(leapt.mia).to_agree == ()
    assert not asked(leapt.mia).to_agree
    assert desk.note(leapt.sam, 2, "x").done
    for sentence in (*told(leapt.store), *told_of_one_alone(leapt.store)):
        assert " Mia alone took the desk's time back from " in sentence
    assert [sentence.endswith(f": {WHY}") for sentence in told(leapt.store)] == [True]


def test_on_a_server_its_clerks_take_no_time_back(served: ServedDesks) -> None:
    """Not even a manager with the server's own tools: whoever owns the desk there has to be asked."""
    with served.copy(is_sandbox=False) as place:
        counter = Counter(open_store(place), FixedClock(NOON))
        with plain_sql(place) as sql:
            sql.execute("UPDATE high_water SET reached_at = reached_at + 315360000000000")
        assert accept_clock(counter.mia, WHY).to_agree
        with pytest.raises(Fault, match="does not give you the right to do that"):
            accept_clock(counter.olaf, WHY)
        asked(counter.olaf)
        assert desk.set_organisation(counter.mia, "Northwind").done


def test_a_clock_that_was_set_back_is_not_accepted(in_earnest: Counter) -> None:
    """Who makes yesterday of today, to reactivate what expired, is told so, whatever their role."""
    counter = in_earnest
    card = counter.issued("week")
    for _ in range(12):
        counter.wait(days=1)
        assert desk.note(counter.sam, card, "Called.").done
    counter.wait(days=-4)
    assert look_ahead(counter.mia).refusal is not None
    with pytest.raises(Refused, match=LEAPS):
        accepted(counter.mia)
    assert "behind the last record" in desk.reactivate(counter.mia, card).sentence
    counter.wait(days=4, seconds=-60)
    with pytest.raises(Refused, match="there is nothing to accept"):
        accepted(counter.mia)


@pytest.mark.files
def test_the_leap_is_a_week_at_least(in_earnest: Counter) -> None:
    """To the microsecond: a desk at which nobody works for a week is hardly one whose clock anybody turns back."""
    counter = in_earnest
    counter.issued()
    counter.wait(days=7)
    counter.issued()
    counter.wait(days=-7, microseconds=1)
    with pytest.raises(Refused, match=LEAPS):
        accepted(counter.mia)
    counter.wait(microseconds=-1)
    accepted(counter.mia)
    assert desk.note(counter.sam, 1, "x").done


@pytest.mark.files
def test_a_clock_from_before_the_desk_was_made_is_not_accepted(in_earnest: Counter) -> None:
    """So a computer's clock looks whose battery is empty; every anchor would be worth nothing afterwards."""
    in_earnest.issued()
    in_earnest.wait(days=-9_000)
    with pytest.raises(Refused, match="behind all that the desk ever recorded"):
        accepted(in_earnest.mia)


@pytest.mark.files
def test_a_sandbox_has_nothing_to_accept(counter: Counter) -> None:
    with pytest.raises(Refused, match="clock of a sandbox"):
        accepted(counter.mia)


def test_the_database_takes_no_time_back_that_is_not_counted(leapt: Counter) -> None:
    """Nor is it uncounted later; and what another tool counts, the audit does not bear out."""
    accepted(leapt.mia)
    for statement in (
        "UPDATE high_water SET reached_at = reached_at - 1",
        "UPDATE high_water SET reached_at = reached_at - 1, taken_back = taken_back + 2",
        "UPDATE high_water SET taken_back = NULL",
    ):
        with pytest.raises(peewee.PeeweeException), leapt.store.database.writing():
            leapt.store.database.execute_sql(statement)
    with plain_sql(leapt.store.path) as sql:
        sql.execute("UPDATE high_water SET reached_at = reached_at - 1000, taken_back = taken_back + 1")
    assert leapt.findings() == ["the desk's time: it was taken back 2 times, and the audit tells of 1"]


@pytest.mark.files
@pytest.mark.parametrize("column", ["before", "after"])
@pytest.mark.parametrize("spoiled", [None, "{}", "[]", "not JSON", '{"reached_at": 7, "first_ahead": 7}'])
def test_a_row_about_it_that_was_spoiled_is_named(leapt: Counter, column: str, spoiled: str | None) -> None:
    """As any other row; nothing stumbles over it."""
    accepted(leapt.mia)
    with plain_sql(leapt.store.path, guarded=False) as sql:
        sql.execute(f"UPDATE audit SET {column} = ? WHERE action = 'accept_clock'", (spoiled,))
    assert "audit of desk: row 2 is not as it was written" in leapt.findings()
    assert compare(leapt.store, take_anchor(leapt.mia).anchor) == []


def test_time_that_was_set_back_with_another_tool_is_seen(in_earnest: Counter) -> None:
    """With the safeguard out of the way nothing is counted; but a card was changed later than the last record."""
    in_earnest.issued()
    with plain_sql(in_earnest.store.path, guarded=False) as sql:
        sql.execute("UPDATE high_water SET reached_at = reached_at - 86400000000")
    last = "the last record is said to be of 20 May 2026 13:00"
    assert in_earnest.findings() == [f"the desk's time: {last}, and a card was changed on 21 May 2026 13:00"]


def test_an_anchor_of_the_wrong_future_says_that_it_is_one(in_earnest: Counter) -> None:
    """What was recorded since lies before it, and can't be told from what was there; all others hold on."""
    counter, anchors = in_earnest, []
    counter.issued("forever")
    for leap in (timedelta(), YEARS, timedelta(days=1)):
        counter.clock.tick(leap)
        if leap == timedelta(days=1):
            counter.clock.tick(-YEARS)
            accepted(counter.mia)
        assert desk.redeem(counter.sam, 1, 100).done
        counter.wait(minutes=1)
        anchors.append(take_anchor(counter.mia).anchor)
        counter.wait(minutes=1)
    assert desk.redeem(counter.sam, 1, 100).done
    with forging(opened_by_the_owner(counter.store.path, counter.clock)) as forger:
        for _ in range(2):
            forger.rewrites(1, lambda rows: rows.pop())
        cut_off = [finding.what for finding in compare(forger.store, anchors[2])]
        assert cut_off == ["its journal ends before activity 4, which the anchor of 22 May 2026 13:05 knew"]
    database_proxy.initialize(counter.store.database)
    before, ahead, after = ([finding.what for finding in compare(counter.store, each)] for each in anchors)
    assert (before, after) == ([], [])
    assert ahead == [
        "it was taken while the clock was ahead. On 22 May 2026 13:04 Olaf, asked by Mia, took the desk's time back, "
        "and what was recorded since can't be told from what was recorded before"
    ]


@pytest.mark.files
def test_whoever_is_to_accept_the_clock_signs_in_despite_it(
    in_earnest: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password opens nothing while the clock can't be believed, but for that; nobody waits for ten years."""
    monkeypatch.setattr(credentials, "COST", LIGHT)
    counter, store = in_earnest, in_earnest.store
    assert desk.set_password(counter.mia, "mia", "correct horse battery").done
    counter.clock.tick(YEARS)
    for _ in range(5):
        assert credentials.proved(store, "mia", "wrong") is None
    counter.clock.tick(-YEARS)
    with pytest.raises(Refused, match="behind the last record"):
        credentials.sign_in(store, "mia", "correct horse battery")
    assert desk.set_password(counter.mia, "mia", "correct horse battery").done is False
    accepted(counter.mia)
    counter.wait(seconds=1)
    assert credentials.sign_in(store, "mia", "correct horse battery").proof


@pytest.mark.files
def test_a_letter_that_was_to_go_in_the_future_goes_now(leapt: Counter) -> None:
    """What is tried again only in ten years would never go."""
    store, later = leapt.store, leapt.clock.at + YEARS
    accepted(leapt.mia)
    assert desk.set_policy(leapt.mia, payments_email="support@example.org").done
    assert desk.escalate(leapt.sam, 2, Escalation.STILL_FAILS, "Declined again.").done
    with store.database.writing():
        Outbox.update(next_try_at=later).execute()
    leapt.clock.tick(YEARS)
    assert desk.note(leapt.sam, 2, "x").done
    leapt.clock.tick(-YEARS)
    accepted(leapt.mia)
    with store.database.connected():
        assert [row.next_try_at for row in Outbox.select()] == [leapt.clock.at]
