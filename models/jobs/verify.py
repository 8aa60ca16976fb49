"""Verification: every card's journal is folded again and compared, every chain checked to its end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, groupby
from operator import attrgetter, or_
from typing import Any, Final

from peewee import chunked

from models.acceptances import disputed_time
from models.audit import Chain
from models.cards import look_at_cards
from models.credentials import spoiled_credentials
from models.errors import faults
from models.inspection import open_flags_of
from models.jobs.approved import disputed_approvals
from models.jobs.bulked import disputed_bulks
from models.jobs.case_pages import SUBJECTS, case_pages
from models.jobs.escalated import disputed_escalations
from models.jobs.posted import disputed_letters
from models.jobs.reminded import disputed_reminders
from models.jobs.replied import disputed_replies
from models.jobs.wishes import forgotten_wishes, fruitless_wishes
from models.journals import ALL, read_journal, what_is_wrong
from models.keys import Keys
from models.misses import spoiled_stands
from models.people import audited, linked
from models.products import facts_of
from models.restrictions import disputed_restrictions
from models.schema import (
    Agent,
    Audit,
    Customer,
    GiftCard,
    ImportBatch,
    Organisation,
    Outbox,
    PolicyVersion,
    Product,
    Table,
)
from models.soundness import read_page
from models.store import Store, policy_seal
from models.templates import spoiled_templates

_PAGE: Final = 400
_MOST_FINDINGS: Final = 1_000
# Of these there may be very many: they are compared page by page.
_COMPARED_APART: Final = ("approval:", "bulk:", "escalation:", "quota:")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up."""

    subject: str
    """A card by its record number and the end of its code, or the subject of an audit chain."""
    what: str
    card_id: int | None = None
    """The card, when it is its row or its journal that does not add up."""


@dataclass
class VerifyReport:
    """What a verification saw."""

    cards: int = 0
    activities: int = 0
    audit_rows: int = 0
    balances_minor: dict[str, int] = field(default_factory=dict)
    """Currency -> the sum of all balances, minor units."""
    findings: list[Finding] = field(default_factory=list)

    def found(self, subject: str, what: str, card_id: int | None = None) -> None:
        """Keep a finding, up to a sensible number of them."""
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(subject, what, card_id))


def verify(store: Store, on_progress: Callable[[int, int], None] | None = None) -> VerifyReport:
    """Check everything that can be checked; changes nothing. Progress is told as cards done and cards in all."""
    report = VerifyReport()
    with faults(store.path), store.database.connected():
        store.database.read_at_length()
        total = GiftCard.select().count()
        last = 0
        while True:
            with store.database.reading():
                last = _verify_page(store, last, report)
            if not last:
                break
            if on_progress is not None:
                on_progress(report.cards, total)
        with store.database.reading():
            audited_last = _verify_audit(store, report)
            _verify_policies(store, audited_last.get("policy"), report)
            _verify_references(store, report)
            _verify_wishes(store, report)
            _verify_reminders(store, report)
            _verify_letters(store, audited_last.get(_LETTERS, 0), report)
            _verify_escalations(store, report)
            for subject, what in disputed_approvals(store):
                report.found(subject, what)
            for what in disputed_time(store):
                report.found("the desk's time", what)
        for subject, what in disputed_bulks(store):
            report.found(subject, what)
        _verify_cases(store, report)
        _verify_replies(store, report)
    return report


def _verify_page(store: Store, after: int, report: VerifyReport) -> int:
    """Check the next cards; returns the id of the last one, or 0 at the end."""
    page = read_page(store.database, store.keys, after, _PAGE)
    if page is None:
        return 0
    report.cards += page.cards
    report.activities += page.activities
    for currency, minor in page.balances_minor.items():
        report.balances_minor[currency] = report.balances_minor.get(currency, 0) + minor
    for card in page.unsound:
        _say_what_is_wrong(store, card, report)
    for card in page.spoiled_codes:
        report.found(f"a code of card {card}", "its entry is not as it was written")
    for card in page.without_code:
        report.found(f"card {card}", "no code leads to it")
    return page.last


def _say_what_is_wrong(store: Store, card_id: int, report: VerifyReport) -> None:
    (card,) = look_at_cards([card_id])
    journal = read_journal(store.database, card_id, ALL)
    wrong = what_is_wrong(store.keys, card, journal, open_flags_of(card_id))
    if wrong is not None:
        report.found(f"card {card_id} (…{card.last_four})", wrong, card_id)


_LETTERS: Final = "letter:"


