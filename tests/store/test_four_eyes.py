"""Getting round four eyes with SQL through the desk's own connection: refused by the database, or found.

On a server it is a clerk's connection, with the rights that the README grants.
"""

from collections.abc import Callable

import peewee
import pytest
from store.counter import BOTH, Counter

from models import desk
from models.agents import look_up
from models.desk import PersonGiven
from models.rules.roles import Role
from models.unit import Session

ENGINES = BOTH
NOW = 1_780_000_000_000_000
COLUMNS = "id, card_id, why, grounds, policy, asked_at, asked_by, asked_by_name, seal"


REFUSED = {
    "insert an approved request": f"INSERT INTO approval ({COLUMNS}, decision, decided_at, decided_by) SELECT "
    f"99, card_id, why, grounds, policy, asked_at, asked_by, asked_by_name, seal, 'approved', {NOW}, {{sue}} "
    "FROM approval",
    "ask twice": f"INSERT INTO approval ({COLUMNS}) SELECT 99, card_id, why, grounds, policy, asked_at, asked_by, "
    "asked_by_name, seal FROM approval",
    "say that somebody else asked": "UPDATE approval SET asked_by = {sue}",
    "say so by name": "UPDATE approval SET asked_by_name = 'Sue'",
    "ask later than it was": f"UPDATE approval SET asked_at = {NOW}",
    "rest on something else": "UPDATE approval SET grounds = '[]'",
    "ask for another card": "UPDATE approval SET card_id = (SELECT MAX(id) FROM gift_card)",
    "need nothing": "UPDATE approval SET why = '[]'",
    "write another note": "UPDATE approval SET note = 'fine'",
    "write another reason": "UPDATE approval SET reason = 'fine'",
    "seal it anew": "UPDATE approval SET seal = grounds",
    "approve one's own": f"UPDATE approval SET decision = 'approved', decided_at = {NOW}, decided_by = {{sam}}",
    "approve as nobody": f"UPDATE approval SET decision = 'approved', decided_at = {NOW}",
    "refuse one's own": f"UPDATE approval SET decision = 'refused', decided_at = {NOW}, decided_by = {{sam}}",
    "decide in another way": f"UPDATE approval SET decision = 'waved', decided_at = {NOW}, decided_by = {{sue}}",
    "take it away": "DELETE FROM approval",
    "give a colleague's login away": "UPDATE agent SET login = 'sue2' WHERE id = {sue}",
    "become another agent": "UPDATE agent SET id = 99 WHERE id = {sam}",
    "count down": "UPDATE quota SET used = used - 1",
    "count from below": "INSERT INTO quota (agent_id, on_day, used) VALUES ({sue}, '2026-05-28', -5)",
    "take the count away": "DELETE FROM quota",
}
REFUSED_AFTERWARDS = {
    "reopen": "UPDATE approval SET decision = NULL, decided_at = NULL, decided_by = NULL, decided_by_name = NULL",
    "decide twice": "UPDATE approval SET decision = 'approved'",
    "say that somebody else decided": "UPDATE approval SET decided_by = {sam}",
    "say something else": "UPDATE approval SET said = 'fine'",
    "name a reactivation": "UPDATE approval SET number = 1",
}
FOUND = {
    "approve as Sue": (
        f"UPDATE approval SET decision = 'approved', decided_at = {NOW}, decided_by = {{sue}}, number = 1",
        "what was decided was not decided at the desk",
    ),
    "withdraw for Sam": (
        f"UPDATE approval SET decision = 'withdrawn', decided_at = {NOW}, decided_by = {{sam}}",
        "what was decided was not decided at the desk",
    ),
    "let it lapse": (
        f"UPDATE approval SET decision = 'lapsed', decided_at = {NOW}",
        "what was decided was not decided at the desk",
    ),
    "raise a limit": ("UPDATE quota SET most = 900", "its limit was not raised at the desk"),
    "use a limit up": ("UPDATE quota SET used = 900", "900 reactivations are counted, and 1 were done"),
    "raise tomorrow's limit": (
        "INSERT INTO quota (agent_id, on_day, used, most) VALUES ({sam}, '2026-05-29', 0, 900)",
        "its limit was not raised at the desk",
    ),
}


@pytest.fixture
def request_(counter: Counter) -> int:
    """Sam's request for a card, after one reactivation that needed none."""
    assert desk.set_policy(counter.mia, approve_above={"GBP": 10_000}, stop_at=15).done
    dear, cheap = counter.issued("week", 15_000), counter.issued("week")
    counter.at("2026-05-28T02:00")
    assert desk.reactivate(counter.sam, cheap).done
    return int(desk.reactivate(counter.sam, dear, note="abroad").facts["approval"])


