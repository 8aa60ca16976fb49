"""What may be wrong with a desk itself: its database, the clock, its people, and work that was left undone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from models.acceptances import acceptances
from models.anchors import KEPT, last_anchor_at
from models.clock import Clock
from models.credentials import with_password
from models.database import FileDatabase
from models.doctor.findings import Finding, bad, ok, warn
from models.doctor.server import look_at_server
from models.errors import Fault, faults
from models.fates import Fate
from models.jobs.imported import unfinished_imports
from models.jobs.verify import verify
from models.locations import Place, Server
from models.outbox import count_letters
from models.pending import cut_offs
from models.reminding import count_unsettled
from models.rules import wording
from models.rules.families import REMINDER, template_name
from models.rules.policy import SignIn
from models.rules.roles import Role
from models.rules.status import BREAKAGE_DUE
from models.schema import Agent, GiftCard, HighWater, Relocation
from models.standing import all_hold
from models.store import CLOCK_SLACK, Store, open_store, policy_in_force
from models.templates import texts_in_force

_FAR_AHEAD: Final = timedelta(hours=36)
_OVERDUE: Final = timedelta(days=1)
_ANCHOR_AGE: Final = timedelta(hours=36)
_ANCHOR_DAILY: Final = "Take one each day, from cron: giftdesk anchor --mail ADDRESS, or --to a place elsewhere."
_MOST_NAMED: Final = 8
Progress = Callable[[int, int], None] | None


def look_at_desk(
    place: Place, clock: Clock | None, *, has_mail: bool, is_deep: bool, on_progress: Progress
) -> Iterator[Finding]:
    """Everything that can be seen once the desk opens; deep, every seal as well."""
    try:
        store = open_store(place, clock)
        with faults(place), store.database.reading():
            reached = HighWater.get().reached_at
            yield _database(store)
            if isinstance(place, Server):
                yield from look_at_server(store.database)
            yield from _moving(store)
            yield _clock(store, reached)
            yield _people()
            yield from _passwords(store)
            yield _overdue(store)
            yield _e_mails(store, has_mail or store.is_sandbox)
            yield _anchors(store)
        yield from _imports(store)
        yield _reminders(store)
        yield _letters(store)
        yield from _cut_off_writes(store)
        if is_deep:
            yield _deep(store, on_progress)
    except Fault as fault:
        yield bad("database", f"{place} does not open", fault.sentence)


def _database(store: Store) -> Finding:
    kind = "sandbox" if store.is_sandbox else "desk"
    told = f"{store.path}, {kind} in {store.business.zone}; all safeguards are there"
    if not isinstance(store.database, FileDatabase):
        return ok("database", told)
    damage = store.database.damage()
    if damage is not None:
        return bad("database", f"{store.path} has damaged pages", "Stop working with it and restore a backup.")
    return ok("database", f"{told}; WAL; its pages are whole")


def _moving(store: Store) -> Iterator[Finding]:
    row = Relocation.get_or_none()
    if row is not None:
        since = wording.moment(row.since_at, store.business)
        yield warn(
            "moving",
            f"on its way to {row.place} since {since}: nothing can be changed",
            "Run giftdesk move again to end that, or giftdesk move --give-up to stay.",
        )


def _clock(store: Store, reached: datetime) -> Finding:
    behind = reached - store.clock.now()
    if store.is_sandbox:
        return ok("clock", "may be set in a sandbox")
    if behind > CLOCK_SLACK:
        return bad(
            "clock",
            f"{wording.span(behind)} behind the last record",
            "Set this computer's clock right; until then nothing can be changed. If it is right, and was once far "
            "ahead, a manager takes the desk's time back with: giftdesk doctor --accept-clock",
        )
    if -behind > _FAR_AHEAD:
        return warn(
            "clock",
            f"{wording.span(-behind)} ahead of the last record",
            "If somebody worked here since, set this computer's clock right before the expiry run.",
        )
    told = acceptances()
    if not told:
        return ok("clock", "agrees with the last record")
    last = f"{wording.moment(told[-1].at, store.business)} by {told[-1].who.rstrip(',')}"
    return ok("clock", f"agrees with the last record; the desk's time was taken back on {last}")


def _people() -> Finding:
    agents = list(Agent.select(Agent.role, Agent.disabled_at))
    managers = [each for each in agents if each.role == Role.MANAGER and each.disabled_at is None]
    disabled = sum(each.disabled_at is not None for each in agents)
    if agents and not managers:
        return bad("people", "nobody is a manager who may work", "Restore a backup from when there was one.")
    if not agents:
        return ok("people", "nobody has worked here yet; who changes something first becomes the manager")
    gone = f", {disabled} disabled" if disabled else ""
    several = "1 login" if len(agents) == 1 else f"{len(agents):,} logins"
    return ok("people", f"{several}{gone}; {wording.plural(len(managers), 'manager')} among them")


def _passwords(store: Store) -> Iterator[Finding]:
    """Who can't come in where passwords are asked for, and whether one forgotten one would lock all out for good."""
    if policy_in_force(store).sign_in is not SignIn.PASSWORD:
        return
    have_one = with_password()
    agents = list(Agent.select(Agent.id, Agent.login, Agent.role).where(Agent.disabled_at.is_null()))
    without = sorted(each.login for each in agents if each.id not in have_one and each.role != Role.OPERATOR.value)
    if without:
        yield warn(
            "passwords",
            f"this desk asks for one, and {wording.plural(len(without), 'login')} have none: {_named(without)}",
            "A manager sets their first one with: giftdesk agents password LOGIN",
        )
    if sum(each.role == Role.MANAGER.value and each.id in have_one for each in agents) < 2:
        yield warn(
            "passwords",
            "one manager only has one, and nobody could set another if it is forgotten",
            "Make a second manager, with a password.",
        )
    elif not without:
        yield ok("passwords", "this desk asks for one, and everybody has theirs")


