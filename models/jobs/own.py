"""Importing what we export: unchanged, with its whole history, into a desk that has the same key."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from models.answering import CodeDigests, digests_of
from models.jobs import cells
from models.jobs.importing import bring_in
from models.jobs.own_columns import PERSON, ROLES
from models.jobs.own_files import told_cards
from models.jobs.own_journal import JournalReader, Named, digest, minor, person, product, whole
from models.jobs.plans import ImportReport, Plan, PlannedCard
from models.jobs.readers import Reader
from models.jobs.remarks import Remark
from models.jobs.steps import Steps
from models.jobs.tables import Row, Source, survey
from models.rules import wording
from models.rules.codes import last_four
from models.rules.errors import BadCode, BadText, RuleError
from models.rules.journal import CardState, Entry, Kind, Tally
from models.rules.money import check_currency, format_money, parse_amount
from models.store import Store
from models.unit import Session

_EXPIRY_MEANING: Final = (
    "The last day is inclusive: the balance can be spent until the cut-off in the night after it. Empty is never."
)


def import_own(
    session: Session,
    paths: Sequence[Path],
    *,
    is_commit: bool = False,
    control: Mapping[str, int] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> ImportReport:
    """Bring in files of our own format; without a commit only tell what that would do.

    A card without activities comes in with what is left on it. Control totals are minor units outstanding by
    currency. Raises Fault for files that can't be read, Refused for a role that may not import.
    """
    sources = [survey(path) for path in paths]
    steps = Steps(sum(source.lines for source in sources), on_progress, is_stopped, is_commit=is_commit)
    digests = b"".join(sorted(source.digest for source in sources))
    plan = Plan("giftdesk", hashlib.sha256(b"giftdesk" + digests).digest(), _EXPIRY_MEANING)
    reader = OwnReader(plan, session.store, steps)
    return bring_in(session, plan, partial(reader.read, sources), is_commit=is_commit, control=control, steps=steps)


class OwnReader(Reader):
    """Reads files of our own into a plan."""

    def __init__(self, plan: Plan, store: Store, steps: Steps) -> None:
        """Read into a plan for a store; instants after its clock's are refused."""
        super().__init__(plan, store, steps)
        self._journals = JournalReader(self._cells, self._now)
        self._vips: dict[str, bool] = {}

    def read(self, sources: list[Source]) -> None:
        """Read everything and plan the cards with which nothing is wrong."""
        for row, activities in told_cards(sources, self._problems):
            planned = self._card(row, activities)
            if planned is not None:
                self._plan.add(planned)
            self._steps.checked(1 + len(activities or ()))
        self._check_codes(sources[0].name)
        if not len(self._plan.cards) and not self._problems.count:
            self._problems.add(Remark(sources[0].name, None, None, "There are no cards in the file."))

    def _card(self, row: Row, activities: list[Row] | None) -> PlannedCard | None:
        before, named = self._problems.count, Named()
        names = self._names(row)
        currency = self._cells.read(row, "currency", check_currency)
        balance_minor = None if currency is None else self._balance(row, currency)
        if activities is None:
            found = None if balance_minor is None else self._opened(row, balance_minor, named)
        elif not activities:
            self._problems.add(row.remark("activities", "The files tell no activities of this card."))
            found = None
        else:
            found = self._journals.entries(activities, named)
        if activities and found is not None and balance_minor is not None and currency is not None:
            self._compare(row, found[1], balance_minor, currency, len(activities))
        self._check_vips(row, named)
        if self._problems.count > before or found is None or names is None or currency is None:
            return None
        entries, state = found
        code, last, aliases = names
        assert state.product_id is not None
        return PlannedCard(
            file=row.file,
            line=row.line,
            code_column="code" if row["code"] else "digest",
            code=code,
            last_four=last,
            aliases=aliases,
            currency=currency,
            product=named.products[state.product_id],
            products=tuple(named.products),
            people=tuple(named.people),
            entries=tuple(entries),
            balance_minor=state.balance_minor,
            last_day_on=state.last_day_on,
            loaded_at=state.loaded_at,
        )

    # What the card answers to.

    def _names(self, row: Row) -> tuple[CodeDigests, str, tuple[CodeDigests, ...]] | None:
        """The digests of its code, its last characters, and the digests of its aliases."""
        column = "code" if row["code"] else "digest"
        try:
            if row["code"]:
                text = cells.code(row["code"])
                code, last = digests_of(self._keys, text), last_four(text)
            else:
                text, code, last = None, self._exported(row), row["last_four"].upper()
                if len(last) > 4 or (last and not (last.isascii() and last.isalnum())):
                    raise BadCode(f"{last[:10]!r} is no end of a code.")
            self._codes.add(code.digest, row.remark(column, ""), text)
            column = "aliases"
            aliases = tuple(self._alias(row, alias) for alias in row["aliases"].split())
        except RuleError as wrong:
            self._problems.add(row.remark(column, str(wrong)))
            return None
        return code, last, aliases

    def _exported(self, row: Row) -> CodeDigests:
        if not row["digest"]:
            raise BadCode("The card has neither a code nor a digest.")
        if row["key"] != self._keys.fingerprint:
            raise BadCode(
                f"This card was exported under another key ({row['key'][:16] or 'none told'}; this desk's is "
                f"{self._keys.fingerprint}): nobody could look its code up here."
            )
        return CodeDigests(digest(row["digest"]), digest(row["folded"]))

    def _alias(self, row: Row, text: str) -> CodeDigests:
        own, sign, folded = text.partition(":")
        code = None if sign else cells.code(text)
        alias = CodeDigests(digest(own), digest(folded)) if code is None else digests_of(self._keys, code)
        self._codes.add(alias.digest, row.remark("aliases", ""), code)
        return alias

    # What the card is worth.

    def _balance(self, row: Row, currency: str) -> int | None:
        """The balance, minor units, told as such, as a decimal, or as both."""
        read = self._cells.read_if_any
        found, decimal = (
            read(row, "balance_minor", minor),
            read(row, "balance", partial(parse_amount, currency=currency)),
        )
        if not (row["balance_minor"] or row["balance"]):
            self._problems.add(row.remark("balance_minor", "This cell is empty."))
        elif found is not None and decimal is not None and found != decimal:
            self._problems.add(row.remark("balance_minor", f"The balance says {format_money(decimal, currency)}."))
        told = decimal if found is None else found
        if told is not None and told < 0:
            self._problems.add(row.remark("balance_minor", "A card cannot hold less than nothing."))
        return told

    def _opened(self, row: Row, balance_minor: int, named: Named) -> tuple[list[Entry], CardState] | None:
        """A card without a history comes in with what is left on it."""
        active_from = self._cells.read_if_any(row, "active_from", cells.instant)
        last_day_on = self._cells.read_if_any(row, "last_day", cells.day)
        if active_from is not None and last_day_on is not None and last_day_on < self._business.date_of(active_from):
            self._problems.add(row.remark("last_day", "The card expires before it is valid."))
        sets: dict[str, Any] = {
            "active_from": (active_from or self._now).isoformat(),
            "last_day": _day(last_day_on),
        }
        try:
            sets["product"] = named.product(product(row["product_name"], row["product"]))
            for role in ROLES:
                found = person(*(row[f"{role}_{part}"] for part in PERSON))
                if found is not None:
                    sets[role] = named.person(found)
        except BadText as wrong:
            self._problems.add(row.remark("product_name" if "product" not in sets else f"{role}_name", str(wrong)))
            return None
        at = min(active_from or self._now, self._now)
        details = {"sets": sets} if active_from is not None else {"sets": sets, "undated": True}
        entry = Entry(Kind.IMPORTED, at, balance_minor, details=details)
        tally = Tally()
        tally.add(entry, 1)
        return [entry], tally.state

    def _compare(self, row: Row, state: CardState, balance_minor: int, currency: str, activities: int) -> None:
        """What the card's row tells must be what its activities add up to."""
        if state.balance_minor != balance_minor:
            told = f"The card's activities add up to {format_money(state.balance_minor, currency)}."
            self._problems.add(row.remark("balance_minor", told))
        count = self._cells.read_if_any(row, "activities", whole)
        if count is not None and count != activities:
            self._problems.add(
                row.remark("activities", f"The files tell {wording.activities(activities)} of this card.")
            )
        last_day_on = self._cells.read_if_any(row, "last_day", cells.day)
        if last_day_on != state.last_day_on:
            is_day = "never" if state.last_day_on is None else wording.day(state.last_day_on)
            self._problems.add(row.remark("last_day", f"By its activities the card's last day is {is_day}."))
        active_from = self._cells.read_if_any(row, "active_from", cells.instant)
        if active_from is not None and active_from != state.active_from_at:
            self._problems.add(row.remark("active_from", "By its activities the card is valid from another instant."))

    def _check_vips(self, row: Row, named: Named) -> None:
        for someone in named.people:
            if someone.organisation is not None:
                key = someone.organisation.casefold()
                if self._vips.setdefault(key, someone.is_vip) != someone.is_vip:
                    told = f"{wording.shortened(someone.organisation)} is a VIP in one line and none in another."
                    self._problems.add(row.remark(None, told))


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