def _verify_audit(store: Store, report: VerifyReport) -> Mapping[str, Any]:
    """Check every chain of the audit but those of cases, and what it tells; what the last row of each subject says."""
    last: dict[str, Any] = {}
    for stretch in (Audit.subject < SUBJECTS[0], Audit.subject >= SUBJECTS[1]):
        rows = Audit.select().where(stretch).order_by(Audit.subject, Audit.number).iterator()
        for subject, of_subject in groupby(rows, attrgetter("subject")):
            checked = Chain(store.keys)
            for row in of_subject:
                report.audit_rows += 1
                wrong = checked.add(row)
                if wrong is not None:
                    report.found(f"audit of {subject}", wrong)
            if subject.startswith(_LETTERS):
                # There are as many as e-mails were ever written: those are gone through by themselves.
                last[_LETTERS] = last.get(_LETTERS, 0) + 1
            elif not subject.startswith(_COMPARED_APART):
                last[subject] = checked.after
    _verify_audited(store.keys, last, report)
    return last


def _verify_cases(store: Store, report: VerifyReport) -> None:
    """Cases are very many: they are read page by page, each page as it is at one instant."""
    for page in case_pages(store):
        report.audit_rows += page.entries
        for case_id, what in page.findings:
            report.found(f"case {case_id}", what)


def _verify_replies(store: Store, report: VerifyReport) -> None:
    """A reply in a journal and the case that keeps its words belong together; cards named already are left out."""
    named = {finding.card_id for finding in report.findings}
    for card_id, what in disputed_replies(store):
        if card_id not in named:
            report.found(f"card {card_id}", what)


def _verify_audited(keys: Keys, last: Mapping[str, Any], report: VerifyReport) -> None:
    """What people may change by the desk alone must be what the last audit row of each says."""
    for organisation in Organisation.select():
        if bool(organisation.is_vip) != bool(_told(last, "organisation", organisation.id, "is_vip")):
            report.found(f"organisation {organisation.id}", "its VIP mark was not set by the desk")
    for customer in _customers_of_note(last):
        _verify_customer(keys, customer, last.get(f"customer:{customer.id}") or {}, report)
    for agent in Agent.select():
        is_disabled = agent.disabled_at is not None
        facts = {"role": agent.role, "name": agent.name, "email": agent.email, "is_disabled": is_disabled}
        if "login" in (last.get(f"agent:{agent.id}") or {}):
            facts["login"] = agent.login
        _compare(last, f"agent:{agent.id}", f"agent {agent.id}", facts, report)
    for product in Product.select():
        facts = {**_NOT_CHOSEN, **facts_of(product)}
        _compare(last, f"product:{product.id}", f"product {product.code}", facts, report)
    for batch in ImportBatch.select(ImportBatch.id, ImportBatch.watermark):
        if (batch.watermark is not None) != bool(_told(last, "import", batch.id, "is_unfinished")):
            report.found(f"import {batch.id}", "how far it is was not set by the desk")
    for subject, what in chain(spoiled_templates(keys, last), spoiled_credentials(keys, last), spoiled_stands(last)):
        report.found(subject, what)
    for card_id, what in disputed_restrictions(keys, last):
        report.found(f"card {card_id}", what)
    _verify_present(last, report)


# What nobody has chosen of a product is in no audit.
_NOT_CHOSEN: Final = dict.fromkeys(("channels", "retired_at", "spend_places", "spend_channels"))

_AUDITED: Final[Mapping[str, type[Table]]] = {
    "agent": Agent,
    "customer": Customer,
    "import": ImportBatch,
    "organisation": Organisation,
    "product": Product,
}


def _verify_present(last: Mapping[str, Any], report: VerifyReport) -> None:
    """Whatever has an audit is there: without its agents a desk would take the next one for its manager."""
    told: dict[str, set[int]] = {name: set() for name in _AUDITED}
    for subject in last:
        name, _, number = subject.partition(":")
        if name in told:
            told[name].add(int(number))
    for name, table in _AUDITED.items():
        there = {id_ for some in chunked(sorted(told[name]), _PAGE) for id_ in _ids(table, some)}
        for id_ in sorted(told[name] - there):
            report.found(f"{name} {id_}", "its row is missing")


def _ids(table: Any, among: Sequence[int]) -> Iterator[int]:
    return (id_ for (id_,) in table.select(table.id).where(table.id.in_(among)).tuples())


