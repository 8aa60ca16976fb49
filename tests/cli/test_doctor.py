"""What doctor finds on a computer, in its files and at a desk, each with its cure."""

import json
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.clerk import LATER, NOON, Clerk
from store.counter import plain_sql, spoil_a_page
from store.wishes import LIGHT

from models import credentials
from models.clock import FixedClock
from models.desk import set_password, set_policy
from models.desk.agents import add_agent
from models.doctor import Finding, Health, TerminalFacts, examine
from models.doctor.files import kind_of_disk
from models.rules.policy import SignIn
from models.rules.roles import Role
from models.store import open_store
from models.unit import Session

GOOD = TerminalFacts(True, "xterm-256color", 80, 24, "utf-8", "full")
Usage = namedtuple("Usage", "total used free")


def findings(path: Path, at: datetime | None = None, *, is_deep: bool = False) -> dict[str, Finding]:
    found = examine(path, GOOD, None if at is None else FixedClock(at), is_deep=is_deep)
    return {each.subject: each for each in found}


def is_wrong(found: Finding, health: Health, told: str, cure: str) -> None:
    """It is as bad as that, says so, and says what to do."""
    assert found.health is health
    assert told in found.told
    assert cure in (found.cure or "")


def test_everything_is_looked_at(clerk: Clerk) -> None:
    """In the order in which it is best mended."""
    told = [found["subject"] for found in clerk.asks("doctor", "--deep")]
    assert told == [
        *("giftdesk", "engine", "time zones", "settings"),
        *("terminal", "size", "line", "characters", "colours", "clipboard", "mouse"),
        *("profile", "output", "keys", "mail"),
        *("folder", "readers", "space", "disk", "key"),
        *(
            "database",
            "clock",
            "people",
            "expiry run",
            "e-mails",
            "anchors",
            "imports",
            "reminders",
            "outbox",
            "pending",
        ),
        "seals",
    ]