@pytest.fixture
def attack(counter: Counter, request_: int) -> Callable[[str], None]:
    """Run a statement as the app itself would."""

    def run(statement: str) -> None:
        with counter.store.database.writing():
            sam, sue = look_up(counter.sam).id, look_up(counter.sue).id
            counter.store.database.execute_sql(statement.format(request=request_, sam=sam, sue=sue))

    return run


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses(counter: Counter, request_: int, attack: Callable[[str], None], statement: str) -> None:
    """By a constraint, a trigger, or because a clerk has no right to it; the request is what it was."""
    with pytest.raises(peewee.PeeweeException):
        attack(statement)
    assert not counter.findings()
    assert desk.approve(counter.sue, request_).done


@pytest.mark.parametrize("statement", REFUSED_AFTERWARDS.values(), ids=REFUSED_AFTERWARDS)
def test_the_database_refuses_to_decide_anew(
    counter: Counter, request_: int, attack: Callable[[str], None], statement: str
) -> None:
    """What was refused stays refused."""
    assert desk.refuse_approval(counter.sue, request_, "not sure").done
    with pytest.raises(peewee.PeeweeException):
        attack(statement)
    assert not counter.findings()
    assert desk.approve(counter.mia, request_).sentence.startswith("Sue refused to approve this on")


@pytest.mark.parametrize(("statement", "finding"), FOUND.values(), ids=FOUND)
def test_a_forgery_moves_no_money_and_is_found(
    counter: Counter, request_: int, attack: Callable[[str], None], statement: str, finding: str
) -> None:
    """The card is what it was; verification names what was done."""
    attack(statement)
    assert [each.partition(": ")[2] for each in counter.findings()] == [finding]
    if "approval" in statement:
        assert not desk.approve(counter.sue, request_).done


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO approval ({COLUMNS}) SELECT 99, 1, why, grounds, policy, asked_at, asked_by, asked_by_name, seal "
        "FROM approval",
        f"INSERT INTO approval ({COLUMNS}) SELECT 99, 1, why, grounds, policy, asked_at, {{sue}}, 'Sue', seal "
        "FROM approval",
    ],
    ids=["a copy", "in another's name"],
)
def test_a_request_that_nobody_made_is_not_approved(
    counter: Counter, request_: int, attack: Callable[[str], None], statement: str
) -> None:
    """Its seal is another one's, and the audit knows nothing of it."""
    assert desk.refuse_approval(counter.sue, request_, "not sure").done
    attack(statement)
    told = desk.approve(counter.mia, 99)
    assert told.sentence.startswith("The request was changed with another tool. Nothing was changed")
    assert counter.findings() == ["request 99: nobody at the desk asked for it"]


@pytest.mark.parametrize("at", ["NULL", str(NOW - 1)], ids=["unknown", "long ago"])
@pytest.mark.parametrize(("table", "column"), [("organisation", "vip_changed_at"), ("customer", "linked_at")])
def test_a_vip_ground_made_older_than_it_is_is_found(counter: Counter, table: str, column: str, at: str) -> None:
    """Marked and linked a moment ago: who says by SQL that it was long ago is found out."""
    card = counter.issued("week")
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=True).done
    assert desk.register(counter.sue, card, PersonGiven("Lin", "lin@example.org"), organisation="Northwind").done
    assert not counter.findings()
    with counter.store.database.writing():
        counter.store.database.execute_sql(f"UPDATE {table} SET {column} = {at}")
    (finding,) = counter.findings()
    assert finding.startswith(f"{table} 1: since when ")


def test_a_second_login_is_no_second_pair_of_eyes(counter: Counter, request_: int) -> None:
    """Sam is a supervisor by another login; whoever has the same e-mail address is taken for the same person."""
    assert desk.set_policy(counter.mia, stop_at=1).done
    added = desk.agents.add_agent(counter.mia, "samuel", role=Role.SUPERVISOR, email="Sam@desk.example")
    assert (added.done, added.facts["is_disabled"]) == (True, False)
    samuel = Session(counter.store, "samuel")
    told = desk.approve(samuel, request_)
    assert told.sentence == "Sam, who asked for this, has your e-mail address: somebody else must decide."
    assert desk.raise_quota(samuel, "sam", 9, "busy").sentence == "Your own limit is raised by somebody else."


def test_a_note_that_was_taken_away_is_missed(counter: Counter, request_: int, attack: Callable[[str], None]) -> None:
    """Emptying it is what a removal may do; nobody approves what was asked for with other words."""
    attack("UPDATE approval SET note = NULL")
    assert desk.approve(counter.sue, request_).sentence.startswith("The request was changed with another tool.")
