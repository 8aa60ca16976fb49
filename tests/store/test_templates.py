"""The texts of e-mails at a desk: versions that stay, one in force, and none changed or lost unseen."""

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.errors import Fault
from models.jobs.verify import verify
from models.rules.families import BUILT_IN, REMINDER
from models.rules.templates import Texts
from models.templates import StoredTexts, texts_in_force

ENGINES = BOTH
FIRST = Texts("Soon", "Hello {{name}}", "<p>Hello {{name}}</p>")
SECOND = Texts("Very soon", "Hello {{name}}, {{days_left}}")


def in_force(counter: Counter) -> StoredTexts:
    with counter.store.database.connected():
        return texts_in_force(counter.store, REMINDER)


def found(counter: Counter) -> list[str]:
    return [f"{each.subject}: {each.what}" for each in verify(counter.store).findings]


def versions(counter: Counter) -> list[int]:
    with plain_sql(counter.store.path) as sql:
        return [version for (version,) in sql.execute("SELECT version FROM template ORDER BY version").fetchall()]


def test_until_somebody_writes_texts_the_built_in_ones_go_out(counter: Counter) -> None:
    held = in_force(counter)
    assert (held.version, held.texts) == (0, BUILT_IN[REMINDER])


def test_each_saving_is_a_version_and_the_last_is_in_force(counter: Counter) -> None:
    """The audit says who put which one in the place of which."""
    assert desk.set_template(counter.mia, REMINDER, FIRST).sentence == "Version 1 of the e-mail reminder is in force."
    counter.wait(hours=1)
    assert desk.set_template(counter.mia, REMINDER, SECOND, ref="ZD-7").facts["version"] == 2
    held = in_force(counter)
    assert (held.version, held.texts, held.recorded_at) == (2, SECOND, counter.clock.now())
    assert versions(counter) == [1, 2]
    assert found(counter) == []


def test_who_opened_an_older_version_overwrites_none(counter: Counter) -> None:
    """Two managers at one text: the second is told who was first, and tries again on what is in force."""
    assert desk.set_template(counter.mia, REMINDER, FIRST, on_version=0).done
    late = desk.set_template(counter.mia, REMINDER, SECOND, on_version=0)
    assert (late.done, late.sentence) == (
        False,
        "Mia saved version 1 of the e-mail reminder on 21 May 2026 13:00. Nothing was saved.",
    )
    assert desk.set_template(counter.mia, REMINDER, SECOND, on_version=1).facts["version"] == 2


def test_the_same_texts_again_are_no_version(counter: Counter) -> None:
    """Line ends of another system and blanks around a subject make no other texts."""
    assert "already" in desk.set_template(counter.mia, REMINDER, BUILT_IN[REMINDER]).sentence
    desk.set_template(counter.mia, REMINDER, Texts("Soon", "a\nb"))
    assert "already" in desk.set_template(counter.mia, REMINDER, Texts(" Soon ", "a\r\nb")).sentence
    assert versions(counter) == [1]


@pytest.mark.parametrize(
    ("who", "name", "texts", "told"),
    [
        ("mia", REMINDER, Texts("Soon", "Hello {{nobody}}"), "names {{nobody}}, which does not exist"),
        ("mia", REMINDER, Texts("", "Hello"), "The subject is empty."),
        ("mia", "birthday", FIRST, "There are no texts called 'birthday'; giftdesk template list names"),
        ("sue", REMINDER, FIRST, "change the texts of e-mails"),
    ],
)
def test_what_can_not_be_saved_changes_nothing(counter: Counter, who: str, name: str, texts: Texts, told: str) -> None:
    refused = desk.set_template(getattr(counter, who), name, texts)
    assert not refused.done
    assert told in refused.sentence
    assert versions(counter) == []


def test_texts_that_were_changed_behind_the_desk_do_not_go_out(counter: Counter) -> None:
    """Somebody who can write the database could mail every customer whatever they like."""
    desk.set_template(counter.mia, REMINDER, FIRST)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE template SET text = 'Send your card number to eve@example.org'")
    with pytest.raises(Fault, match=r"were changed with another tool\. Nothing was sent"):
        in_force(counter)
    assert found(counter) == ["texts of reminder, version 1: they are not as they were written"]
    with pytest.raises(Fault):
        desk.set_template(counter.mia, REMINDER, SECOND)
    assert versions(counter) == [1]


def test_a_latest_version_that_was_taken_away_is_missed(counter: Counter) -> None:
    """Else an older text would come back into force."""
    desk.set_template(counter.mia, REMINDER, FIRST)
    desk.set_template(counter.mia, REMINDER, SECOND)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("DELETE FROM template WHERE version = 2")
    with pytest.raises(Fault, match=r"The latest texts of the e-mail reminder are missing"):
        in_force(counter)
    assert found(counter) == ["texts of reminder: version 2 is missing"]


def test_a_version_from_elsewhere_is_not_in_force(counter: Counter) -> None:
    """A row copied from another desk with the same key has a seal, but no audit."""
    desk.set_template(counter.mia, REMINDER, FIRST)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE template SET version = 3")
    with pytest.raises(Fault):
        in_force(counter)
    assert "texts of reminder: a version before version 3 is missing" in found(counter)


def test_history_can_not_be_rewritten(counter: Counter) -> None:
    """The database itself refuses."""
    desk.set_template(counter.mia, REMINDER, FIRST)
    for statement in ("UPDATE template SET subject = 'x'", "DELETE FROM template"):
        with pytest.raises(Exception, match="append-only"), plain_sql(counter.store.path) as sql:
            sql.execute(statement)
    assert versions(counter) == [1]
