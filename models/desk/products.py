"""Setting a product's validity rules, retiring it and bringing it back. Issued cards keep the days that they have."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from models import audit
from models.errors import Mendable, Overtaken, Refused
from models.products import (
    ProductSheet,
    changes,
    facts_of,
    in_words,
    lead_as_json,
    leads_of,
    row_named,
    rules_as_json,
    sheet_of,
)
from models.rules.jurisdictions import warnings
from models.rules.limits import CHANNELS, checked_places
from models.rules.products import check_short_name, lead_problems, problems
from models.rules.reminders import Lead
from models.rules.roles import Action
from models.rules.texts import NAME, REFERENCE, check_line, optional_line
from models.rules.validity import Period, ValidityRules
from models.schema import Audit, Product
from models.unit import Outcome, Session, Unit, perform


def set_product(
    session: Session,
    code: str,
    *,
    name: str | None = None,
    rules: ValidityRules,
    reminders: Sequence[Period] | None = None,
    channels: Sequence[str] | None = None,
    spend_places: Sequence[str] | None = None,
    spend_channels: Sequence[str] | None = None,
    opened: ProductSheet | None = None,
    is_new: bool = False,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Create or change a product, by its short name; None leaves a fact as it is.

    Its cards can be spent at these places and in these channels only; none at all is everywhere.
    Opened is the product as somebody read it who decided by that: when it says something else meanwhile, it is left
    as it is, and the outcome tells the changes. What is to be new is refused when there is one of that short name.
    Cards issued or loaded from now on follow the rules. What a chosen jurisdiction has against them is told
    among the outcome's facts, as warnings.
    """

    def work(unit: Unit) -> Outcome:
        ticket = optional_line(ref, "ticket", REFERENCE)
        short = check_short_name(code)
        found = (*problems(rules, unit.now, unit.store.business), *lead_problems(reminders or ()))
        if found:
            raise Mendable(" ".join(problem.sentence for problem in found))
        before = Product.get_or_none(Product.code == short)
        _check_as_opened(before, opened, is_new)
        values: dict[str, Any] = {"rules": rules_as_json(rules)}
        if name is not None or before is None:
            values["name"] = short if name is None else check_line(name, "name", NAME)
        if reminders is not None:
            so_far = _schedule(before)
            values["reminders"] = [lead_as_json(_lead(each, so_far, unit.now)) for each in reminders]
        if channels is not None:
            values["channels"] = _checked(channels)
        values |= _spending(spend_places, spend_channels)
        shown = _write(unit, short, before, "set", values, ticket).name
        against = warnings(rules, unit.policy.jurisdictions)
        return Outcome(
            True, f"{shown} ({short}): {in_words(rules)}.", facts={"product": short, "warnings": list(against)}
        )

    request = {
        "code": code,
        "name": name,
        "rules": rules_as_json(rules),
        "reminders": None if reminders is None else [str(each) for each in reminders],
        **_given(channels=channels, spend_places=spend_places, spend_channels=spend_channels),
        "ref": ref,
    }
    return perform(session, Action.SET_PRODUCT, intent, request, work)


def _check_as_opened(before: Product | None, opened: ProductSheet | None, is_new: bool) -> None:
    if is_new and before is not None:
        raise Mendable(f"There is a product called {before.code} already: {before.name}. Choose another short name.")
    if opened is None:
        return
    if before is None:
        raise Refused(f"{opened.name} is gone. Nothing was changed.")
    changed = changes(opened, sheet_of(before))
    if changed:
        who = (
            Audit.select(Audit.actor_name)
            .where(Audit.subject == f"product:{before.id}")
            .order_by(Audit.number.desc())
            .limit(1)
            .scalar()
        )
        raise Overtaken(f"{who} changed {before.name} since you opened it. Nothing was saved.", changed)


def _schedule(before: Product | None) -> tuple[Lead, ...]:
    """The reminders so far; none where another tool spoiled them: they are being set anew."""
    try:
        return () if before is None else leads_of(before)
    except Refused:
        return ()


def _lead(period: Period, so_far: Iterable[Lead], now: datetime) -> Lead:
    """A reminder that stays on the schedule, however it is spelled, is owed since it was put there."""
    since = (each.since_at for each in so_far if each.days == period.shortest_days)
    return Lead(period, next(since, now))


def _checked(channels: Sequence[str]) -> list[str]:
    if not channels or not set(channels) <= set(CHANNELS):
        raise Mendable("A product is sold in the web shop, in stores, or both; retire one that is sold nowhere.")
    return [each for each in CHANNELS if each in channels]


def _given(**lists: Sequence[str] | None) -> dict[str, list[str]]:
    return {name: list(given) for name, given in lists.items() if given is not None}


def _spending(places: Sequence[str] | None, channels: Sequence[str] | None) -> dict[str, Any]:
    """The columns that restrict where a product's cards can be spent; no restriction is NULL."""
    values: dict[str, Any] = {}
    if places is not None:
        values["spend_places"] = checked_places(places) or None
    if channels is not None:
        if not set(channels) <= set(CHANNELS):
            raise Mendable("Cards are spent in the web shop (web), in stores (store), or in both.")
        is_everywhere = set(channels) in (set(), set(CHANNELS))
        values["spend_channels"] = None if is_everywhere else list(dict.fromkeys(channels))
    return values


def _write(
    unit: Unit, short: str, before: Product | None, action: str, values: dict[str, Any], ticket: str | None
) -> Product:
    """Write a product's row and what was changed about it; the row as it is then.

    Its schedule says of every reminder since when it is there, also where that was only known from the last change.
    """
    if "reminders" not in values:
        values["reminders"] = [lead_as_json(lead) for lead in (() if before is None else leads_of(before))]
    values["changed_at"] = unit.now
    if before is None:
        product_id: int = Product.insert(code=short, **values).execute()
    else:
        product_id = before.id
        Product.update(**values).where(Product.id == product_id).execute()
    after: Product = Product.get_by_id(product_id)
    facts = None if before is None else facts_of(before)
    audit.record(unit.hand, f"product:{product_id}", action, facts, facts_of(after), ticket)
    return after


def retire_product(session: Session, code: str, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Issue no more cards of a product. Those that are out live on, are topped up and reminded as before."""

    def work(unit: Unit) -> Outcome:
        before = row_named(code)
        if before.retired_at is not None:
            raise Refused(f"{before.name} is retired already. Nothing was changed.")
        ticket = optional_line(ref, "ticket", REFERENCE)
        _write(unit, before.code, before, "retire", {"retired_at": unit.now}, ticket)
        return Outcome(
            True,
            f"{before.name} is retired: no more cards of it are issued, and those that are out live on.",
            facts={"product": before.code},
        )

    return perform(session, Action.SET_PRODUCT, intent, {"code": code, "retire": True, "ref": ref}, work)


def restore_product(session: Session, code: str, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Bring a retired product back: cards of it are issued again, under its rules as they are."""

    def work(unit: Unit) -> Outcome:
        before = row_named(code)
        if before.retired_at is None:
            raise Refused(f"{before.name} is not retired. Nothing was changed.")
        ticket = optional_line(ref, "ticket", REFERENCE)
        _write(unit, before.code, before, "restore", {"retired_at": None}, ticket)
        return Outcome(True, f"{before.name} is issued again.", facts={"product": before.code})

    return perform(session, Action.SET_PRODUCT, intent, {"code": code, "retire": False, "ref": ref}, work)
