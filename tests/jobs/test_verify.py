"""Somebody opens the file with another program and changes what is no card: verification names it."""

from collections.abc import Callable

import pytest
from store.counter import plain_sql

from models import desk
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.errors import Fault
from models.fields import canonical_json
from models.jobs.verify import verify
from models.rules.policy import Policy
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.schema import PolicyVersion
from models.store import Store, policy_in_force, policy_seal
from models.unit import Outcome, Session


def done(outcome: Outcome) -> Outcome:
    assert outcome.done, outcome.sentence
    return outcome


@pytest.fixture
def furnished(manager: Session) -> Session:
    """A desk with a colleague, a product, a VIP organisation, two cards, and a second version of the policy."""
    done(set_agent(manager, "sam", role=Role.AGENT, name="Sam", email="sam@desk.example"))
    done(desk.set_product(manager, "half", name="Half year", rules=ValidityRules(period=Period(6, "months"))))
    done(desk.set_organisation(manager, "Northwind", is_vip=True))
    for _ in range(2):
        card_id = done(desk.issue(manager, "half", 5000)).card_id
        assert card_id is not None
        done(desk.register(manager, card_id, PersonGiven("Ada"), organisation="Northwind"))
    store = manager.store
    with store.database.writing():
        content = canonical_json(Policy(version=2, window_hours=48).as_json())
        seal = policy_seal(store.keys, 2, content)
        PolicyVersion.insert(version=2, content=content, recorded_at=store.now(), seal=seal).execute()
    return manager


def findings(store: Store) -> list[str]:
    return [f"{found.subject}: {found.what}" for found in verify(store).findings]


def spoil(store: Store, *statements: str) -> None:
    """Another program does its worst, the triggers out of its way."""
    with plain_sql(store.path, guarded=False) as sql:
        for statement in statements:
            assert sql.execute(statement).rowcount > 0, statement


def test_a_desk_that_only_the_desk_changed_is_sound(furnished: Session) -> None:
    done(set_agent(furnished, "sam", role=Role.SUPERVISOR, email="", is_disabled=True))
    done(set_agent(furnished, "sam", is_disabled=False))
    done(desk.set_product(furnished, "half", name="Six months", rules=ValidityRules(), channels=["web"]))
    done(desk.retire_product(furnished, "half"))
    done(desk.restore_product(furnished, "half"))
    done(desk.set_policy(furnished, reminder_hour=8))
    done(desk.set_organisation(furnished, "Northwind", is_vip=False))
    assert findings(furnished.store) == []


NOT_OURS = "not set by the desk"
POLICY = "it is not as it was written"
LINK = "the link to an organisation was not set by the desk"

FORGERIES = {
    "a role": ("UPDATE agent SET role = 'manager' WHERE login = 'sam'", f"agent 2: {NOT_OURS}: role"),
    "an agent's address": (
        "UPDATE agent SET email = 'ada@home.example' WHERE login = 'sam'",
        f"agent 2: {NOT_OURS}: email",
    ),
    "an address taken away": ("UPDATE agent SET email = NULL WHERE login = 'sam'", f"agent 2: {NOT_OURS}: email"),
    "an agent's name": ("UPDATE agent SET name = 'Mia' WHERE login = 'sam'", f"agent 2: {NOT_OURS}: name"),
    "an agent's login": ("UPDATE agent SET login = 'eve' WHERE login = 'sam'", f"agent 2: {NOT_OURS}: login"),
    "a disabled agent": ("UPDATE agent SET disabled_at = 1 WHERE login = 'sam'", f"agent 2: {NOT_OURS}: is disabled"),
    "an agent invented": (
        "INSERT INTO agent (login, name, role, created_at) VALUES ('eve', 'Eve', 'manager', 0)",
        f"agent 3: {NOT_OURS}: role, name, is disabled",
    ),
    "rules": ("UPDATE product SET rules = replace(rules, '6', '60')", f"product half: {NOT_OURS}: rules"),
    "rules taken away": ("UPDATE product SET rules = NULL", f"product half: {NOT_OURS}: rules"),
    "reminders": ("UPDATE product SET reminders = '[[1,\"weeks\"]]'", f"product half: {NOT_OURS}: reminders"),
    "a product's name": ("UPDATE product SET name = 'Half price'", f"product half: {NOT_OURS}: name"),
    "channels": ("UPDATE product SET channels = '[\"web\"]'", f"product half: {NOT_OURS}: channels"),
    "a retirement": ("UPDATE product SET retired_at = 1", f"product half: {NOT_OURS}: retired at"),
    "a VIP mark": ("UPDATE organisation SET is_vip = 0", "organisation 1: its VIP mark was not set by the desk"),
    "a link": ("UPDATE customer SET organisation_id = NULL WHERE id = 1", f"customer 1: {LINK}"),
    "the policy in force": (
        "UPDATE policy SET content = replace(content, '48', '168') WHERE version = 2",
        f"policy version 2: {POLICY}",
    ),
    "an old version of the policy": (
        "UPDATE policy SET content = replace(content, '24', '168') WHERE version = 1",
        f"policy version 1: {POLICY}",
    ),
    "a seal of the policy": ("UPDATE policy SET seal = x'00' WHERE version = 1", f"policy version 1: {POLICY}"),
    "a version under another's number": (
        "INSERT INTO policy (version, content, recorded_at, seal) "
        "SELECT 3, content, recorded_at, seal FROM policy WHERE version = 1",
        f"policy version 3: {POLICY}",
    ),
    "a code that leads to another card": (
        "UPDATE code_digest SET card_id = 2 WHERE card_id = 1",
        "a code of card 2: its entry is not as it was written",
    ),
    "a code made an alias": (
        "UPDATE code_digest SET is_alias = 1 WHERE card_id = 1",
        "a code of card 1: its entry is not as it was written",
    ),
    "a code's seal": (
        "UPDATE code_digest SET seal = x'00' WHERE card_id = 2",
        "a code of card 2: its entry is not as it was written",
    ),
}