def test_wrong_settings_are_a_finding_too(clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor is what one runs when nothing else runs; it goes on with what it can tell without them."""
    file = tmp_path / "giftdesk.toml"
    file.write_text('profile = "green"')
    monkeypatch.setenv("GIFTDESK_CONFIG", str(file))
    answer = clerk.types("doctor", "--json")
    assert answer.code == 1
    found = {each["subject"]: each for each in json.loads(answer.out)}
    assert "line 1: there is no profile 'green'" in found["settings"]["cure"]
    assert found["terminal"]
    assert "database" not in found


@pytest.mark.parametrize("end", ["", "-wal"])
def test_a_database_that_others_can_read(clerk: Clerk, end: str) -> None:
    """It holds every name and address."""
    file = clerk.database.with_name(f"{clerk.database.name}{end}")
    file.touch()
    file.chmod(0o664)
    is_wrong(findings(clerk.database)["readers"], Health.BAD, f"{file} is open to others", f"chmod o= {file}")


def test_a_disk_that_is_nearly_full(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is: then nothing can be saved."""
    size = clerk.database.stat().st_size
    monkeypatch.setattr("models.doctor.files._LITTLE_SPACE", size)
    for free, health in ((2 * size, Health.OK), (2 * size - 1, Health.WARN), (size - 1, Health.BAD)):
        monkeypatch.setattr("shutil.disk_usage", lambda _path, free=free: Usage(10**12, 0, free))
        assert findings(clerk.database)["space"].health is health


def test_a_desk_on_a_network_disk(clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's list of what is mounted where decides; the deepest place counts."""
    mounts = tmp_path / "mounts"
    spaced = tmp_path / "with space"
    spaced.mkdir()
    point = str(spaced).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {point} nfs4 rw 0 0\nnone /proc proc rw 0 0\n")
    assert kind_of_disk(spaced / "deep", mounts) == "nfs4"
    assert kind_of_disk(tmp_path, mounts) == "ext4"
    assert kind_of_disk(tmp_path, tmp_path / "nowhere") is None
    monkeypatch.setattr("models.doctor.files.kind_of_disk", lambda _folder: "nfs4")
    is_wrong(findings(clerk.database)["disk"], Health.BAD, "lies on a network (nfs4)", "database server")


def test_what_a_killed_command_left_behind(clerk: Clerk) -> None:
    """Half a backup holds customers' data as well."""
    half = clerk.database.with_name("kept.backup.new-77")
    half.touch()
    is_wrong(findings(clerk.database)["left over"], Health.WARN, str(half), "Delete it")


def test_a_log_without_its_database(clerk: Clerk) -> None:
    clerk.database.with_name("desk.db-wal").touch()
    clerk.database.rename(clerk.database.with_name("moved.db"))
    is_wrong(findings(clerk.database)["left over"], Health.BAD, "without its database", "Bring the database back")


def test_an_engine_that_can_damage_a_database(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cysqlite._cysqlite.sqlite_version_info", (3, 51, 2))
    is_wrong(findings(clerk.database)["engine"], Health.BAD, "SQLite 3.51.2 can damage", "Install cysqlite")


def test_a_computer_without_time_zones(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the desk's own is known then: opening it says so as well, without a traceback."""
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    is_wrong(findings(clerk.database)["time zones"], Health.BAD, "knows none", "tzdata")

    def unknown(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr("models.rules.validity.ZoneInfo", unknown)
    assert "does not know the desk's time zone, Europe/London" in clerk.is_refused("find", "x", code=78)
    assert "Europe/London" in (findings(clerk.database)["database"].cure or "")


def test_a_clock_that_is_far_ahead(outsider: Clerk) -> None:
    """Were it wrong, the expiry run would break balances that are still good."""
    outsider.does("init")
    made = datetime.fromisoformat(outsider.asks("agents", "list")[0]["created_at"]).astimezone(UTC)
    assert findings(outsider.database, made + timedelta(hours=35))["clock"].health is Health.OK
    later = findings(outsider.database, made + timedelta(days=400))["clock"]
    is_wrong(later, Health.WARN, "ahead of the last record", "before the expiry run")


def test_nobody_who_can_be_asked(clerk: Clerk) -> None:
    """The desk itself never lets the last manager go; another tool did."""
    with plain_sql(clerk.database) as sql:
        sql.execute("UPDATE agent SET role = 'agent'")
    is_wrong(findings(clerk.database)["people"], Health.BAD, "nobody is a manager", "Restore a backup")


def test_people_who_cannot_come_in(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk asks for passwords: who has none is named, and that one forgotten one would lock all out."""
    monkeypatch.setattr(credentials, "COST", LIGHT)

    def mia() -> Session:
        return Session(open_store(clerk.database, FixedClock(NOON)), "mia")

    for login, role in (("max", Role.MANAGER), ("sam", Role.AGENT), ("job", Role.OPERATOR)):
        assert add_agent(mia(), login, role=role).done
    assert "passwords" not in findings(clerk.database)
    assert set_password(mia(), "mia", "correct horse battery").done
    assert set_policy(mia(), sign_in=SignIn.PASSWORD).done
    told = [found for found in examine(clerk.database, GOOD, None) if found.subject == "passwords"]
    is_wrong(told[0], Health.WARN, "2 logins have none: max, sam", "giftdesk agents password")
    is_wrong(told[1], Health.WARN, "one manager only has one", "second manager")
    for login in ("max", "sam"):
        assert set_password(mia(), login, "correct horse battery").done
    assert findings(clerk.database)["passwords"].health is Health.OK


def test_where_no_desk_is_no_key_is_missed(tmp_path: Path) -> None:
    """Nothing was lost: the database says how to make a desk."""
    found = findings(tmp_path / "desk.db")
    assert found["key"].health is Health.OK
    is_wrong(found["database"], Health.BAD, "does not open", "giftdesk init")


def test_a_manager_alone_is_one_person(clerk: Clerk) -> None:
    """One login, which is not read as an agent and a manager."""
    with plain_sql(clerk.database) as sql:
        sql.execute("UPDATE agent SET role = 'agent', disabled_at = NULL WHERE login <> 'mia'")
        logins = sql.execute("SELECT count(*) FROM agent").fetchone()[0]
    told = findings(clerk.database)["people"].told
    assert told == f"{'1 login' if logins == 1 else f'{logins} logins'}; 1 manager among them"


def test_an_expiry_run_that_does_not_come_by(clerk: Clerk) -> None:
    """Nothing depends on it but the books: a warning, and only after a day."""
    clerk.issues()
    assert findings(clerk.database, LATER)["expiry run"].health is Health.OK
    late = findings(clerk.database, LATER + timedelta(days=1))["expiry run"]
    is_wrong(late, Health.WARN, "1 balance stopped more than a day ago", "Run giftdesk expire")


def test_damage_is_found_in_the_pages_and_in_the_seals(clerk: Clerk) -> None:
    """Pages each time; what a tool changed in them only when asked to look deep."""
    clerk.issues()
    with plain_sql(clerk.database) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 1")
    assert "seals" not in findings(clerk.database)
    is_wrong(findings(clerk.database, is_deep=True)["seals"], Health.BAD, "card 1", "giftdesk verify")
    spoil_a_page(clerk.database, "activity")
    found = findings(clerk.database)["database"]
    assert found.health is Health.BAD
    assert "restore a backup" in (found.cure or "")
