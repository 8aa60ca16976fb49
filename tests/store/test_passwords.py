"""Stories of passwords: who sets them, what they open, and whom they keep out."""

import argon2
import pytest
from postgres import AT_LENGTH
from store.counter import Counter, plain_sql
from store.crew import SIZE, Crew, Job
from store.wishes import LIGHT

from models import credentials, desk
from models.agents import admit
from models.credentials import NO_WAY_IN, proved, sign_in, unlock
from models.desk.agents import add_agent, set_agent
from models.errors import Fault, NotAdmitted, PasswordNeeded, Refused
from models.rules.passwords import FREE_TRIES
from models.rules.policy import SignIn
from models.rules.roles import Role
from models.schema import Agent
from models.unit import Session

ENGINES = AT_LENGTH
HORSE = "correct horse battery"
STAPLE = "staple and paper clip"
ORIGINAL_COST, ORIGINAL_NOBODYS = dict(credentials.COST), credentials._NOBODYS
NOBODYS = argon2.PasswordHasher(**LIGHT).hash("nobody's own")


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash costs next to nothing here: nobody guesses at these."""
    monkeypatch.setattr(credentials, "COST", LIGHT)
    monkeypatch.setattr(credentials, "_NOBODYS", NOBODYS)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each hash that a password was held against."""
    against: list[str] = []
    fits = credentials._fits

    def noted(hash_: str, password: str) -> bool:
        against.append(hash_)
        return fits(hash_, password)

    monkeypatch.setattr(credentials, "_fits", noted)
    return against


def set_first(counter: Counter, login: str, password: str = HORSE) -> None:
    assert desk.set_password(counter.mia, login, password).done


def ask_for_passwords(counter: Counter) -> Session:
    """Let the desk ask for passwords; Mia, as she works on."""
    set_first(counter, "mia")
    assert desk.set_policy(counter.mia, sign_in=SignIn.PASSWORD).done
    return sign_in(counter.store, "mia", HORSE)


# Setting one.


def test_somebody_sets_their_first_password_and_signs_in_with_it(in_earnest: Counter) -> None:
    """Whatever the computer says who they are."""
    assert desk.set_password(in_earnest.sam, "sam", HORSE).sentence == "Your password is set."
    session = sign_in(in_earnest.store, "sam", HORSE)
    assert desk.note(session, in_earnest.issued(), "called").done
    assert not in_earnest.findings()


def test_ones_own_password_is_changed_with_the_old_one_only(in_earnest: Counter) -> None:
    """Whoever finds a desk left open changes nothing."""
    set_first(in_earnest, "sam")
    for old in (None, STAPLE):
        refused = desk.set_password(in_earnest.sam, "sam", STAPLE, old=old)
        assert (refused.done, refused.is_mendable) == (False, True)
        assert refused.sentence.startswith("That is not your old password.")
    assert desk.set_password(in_earnest.sam, "sam", STAPLE, old=HORSE).done
    assert proved(in_earnest.store, "sam", STAPLE)
    assert not proved(in_earnest.store, "sam", HORSE)
    assert not in_earnest.findings()