_CUSTOMER_COLUMNS: Final = (
    Customer.id,
    Customer.organisation,
    Customer.merged_into_id,
    Customer.removed_at,
    Customer.name,
    Customer.email,
)
_CUSTOMER: Final = {
    "organisation": "the link to an organisation",
    "merged_into": "the record that it leads to",
    "is_removed": "the mark of a removal",
    "name": "the name",
    "email": "the e-mail address",
}


def _customers_of_note(last: Mapping[str, Any]) -> Iterator[Customer]:
    """The customers whom the desk changed, or who look so; all others are as they were given."""
    looks_so = [~column.is_null() for column in (Customer.organisation, Customer.merged_into_id, Customer.removed_at)]
    seen = set()
    for customer in Customer.select(*_CUSTOMER_COLUMNS).where(reduce(or_, looks_so)).iterator():
        seen.add(customer.id)
        yield customer
    told = {int(subject.removeprefix("customer:")) for subject in last if subject.startswith("customer:")}
    for some in chunked(sorted(told - seen), _PAGE):
        yield from Customer.select(*_CUSTOMER_COLUMNS).where(Customer.id.in_(some))


def _verify_customer(keys: Keys, customer: Customer, told: Mapping[str, Any], report: VerifyReport) -> None:
    """Name and e-mail address are compared when the desk changed the record: before, they are what was given."""
    facts = audited(keys, customer) if "name" in told else linked(customer)
    expected = {"organisation": None, "merged_into": None, "is_removed": False, **told}
    for fact, value in facts.items():
        if value != expected[fact]:
            report.found(f"customer {customer.id}", f"{_CUSTOMER[fact]} was not set by the desk")


def _compare(last: Mapping[str, Any], subject: str, name: str, facts: Mapping[str, Any], report: VerifyReport) -> None:
    told = last.get(subject) or {}
    different = [fact.replace("_", " ") for fact, value in facts.items() if value != told.get(fact)]
    if different:
        report.found(name, f"not set by the desk: {', '.join(different)}")


def _told(last: Mapping[str, Any], subject: str, id_: int, fact: str) -> Any:
    """What the last audit row of a subject says of one fact, or None."""
    return (last.get(f"{subject}:{id_}") or {}).get(fact)


def _verify_policies(store: Store, told: Mapping[str, Any] | None, report: VerifyReport) -> None:
    """Every version is as it was written, and there up to the highest, the one that the audit told last included."""
    rows = list(PolicyVersion.select().order_by(PolicyVersion.version))
    if not rows:
        report.found("the policy", "it is missing")
    highest = (told or {}).get("version", 0)
    for row in rows:
        if bytes(row.seal) != policy_seal(store.keys, row.version, row.content):
            report.found(f"policy version {row.version}", "it is not as it was written")
        else:
            highest = max(highest, row.version)
    for version in sorted(set(range(1, highest + 1)) - {row.version for row in rows}):
        report.found(f"policy version {version}", "its row is missing")


def _verify_references(store: Store, report: VerifyReport) -> None:
    for table, parent in store.database.orphans():
        report.found(f"table {table}", f"a row belongs to no row of {parent}")


def _verify_wishes(store: Store, report: VerifyReport) -> None:
    """Wishes and activities must remember each other; a card that does not add up has been named already."""
    named = {finding.card_id for finding in report.findings}
    for card_id, number in forgotten_wishes(store, _MOST_FINDINGS):
        if card_id not in named:
            report.found(f"card {card_id}", f"what activity {number} was asked by is gone: it could be asked again")
    for card_id in fruitless_wishes(store):
        if card_id not in named:
            report.found(f"card {card_id}", "something was done to it of which no activity is left")


def _verify_reminders(store: Store, report: VerifyReport) -> None:
    """A reminder marked as sent and the activity that says so belong together; cards named already are left out."""
    named = {finding.card_id for finding in report.findings}
    for card_id, what in disputed_reminders(store):
        if card_id not in named:
            report.found(f"card {card_id}", what)


def _verify_letters(store: Store, written: int, report: VerifyReport) -> None:
    """Every e-mail to one person is there, as it was written, and where the desk left it."""
    for letter_id, what in disputed_letters(store):
        report.found(f"e-mail {letter_id}", what)
    if Outbox.select().count() < written:
        report.found("the outbox", "e-mails that were written are missing")


def _verify_escalations(store: Store, report: VerifyReport) -> None:
    """An escalation and its audit say the same, and its card says that it was handed over, if that can be told."""
    named = {finding.card_id for finding in report.findings} - {None}
    for id_, card_id, what in disputed_escalations(store):
        if card_id not in named:
            report.found(f"escalation {id_}", what)
