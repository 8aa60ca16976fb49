"""A desk whose week's card is reminded of: the run comes by, and what nobody settled is read."""

from datetime import date

from store.counter import PRODUCTS, Counter
from store.letterbox import Letterbox

from models import desk
from models.fates import Fate
from models.jobs.remind import RemindReport, remind
from models.reminding import unsettled
from models.rules.validity import Period

LIN = desk.PersonGiven("Lin", "lin@example.org")
ABE = desk.PersonGiven("Abe", "abe@example.org")
LAST_DAY = date(2026, 5, 27)
TWO_DAYS_BEFORE = "2026-05-25T09:00"
A_DAY_BEFORE = "2026-05-26T09:00"


def scheduled(counter: Counter) -> None:
    """The week's card is reminded of two days and one day before its last day, 27 May."""
    leads = [Period(2, "days"), Period(1, "days")]
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=leads).done


def run(counter: Counter, box: Letterbox) -> RemindReport:
    """Olaf's cron job comes by; nobody waits for a server that is down."""
    return remind(counter.olaf, box, wait=lambda _seconds: None)


def fates(counter: Counter) -> list[tuple[int, int, str]]:
    """What nobody settled: card, lead and where it stands."""
    return [(line.card_id, line.lead_days, line.fate.value) for line in unsettled(counter.store, list(Fate))]


def people(counter: Counter, count: int) -> list[int]:
    """Cards of as many people."""
    return [
        counter.issued("week", recipient=desk.PersonGiven(f"P{n}", f"p{n}@example.org")) for n in range(1, count + 1)
    ]
