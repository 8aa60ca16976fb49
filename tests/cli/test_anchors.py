"""Anchors at the command line: taken into a file, by mail or to the screen, and the desk held against them."""

from pathlib import Path

import pytest
from cli.clerk import Clerk
from mail.postmaster import PostOffice
from store.counter import plain_sql

from models.keys import key_path


@pytest.fixture
def code(clerk: Clerk) -> str:
    """A card that was spent from once."""
    issued = clerk.issues("50.00")
    clerk.does("redeem", issued, "--amount", "10.00")
    return issued


def cut_off(clerk: Clerk) -> None:
    """Somebody puts the card's row back as it was in an old backup, and takes away what came after."""
    with plain_sql(clerk.database, guarded=False) as sql:
        for table in ("gift_card", "activity", "intent"):
            sql.execute(f"DELETE FROM {table}")
            sql.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            sql.execute(f"DROP TABLE kept_{table}")


def keep_old(clerk: Clerk) -> None:
    with plain_sql(clerk.database) as sql:
        for table in ("gift_card", "activity", "intent"):
            sql.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")


def test_a_card_that_was_put_back_is_found_by_the_anchor_alone(clerk: Clerk, tmp_path: Path) -> None:
    """No key was needed for that, and everything adds up; the anchor knows that there was more."""
    code = clerk.issues("50.00")
    keep_old(clerk)
    clerk.does("redeem", code, "--amount", "10.00")
    told = clerk.does("anchor", "--to", str(tmp_path / "daily.anchor"))
    assert f"lies in {tmp_path / 'daily.anchor'}: 1 journal with 2 activities, " in told
    cut_off(clerk)
    assert clerk.types("verify").code == 0
    answer = clerk.types("verify", "--anchor", str(tmp_path / "daily.anchor"))
    assert answer.code == 65
    assert "1 card (50.00 GBP), 1 activity and " in answer.out
    last = code.replace(" ", "")[-4:]
    found = f"card 1 (…{last}): its journal ends before activity 2, which the anchor of 21 May 2026 13:00 knew."
    assert f"{found} To be escalated." in answer.out
    assert "made with the desk's own key: not all that it knew is as it was." in answer.out