def _named(logins: Sequence[str]) -> str:
    more = f" and {len(logins) - _MOST_NAMED:,} more" if len(logins) > _MOST_NAMED else ""
    return f"{', '.join(logins[:_MOST_NAMED])}{more}"


def _overdue(store: Store) -> Finding:
    due = GiftCard.select().where(all_hold(BREAKAGE_DUE, store.now() - _OVERDUE)).count()
    if not due:
        return ok("expiry run", "no balance has waited for it longer than a day")
    return warn(
        "expiry run",
        f"{wording.plural(due, 'balance')} stopped more than a day ago and not booked yet",
        "Run giftdesk expire, each night from cron; until then the books lag behind.",
    )


def _e_mails(store: Store, has_mail: bool) -> Finding:
    """Whether what customers are written is as it was saved, and can leave the house."""
    try:
        name = template_name(REMINDER, policy_in_force(store).languages[0])
        version = texts_in_force(store, name).version
    except Fault as fault:
        return bad("e-mails", "their texts are not as they were saved", fault.sentence)
    ((reminding,),) = store.database.execute_sql("SELECT COUNT(*) FROM product WHERE reminders <> '[]'").fetchall()
    if reminding and not has_mail:
        return warn(
            "e-mails",
            f"reminders of {wording.plural(reminding, 'product')} are due some day, and there is no way out for them",
            "Write a [mail] section with server and from into the settings.",
        )
    return ok(
        "e-mails", f"version {version} of their texts is in force" if version else "their texts are the built-in ones"
    )


def _anchors(store: Store) -> Finding:
    """How long ago the last anchor left; what was recorded since can be written anew by whoever has the key."""
    kept_at = last_anchor_at(store.database, KEPT)
    age, told = None, "none has left the desk yet"
    if kept_at is not None:
        age = store.now() - kept_at
        told = f"the last one left {wording.span(age)} ago, {wording.moment(kept_at, store.business)}"
    is_fresh = store.is_sandbox or (age is not None and age <= _ANCHOR_AGE)
    return ok("anchors", told) if is_fresh else warn("anchors", told, _ANCHOR_DAILY)


def _imports(store: Store) -> Iterator[Finding]:
    unfinished = unfinished_imports(store)
    if not unfinished:
        yield ok("imports", "none was stopped before its end")
    for line in unfinished:
        yield warn("imports", f"import {line.id} was stopped before its end", line.sentence)


def _reminders(store: Store) -> Finding:
    counts = count_unsettled(store)
    stuck = [f"{counts[fate]:,} {words}" for fate, words in _STUCK.items() if counts[fate]]
    if stuck:
        return warn("reminders", ", ".join(stuck), "Decide about each. They are told by: giftdesk reminder list")
    return ok("reminders", "none waits for anybody's decision")


def _letters(store: Store) -> Finding:
    counts = count_letters(store)
    stuck = [f"{counts[fate]:,} {words}" for fate, words in _STUCK.items() if counts[fate]]
    if stuck:
        return warn("outbox", ", ".join(stuck), "Decide about each. They are told by: giftdesk outbox list")
    if counts[Fate.WAITING]:
        waiting = wording.plural(counts[Fate.WAITING], "e-mail")
        return warn("outbox", f"{waiting} could not go yet", "Run giftdesk outbox send, every few minutes from cron.")
    return ok("outbox", "no e-mail waits to be sent")


_STUCK: Final = {Fate.UNKNOWN: "of unknown outcome", Fate.REFUSED: "refused by the mail server"}


def _cut_off_writes(store: Store) -> Iterator[Finding]:
    found = cut_offs(store)
    if not found:
        yield ok("pending", "no change was cut off")
    for write in found:
        what = "was carried out" if write.was_done else "was not carried out"
        yield warn("pending", f"a cut-off {write.action} {what}", write.sentence)


def _deep(store: Store, on_progress: Progress) -> Finding:
    report = verify(store, on_progress)
    if not report.findings:
        return ok("seals", f"{wording.plural(report.cards, 'card')} and every seal checked: all add up")
    first = report.findings[0]
    return bad(
        "seals",
        f"{wording.plural(len(report.findings), 'finding')}, the first: {first.subject}: {first.what}",
        "List them with: giftdesk verify",
    )
