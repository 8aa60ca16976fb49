"""A CRM's table that several bring in at one moment, or that is cut off anywhere: each person comes once.

The default run kills at a few statements, the long proof at every seventh:

    pytest tests/store/test_crm_at_once.py -m slow
"""

from pathlib import Path

import pytest
from postgres import AT_LENGTH
from store.counter import NOON, Counter, copy_desk
from store.crew import SIZE, Crew, Job
from store.doomed import kill_at_every

from models.clock import FixedClock
from models.crm.importing import import_people
from models.crm.mapping import read_people_mapping
from models.schema import Audit, Customer, Organisation
from models.store import open_store
from models.unit import Outcome, Session

ENGINES = AT_LENGTH
PEOPLE = 120


def table(folder: Path) -> Path:
    """A hundred people and more of seven organisations, two of them VIPs."""
    path = folder / "crm.csv"
    rows = (f"P{n},p{n}@example.org,Org {n % 7},{'yes' if n % 7 < 2 else 'no'}\n" for n in range(PEOPLE))
    path.write_text(f"Name,Email,Company,VIP\n{''.join(rows)}", encoding="utf-8")
    return path


def bring(session: Session, path: Path) -> int:
    """Bring it in; how many people came with this import."""
    return import_people(session, path, read_people_mapping("crm"), is_commit=True).counts.new


def test_twelve_processes_bring_in_the_same_people_once(crew: Crew, counter: Counter, tmp_path: Path) -> None:
    """Whoever comes second finds them there; the marks were set once."""
    job = Job(counter.store.path, "olaf", counter.clock.now(), bring, (table(tmp_path),))
    assert sum(crew.at_once([job] * SIZE)) == PEOPLE
    with counter.store.database.reading():
        assert (Customer.select().count(), Organisation.select().count()) == (PEOPLE, 7)
        assert Audit.select().where(Audit.action == "set_vip").count() == 2
    assert not counter.findings()


@pytest.mark.files
@pytest.mark.parametrize("apart", [80, pytest.param(7, marks=pytest.mark.slow)])
def test_killed_anywhere_the_same_table_brings_the_rest(
    furnished: Path, folder: Path, tmp_path: Path, apart: int
) -> None:
    """What is in stays, nobody comes twice."""
    path = table(tmp_path)

    def doomed(mia: Session) -> Outcome:
        bring(mia, path)
        with mia.store.database.reading():
            people, organisations = Customer.select().count(), Organisation.select().count()
            vips = Organisation.select().where(Organisation.is_vip == 1).count()
        return Outcome((people, organisations, vips) == (PEOPLE, 7, 2), "")

    (folder / "made").mkdir()
    desk = Counter(open_store(copy_desk(furnished, folder / "made"), FixedClock(NOON)), FixedClock(NOON))
    kill_at_every(desk.file, folder, doomed, range(21, 1_000, apart))