def test_an_anchor_is_printed_and_read_again(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """Into a pipe, with nothing around it; with --json it is a part of the answer."""
    assert code
    printed, facts = clerk.does("anchor"), clerk.asks("anchor")
    (tmp_path / "1.anchor").write_text(printed, encoding="ascii")
    (tmp_path / "2.anchor").write_text(facts["anchor"], encoding="ascii")
    assert (facts["cards"], facts["activities"], facts["file"], facts["desks_key"]) == (1, 2, None, True)
    held = clerk.asks("verify", "--anchor", str(tmp_path / "1.anchor"), str(tmp_path / "2.anchor"))["anchors"]
    assert [each["findings"] for each in held] == [0, 0]
    assert held[1]["seal"] == facts["seal"]


def test_a_folder_gets_an_anchor_named_after_the_time(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """As cron would have it; one that is there already stays."""
    assert code
    clerk.does("anchor", "--to", str(tmp_path))
    assert (tmp_path / "20260521-120000.anchor").stat().st_mode & 0o007 == 0
    assert "already" in clerk.is_refused("anchor", "--to", str(tmp_path), code=66)
    assert "no anchor was taken" in clerk.is_refused("anchor", "--to", str(tmp_path / "away" / "x"), code=66)


def test_an_anchor_is_mailed(clerk: Clerk, code: str, by_mail: PostOffice, tmp_path: Path) -> None:
    """The seal stands in the subject; the e-mail as it came is what verification takes."""
    assert code
    told = clerk.does("anchor", "--mail", "mia@example.org")
    assert "was mailed to mia@example.org" in told
    (letter,) = by_mail.letters
    seal = told.partition("Its seal begins with ")[2][:24]
    assert f"seal {seal}" in " ".join(letter.content.decode().split())
    (tmp_path / "mail.eml").write_bytes(letter.content)
    assert "all that it knew is there" in clerk.does("verify", "--anchor", str(tmp_path / "mail.eml"))


def test_an_anchor_that_could_not_leave_is_not_taken_for_one_that_did(
    clerk: Clerk, code: str, by_mail: PostOffice
) -> None:
    """Doctor goes on warning until one arrives."""
    assert code
    by_mail.answers["CONNECT"] = "421 not today"
    assert "it could not be mailed" in clerk.is_refused("anchor", "--mail", "mia@example.org", code=75)
    assert anchors(clerk)["told"] == "none has left the desk yet"
    clerk.does("anchor")
    assert anchors(clerk)["told"].endswith(" ago, 21 May 2026 13:00")


def anchors(clerk: Clerk) -> dict[str, str]:
    found: list[dict[str, str]] = clerk.asks("doctor")
    return next(each for each in found if each["subject"] == "anchors")


def test_with_a_key_of_its_own_only_its_owner_makes_anchors(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """Whoever has the desk has its key, too; not the one that lies elsewhere."""
    assert code
    key, kept, others = tmp_path / "auditor.key", tmp_path / "kept.anchor", tmp_path / "others.anchor"
    assert "There is no key at" in clerk.is_refused("anchor", "--key", str(key), code=66)
    fingerprint = clerk.asks("anchor", "--new-key", str(key))["fingerprint"]
    assert "already" in clerk.is_refused("anchor", "--new-key", str(key), code=66)
    assert f"made with the key {fingerprint}." in clerk.does("anchor", "--key", str(key), "--to", str(kept))
    clerk.does("anchor", "--to", str(others))
    assert f"the key {fingerprint}. Name its file" in clerk.is_refused("verify", "--anchor", str(kept), code=65)
    told = clerk.is_refused("verify", "--anchor", str(others), "--key", str(key), code=65)
    assert "sealed with the desk's own key" in told
    assert "all that it knew is there" in clerk.does("verify", "--anchor", str(kept), "--key", str(key))


def test_each_anchor_is_held_with_the_key_that_sealed_it(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """Those of several keys in one run, the desk's own among them where it is named; none is passed over."""
    assert code
    for name in ("one", "two"):
        clerk.does("anchor", "--new-key", str(tmp_path / f"{name}.key"))
        clerk.does("anchor", "--key", str(tmp_path / f"{name}.key"), "--to", str(tmp_path / f"{name}.anchor"))
    clerk.does("anchor", "--to", str(tmp_path / "three.anchor"))
    every = [str(tmp_path / f"{name}.anchor") for name in ("one", "two", "three")]
    keys = [str(tmp_path / "one.key"), str(tmp_path / "two.key")]
    refused = clerk.is_refused("verify", "--anchor", *every, "--key", keys[0], code=65)
    assert refused.startswith(f"{every[1]} was sealed with the key ")
    assert f"{every[2]} was sealed with the desk's own key" in clerk.is_refused(
        "verify", "--anchor", *every, "--key", *keys, code=65
    )
    desks = str(key_path(clerk.database))
    assert clerk.does("verify", "--anchor", *every, "--key", *keys, desks).count("all that it knew is there.") == 3


def test_a_key_without_an_anchor_is_a_slip(clerk: Clerk, tmp_path: Path) -> None:
    """Whoever types it wants something held against something."""
    assert "name them with --anchor" in clerk.is_refused("verify", "--key", str(tmp_path / "x.key"), code=2)


def test_an_anchor_of_another_desk_is_told_as_one(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """Whatever key sealed it, no key would help."""
    assert code
    other = ("--db", str(tmp_path / "other" / "desk.db"))
    (tmp_path / "other").mkdir()
    clerk.does("init", "--sandbox", *other)
    kept = tmp_path / "kept.anchor"
    clerk.does("anchor", "--to", str(kept), *other)
    told = clerk.is_refused("verify", "--anchor", str(kept), code=65)
    assert told == f"{kept} is an anchor of another desk. Nothing was verified."


def test_every_anchor_of_a_file_is_held_against_the_desk(clerk: Clerk, tmp_path: Path) -> None:
    """A mailbox in one file: the newest may be the only one that knew what is gone."""
    code = clerk.issues("50.00")
    both = tmp_path / "mailbox"
    both.write_text(clerk.does("anchor"))
    keep_old(clerk)
    clerk.does("redeem", code, "--amount", "10.00")
    both.write_text(both.read_text() + "\nFrom: mia\n\n" + clerk.does("anchor"))
    cut_off(clerk)
    answer = clerk.types("verify", "--anchor", str(both))
    assert answer.code == 65
    assert "its journal ends before activity 2" in answer.out
    assert [line.rpartition(": ")[2] for line in answer.out.splitlines() if line.startswith("The anchor of")] == [
        "all that it knew is there.",
        "not all that it knew is as it was.",
    ]
    whole = both.read_text()
    both.write_text(whole.replace("journals 1 2", "journals 1 1"))
    told = clerk.is_refused("verify", "--anchor", str(both), code=65)
    assert told.startswith(f"The anchor in {both} with the seal ")
    assert "is not as it was when the anchor was taken" in told
    both.write_text(whole[:-70])
    assert "not all of one" in clerk.is_refused("verify", "--anchor", str(both), code=65)


def test_an_anchor_does_not_vouch_for_what_does_not_add_up(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """An amount was edited in the midst of a journal, whose end is where it was: no seal fits, and the anchor says no
    more than it knows."""
    assert code
    kept = tmp_path / "kept.anchor"
    clerk.does("anchor", "--to", str(kept))
    with plain_sql(clerk.database, guarded=False) as sql:
        sql.execute("UPDATE activity SET amount_minor = 6000 WHERE number = 1")
    answer = clerk.types("verify", "--anchor", str(kept))
    assert answer.code == 65
    assert "each end that it knew is there, but not all adds up." in answer.out
    assert "all that it knew is there" not in answer.out


def test_what_was_changed_on_its_way_is_no_anchor(clerk: Clerk, code: str, tmp_path: Path) -> None:
    """Nor is another file, or none."""
    assert code
    kept = tmp_path / "kept.anchor"
    clerk.does("anchor", "--to", str(kept))
    kept.chmod(0o600)
    kept.write_text(kept.read_text().replace("journals 1 2", "journals 1 1"))
    assert "is not as it was when the anchor was taken" in clerk.is_refused("verify", "--anchor", str(kept), code=65)
    kept.write_text("Dear all,\n")
    assert "it holds no anchor" in clerk.is_refused("verify", "--anchor", str(kept), code=65)
    assert "can't be read" in clerk.is_refused("verify", "--anchor", str(tmp_path / "none"), code=66)


def test_no_row_is_mended_from_a_journal_that_an_anchor_disputes(clerk: Clerk, tmp_path: Path) -> None:
    """A tail that was cut off, with a row whose seal is lost: verification would mend it, the anchor knows better."""
    code = clerk.issues("50.00")
    keep_old(clerk)
    clerk.does("redeem", code, "--amount", "10.00")
    clerk.does("anchor", "--to", str(tmp_path / "daily.anchor"))
    cut_off(clerk)
    with plain_sql(clerk.database) as sql:
        sql.execute("UPDATE gift_card SET seal = x'00'")
    assert "Can be mended" in clerk.types("verify").out
    answer = clerk.types("verify", "--repair", "--anchor", str(tmp_path / "daily.anchor"))
    assert answer.code == 65
    assert "Mended" not in answer.out
    assert answer.out.count("To be escalated.") == 2