def test_a_manager_resets_what_somebody_forgot(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    done = desk.set_password(in_earnest.mia, "sam", STAPLE)
    assert done.sentence == (
        "The password of sam is set. Whoever works with the one before is stopped at their next action."
    )
    assert proved(in_earnest.store, "sam", STAPLE)
    assert desk.set_password(in_earnest.sam, "sam", HORSE, old=STAPLE).done
    with plain_sql(in_earnest.store.path) as sql:
        told = sql.execute(
            "SELECT actor_name, action FROM audit WHERE subject LIKE 'credential:%' ORDER BY number"
        ).fetchall()
    assert [tuple(row) for row in told] == [("Mia", "set"), ("Mia", "reset"), ("Sam", "change")]


@pytest.mark.parametrize("login", ["sue", "sam", "ada", "pat", "olaf"])
def test_nobody_but_a_manager_sets_anybody_elses(in_earnest: Counter, login: str) -> None:
    refused = desk.set_password(Session(in_earnest.store, login), "mia", HORSE)
    assert not refused.done
    assert refused.sentence.endswith("may not change agents; ask a manager.")
    assert not admit(in_earnest.mia).has_password


def test_a_password_is_set_for_people_of_the_desk_only(in_earnest: Counter) -> None:
    refused = desk.set_password(in_earnest.mia, "nobody", HORSE)
    assert refused.sentence == "Nobody at this desk has that login: add them first with giftdesk agents add."


def test_a_weak_password_is_refused_before_anything_is_hashed(in_earnest: Counter) -> None:
    refused = desk.set_password(in_earnest.sam, "sam", "short")
    assert (refused.done, refused.is_mendable) == (False, True)
    assert not admit(in_earnest.sam).has_password


def test_the_same_wish_sets_it_once_and_another_password_is_another_wish(in_earnest: Counter) -> None:
    """The answer was lost on the way and the command is typed again."""
    assert desk.set_password(in_earnest.mia, "sam", HORSE, intent="k1").done
    again = desk.set_password(in_earnest.mia, "sam", HORSE, intent="k1")
    assert (again.done, again.repeated) == (True, True)
    assert not desk.set_password(in_earnest.mia, "sam", STAPLE, intent="k1").done
    assert proved(in_earnest.store, "sam", HORSE)


def test_neither_audit_nor_wish_holds_password_or_hash(in_earnest: Counter) -> None:
    """What is kept of a change tells which password it was to nobody."""
    set_first(in_earnest, "sam")
    sql = in_earnest.store.database.execute_sql
    with in_earnest.store.database.connected():
        (hash_,) = sql("SELECT hash FROM credential").fetchone()
        rows = [*sql("SELECT before, after FROM audit").fetchall(), *sql("SELECT result, '' FROM intent").fetchall()]
        (subject, action, after) = sql(
            "SELECT subject, action, after FROM audit WHERE subject LIKE 'credential%'"
        ).fetchone()
    assert hash_.startswith("$argon2id$")
    assert not [row for row in rows if hash_ in str(row) or HORSE in str(row) or "argon2" in str(row)]
    assert (subject.partition(":")[0], action) == ("credential", "set")
    assert "digest" in str(after)


# Wrong ones.


def test_whoever_is_wrong_is_told_the_same_after_the_same_work(in_earnest: Counter, tried: list[str]) -> None:
    """A stranger, somebody without a password, a wrong one, the right one while it waits: nobody learns who is here."""
    set_first(in_earnest, "sam")
    told = []
    for login, password in [("nobody", HORSE), ("sue", HORSE), *[("sam", STAPLE)] * (FREE_TRIES + 1), ("sam", HORSE)]:
        with pytest.raises(NotAdmitted) as refused:
            sign_in(in_earnest.store, login, password)
        told.append(str(refused.value))
    assert set(told) == {NO_WAY_IN}
    assert len(tried) == len(told)


def test_what_no_keyboard_types_is_a_wrong_password(counter: Counter) -> None:
    """Half a character, as a broken terminal sends it, opens nothing and breaks nothing."""
    set_first(counter, "sam")
    assert proved(counter.store, "sam", "\ud800") is None
    assert proved(counter.store, "sam", HORSE) is not None


def test_nobodys_password_takes_as_much_work_as_anybodys() -> None:
    """The hash that a stranger's password is held against is made like all others."""
    made = argon2.extract_parameters(ORIGINAL_NOBODYS)
    assert {name: getattr(made, name) for name in ORIGINAL_COST} == ORIGINAL_COST
    assert made == argon2.extract_parameters(argon2.PasswordHasher(**ORIGINAL_COST).hash(HORSE))


def test_enter_in_an_empty_field_is_no_guess(in_earnest: Counter) -> None:
    """Whoever wakes a locked screen with Enter does not wait for it."""
    set_first(in_earnest, "sam")
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(Refused, match="not the password"):
            unlock(in_earnest.sam, "")
    assert unlock(in_earnest.sam, HORSE).proof is not None


def test_a_few_wrong_ones_cost_nothing(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    for _ in range(FREE_TRIES):
        assert not proved(in_earnest.store, "sam", STAPLE)
    assert proved(in_earnest.store, "sam", HORSE)
    assert not in_earnest.findings()


def test_after_more_wrong_ones_even_the_right_one_waits_and_longer_each_time(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    for _ in range(FREE_TRIES + 1):
        assert not proved(in_earnest.store, "sam", STAPLE)
    assert not proved(in_earnest.store, "sam", HORSE)
    in_earnest.wait(seconds=10)
    assert not proved(in_earnest.store, "sam", STAPLE)
    in_earnest.wait(seconds=19)
    assert not proved(in_earnest.store, "sam", HORSE)
    in_earnest.wait(seconds=1)
    assert proved(in_earnest.store, "sam", HORSE)
    assert not in_earnest.findings()


def test_a_right_one_lets_the_wrong_ones_be_forgotten(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    for _ in range(3):
        for _ in range(FREE_TRIES):
            assert not proved(in_earnest.store, "sam", STAPLE)
        assert proved(in_earnest.store, "sam", HORSE)


def test_a_try_counts_before_it_is_made(in_earnest: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulling the plug while a password is checked is no way to guess on for nothing."""

    def unplugged(_hash: str, _password: str) -> bool:
        raise KeyboardInterrupt

    set_first(in_earnest, "sam")
    with monkeypatch.context() as patched:
        patched.setattr(credentials, "_fits", unplugged)
        for _ in range(FREE_TRIES + 1):
            with pytest.raises(KeyboardInterrupt):
                proved(in_earnest.store, "sam", STAPLE)
    assert not proved(in_earnest.store, "sam", HORSE)


def guess(mia: Session) -> bool:
    """Whether a guess was held against the password at all."""
    against: list[str] = []
    fits = credentials._fits
    credentials._fits = lambda hash_, password: against.append(hash_) or fits(hash_, password)  # type: ignore[func-returns-value]
    try:
        proved(mia.store, "sue", STAPLE)
    finally:
        credentials._fits = fits
    return against != [credentials._NOBODYS]


def test_twelve_who_guess_at_once_guess_no_more_often_than_one(crew: Crew, races: Counter) -> None:
    """Twelve terminals are no way round the wait."""
    assert desk.set_password(races.mia, "sue", HORSE).done
    at = races.clock.now()
    told = crew.at_once([Job(races.store.path, "mia", at, guess, ()) for _ in range(SIZE)])
    assert sum(told) == FREE_TRIES + 1
    assert not races.findings()


def test_a_reset_forgets_the_wrong_ones(in_earnest: Counter) -> None:
    """A colleague who mistyped somebody's password all morning keeps them out no longer."""
    set_first(in_earnest, "sam")
    for _ in range(FREE_TRIES + 3):
        proved(in_earnest.store, "sam", STAPLE)
    set_first(in_earnest, "sam", STAPLE)
    assert proved(in_earnest.store, "sam", STAPLE)


def test_a_password_set_behind_the_desks_back_opens_nothing(in_earnest: Counter) -> None:
    """Somebody with the database writes the hash of a password of their own."""
    set_first(in_earnest, "sam")
    set_first(in_earnest, "sue", STAPLE)
    with plain_sql(in_earnest.store.path, guarded=False) as sql:
        sql.execute("UPDATE credential SET hash = (SELECT hash FROM credential WHERE agent_id = 2) WHERE agent_id = 3")
    with pytest.raises(Fault, match="changed with another tool"):
        sign_in(in_earnest.store, "sam", STAPLE)
    assert in_earnest.findings() == ["password of agent 3: it is not as it was written"]


def test_forgotten_wrong_ones_show(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    for _ in range(FREE_TRIES + 1):
        proved(in_earnest.store, "sam", STAPLE)
    with plain_sql(in_earnest.store.path, guarded=False) as sql:
        sql.execute("UPDATE credential SET tries = 0, blocked_until = NULL")
    with pytest.raises(Fault, match="changed with another tool"):
        sign_in(in_earnest.store, "sam", HORSE)


def test_a_password_that_was_taken_away_or_put_back_is_missed(in_earnest: Counter) -> None:
    """An older row is as the desk wrote it once; the audit knows which one holds."""
    set_first(in_earnest, "sam")
    with plain_sql(in_earnest.store.path) as sql:
        columns = "agent_id, hash, changed_at, tries, blocked_until, seal"
        old = sql.execute(f"SELECT {columns} FROM credential").fetchone()
    set_first(in_earnest, "sam", STAPLE)
    with plain_sql(in_earnest.store.path, guarded=False) as sql:
        sql.execute("DELETE FROM credential")
    assert in_earnest.findings() == ["password of agent 3: its row is missing"]
    with plain_sql(in_earnest.store.path, guarded=False) as sql:
        sql.execute(f"INSERT INTO credential ({columns}) VALUES (?, ?, ?, ?, ?, ?)", tuple(old))
    assert in_earnest.findings() == ["password of agent 3: it was not set by the desk"]


# A desk that asks for them.


def test_a_desk_asks_for_passwords_only_once_a_manager_has_one(in_earnest: Counter) -> None:
    """Otherwise nobody could ever come in again."""
    set_first(in_earnest, "sam")
    refused = desk.set_policy(in_earnest.mia, sign_in=SignIn.PASSWORD)
    assert (refused.done, refused.sentence) == (
        False,
        "No manager who may work would have a password to come in with. Set one first: giftdesk agents password",
    )
    set_first(in_earnest, "mia")
    assert desk.set_policy(in_earnest.mia, sign_in=SignIn.PASSWORD).done


@pytest.mark.parametrize("change", [{"role": Role.AGENT}, {"is_disabled": True}])
def test_the_last_manager_with_a_password_stays_one(in_earnest: Counter, change: dict[str, object]) -> None:
    """Max is a manager, too, but has none: Mia would lock everybody out."""
    mia = ask_for_passwords(in_earnest)
    assert add_agent(mia, "max", role=Role.MANAGER).done
    assert not set_agent(mia, "mia", **change).done  # type: ignore[arg-type]
    assert desk.set_password(mia, "max", HORSE).done
    assert set_agent(mia, "mia", **change).done  # type: ignore[arg-type]


@pytest.mark.parametrize("login", ["mia", "sue", "sam", "ada", "pat", "nobody"])
def test_the_login_alone_opens_nothing(in_earnest: Counter, login: str) -> None:
    """Neither reading nor writing, nor setting the password that one does not have."""
    ask_for_passwords(in_earnest)
    session = Session(in_earnest.store, login)
    with pytest.raises(PasswordNeeded):
        admit(session)
    refused = desk.set_password(session, login, STAPLE, old=HORSE)
    assert refused.sentence == f"This desk asks for a password, and {login} signed in without one."
    with in_earnest.store.database.reading():
        assert Agent.get_or_none(Agent.login == "nobody") is None


def test_an_operators_jobs_are_started_by_the_login_alone(in_earnest: Counter) -> None:
    """Nobody sits there who could type."""
    ask_for_passwords(in_earnest)
    assert admit(in_earnest.olaf).role is Role.OPERATOR


def test_a_manager_brings_everybody_in(in_earnest: Counter) -> None:
    """Somebody new, and somebody who had no password when the desk began to ask."""
    mia = ask_for_passwords(in_earnest)
    assert add_agent(mia, "zoe", name="Zoe").done
    for login in ("zoe", "sam"):
        assert desk.set_password(mia, login, HORSE).done
        assert admit(sign_in(in_earnest.store, login, HORSE)).login == login


def test_in_a_sandbox_anybody_is_anybody(counter: Counter) -> None:
    """It is for training: nobody is asked for a password there."""
    ask_for_passwords(counter)
    assert admit(counter.sam).role is Role.AGENT


# What an open session may do.


def test_a_session_ends_with_its_password(in_earnest: Counter) -> None:
    """Whoever works with the old one, reads or writes, is stopped at their next action."""
    set_first(in_earnest, "sam")
    card, session = in_earnest.issued(), sign_in(in_earnest.store, "sam", HORSE)
    assert desk.note(session, card, "before").done
    set_first(in_earnest, "sam", STAPLE)
    told = "The password of sam was changed meanwhile. Sign in with the one that holds."
    assert desk.note(session, card, "after").sentence == told
    with pytest.raises(NotAdmitted, match="was changed meanwhile"):
        admit(session)
    assert in_earnest.kinds(card) == ["issue", "note"]


def test_a_session_by_the_login_ends_when_the_desk_asks_for_passwords(in_earnest: Counter) -> None:
    session = in_earnest.sue
    card = in_earnest.issued()
    assert desk.note(session, card, "before").done
    ask_for_passwords(in_earnest)
    assert not desk.note(session, card, "after").done


def test_a_disabled_agents_password_opens_nothing(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    session = sign_in(in_earnest.store, "sam", HORSE)
    assert set_agent(in_earnest.mia, "sam", is_disabled=True).done
    for attempt in (lambda: admit(session), lambda: sign_in(in_earnest.store, "sam", HORSE)):
        with pytest.raises(NotAdmitted, match="may no longer work"):
            attempt()


def test_a_locked_screen_is_opened_by_its_agents_password_only(in_earnest: Counter) -> None:
    set_first(in_earnest, "sam")
    set_first(in_earnest, "sue", STAPLE)
    with pytest.raises(Refused, match="That is not the password"):
        unlock(in_earnest.sam, STAPLE)
    assert unlock(in_earnest.sam, HORSE).proof is not None


def test_who_has_no_password_goes_on_without(in_earnest: Counter) -> None:
    assert unlock(in_earnest.sam, "") == in_earnest.sam