@pytest.mark.parametrize(("statement", "finding"), FORGERIES.values(), ids=FORGERIES.keys())
def test_every_forgery_is_named_and_nothing_else(furnished: Session, statement: str, finding: str) -> None:
    """Whoever reads the list knows which row to look at."""
    assert findings(furnished.store) == []
    spoil(furnished.store, statement)
    found = [each for each in findings(furnished.store) if not each.endswith("no code leads to it")]
    assert found == [finding]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM code_digest WHERE card_id = 1",
        "UPDATE code_digest SET folded = x'00' WHERE card_id = 1",
    ],
    ids=["a code", "a code's other spellings"],
)
def test_what_was_taken_away_is_named(furnished: Session, statement: str) -> None:
    """A card that no code leads to is lost to its holder."""
    spoil(furnished.store, statement)
    assert findings(furnished.store)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE product SET retired_at = NULL", f"product half: {NOT_OURS}: retired at"),
        ("UPDATE product SET channels = NULL", f"product half: {NOT_OURS}: channels"),
        ("UPDATE product SET reminders = '[]'", f"product half: {NOT_OURS}: reminders"),
        ("DELETE FROM policy WHERE version = 3", "policy version 3: its row is missing"),
        ("DELETE FROM policy WHERE version = 2", "policy version 2: its row is missing"),
    ],
)
def test_what_a_manager_set_and_somebody_took_back_is_named(furnished: Session, statement: str, finding: str) -> None:
    """A retired product on sale again, a reminder that nobody gets, a policy of last year: each would go unnoticed."""
    rules, leads = ValidityRules(period=Period(6, "months")), [Period(2, "weeks")]
    done(desk.set_product(furnished, "half", rules=rules, reminders=leads, channels=["store"]))
    done(desk.retire_product(furnished, "half"))
    done(desk.set_policy(furnished, jurisdictions=["ie"]))
    assert findings(furnished.store) == []
    spoil(furnished.store, statement)
    assert findings(furnished.store) == [finding]


Wish = Callable[[Session], Outcome]


@pytest.mark.parametrize(
    "wish",
    [lambda manager: desk.note(manager, 1, "hello"), lambda manager: desk.reactivate(manager, 1)],
    ids=["a note", "a reactivation"],
)
def test_nothing_is_decided_under_a_forged_policy(furnished: Session, wish: Wish) -> None:
    """Neither the window nor the texts of somebody else's making; what a card has stays as it is."""
    store = furnished.store
    spoil(store, "UPDATE policy SET content = replace(content, '48', '168') WHERE version = 2")
    with store.database.connected(), pytest.raises(Fault, match="changed with another tool"):
        policy_in_force(store)
    with pytest.raises(Fault, match="changed with another tool"):
        wish(furnished)
    spoil(store, "UPDATE policy SET content = replace(content, '168', '48') WHERE version = 2")
    assert findings(store) == []
    assert done(desk.note(furnished, 1, "hello")).facts["number"] == 3
