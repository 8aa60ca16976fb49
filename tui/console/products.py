"""Products from the command line: listing, showing, setting, retiring."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models import desk
from models.errors import Refused
from models.products import EDITING, ProductSheet, all_products, cards_of, product_named, rules_as_json
from models.rules import wording
from models.rules.jurisdictions import warnings
from models.rules.limits import CHANNELS, checked_places
from models.rules.products import lead_problems, problems
from models.rules.reminders import Lead
from models.rules.validity import Period, ValidityRules
from models.store import Store, policy_in_force
from tui.console.announcements import tell_announcement
from tui.console.misuse import UsageError
from tui.console.opening import reading
from tui.console.outcomes import tell
from tui.console.output import complain, iso, say, say_behind, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of, parse_channels, parse_date, parse_days, parse_lead, parse_period


def list_products(asked: Namespace) -> int:
    """List the products by name."""
    store = open_desk(asked).store
    with reading(store):
        products = all_products()
    if asked.json:
        say_json([_as_json(product) for product in products])
    elif products:
        say_table([_cells(product) for product in products])
    else:
        say("There is no product yet. Make one with: giftdesk product set")
    return 0


def _cells(product: ProductSheet) -> list[str]:
    standing = "retired" if product.retired_at is not None else product.sold
    reminds = ", ".join(str(lead.period) for lead in product.reminders)
    more = (product.where and f"spent only {product.where}", reminds and f"reminds {reminds} before")
    return [product.code, product.name, standing, product.summary, "; ".join(part for part in more if part)]


def show_product(asked: Namespace) -> int:
    """Show one product, and what a change of it would leave alone."""
    store = open_desk(asked).store
    with reading(store):
        product, policy = product_named(asked.id), policy_in_force(store)
        cards = cards_of(product)
    against = () if product.rules is None else warnings(product.rules, policy.jurisdictions)
    if asked.json:
        say_json({**_as_json(product), "cards": cards, "warnings": list(against)})
        return 0
    say(f"{product.name} ({product.code})")
    say_behind("Rules:     ", product.summary)
    say_behind("Sold:      ", _sold(product, store))
    say_behind("Spent:     ", product.spent)
    say_behind("Reminders: ", ", ".join(f"{lead.period} before the last day" for lead in product.reminders) or "none")
    say_behind("Cards:     ", f"{cards:,}")
    for warning in against:
        say_behind("Warning:   ", warning)
    say_behind("Changes:   ", EDITING)
    return 0


def _sold(product: ProductSheet, store: Store) -> str:
    if product.retired_at is None:
        return product.sold
    return f"no more; retired on {wording.day(store.business.date_of(product.retired_at))}"


def _as_json(product: ProductSheet) -> dict[str, Any]:
    return {
        "id": product.code,
        "name": product.name,
        "rules": None if product.rules is None else rules_as_json(product.rules),
        "summary": product.summary,
        "reminders": [[lead.period.count, lead.period.unit] for lead in product.reminders],
        "channels": list(product.channels),
        "spend_places": list(product.spend_places),
        "spend_channels": list(product.spend_channels),
        "retired_at": iso(product.retired_at),
    }


def set_product(asked: Namespace) -> int:
    """Create a product, or change what the options name of one; what the law has against it is only told."""
    session = open_desk(asked)
    before = _so_far(session.store, asked)
    rules = _rules(asked, ValidityRules() if before is None or before.rules is None else before.rules)
    reminders = _reminders(asked)
    channels = None if asked.sold is None else parse_channels(asked.sold, "--sold")
    places = [] if asked.at_all_places else asked.only_at
    only_in = None if asked.only_in is None else parse_channels(asked.only_in, "--only-in")
    if asked.dry_run:
        return _try_out(asked, session.store, before, rules, reminders, places, only_in)
    outcome = desk.set_product(
        session,
        asked.id,
        name=asked.name,
        rules=rules,
        reminders=reminders,
        channels=channels,
        spend_places=places,
        spend_channels=only_in,
        opened=before,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    code = tell(asked, outcome)
    _warn(asked, outcome.facts.get("warnings", ()))
    return code


def _try_out(
    asked: Namespace,
    store: Store,
    before: ProductSheet | None,
    rules: ValidityRules,
    reminders: Sequence[Period] | None,
    places: Sequence[str] | None,
    only_in: Sequence[str] | None,
) -> int:
    """Tell what customers would be told, or why it can't be saved; nothing is changed."""
    now = store.clock.now()
    found = (*problems(rules, now, store.business), *lead_problems(reminders or ()))
    if found:
        raise Refused(" ".join(problem.sentence for problem in found))
    so_far = ProductSheet(0, asked.id, asked.id, rules, ()) if before is None else before
    leads = so_far.reminders if reminders is None else tuple(Lead(each, now) for each in reminders)
    wanted = replace(so_far, name=asked.name or so_far.name, rules=rules, reminders=leads)
    if places is not None:
        wanted = replace(wanted, spend_places=tuple(checked_places(places)))
    if only_in is not None:
        wanted = replace(wanted, spend_channels=() if set(only_in) == set(CHANNELS) else tuple(only_in))
    tell_announcement(asked, wanted, now, store.business)
    with reading(store):
        against = warnings(rules, policy_in_force(store).jurisdictions)
    _warn(asked, against)
    return 0


def _warn(asked: Namespace, against: Sequence[str]) -> None:
    """What the law has against it, beside what was done; data have it in their own place."""
    for warning in () if asked.json else against:
        complain(warning)


def _so_far(store: Store, asked: Namespace) -> ProductSheet | None:
    """The product to change. Raises UsageError for an imported one that no rules are set for, and none are given."""
    try:
        with reading(store):
            product = product_named(asked.id)
    except Refused:
        return None
    if product.rules is None and not (asked.expire_after or asked.expire_on or asked.never_expires):
        raise UsageError(
            f"{product.name} has no validity rules yet: say how long balances live, with --expire-after, --expire-on "
            f"or --never-expires."
        )
    return product


def _rules(asked: Namespace, rules: ValidityRules) -> ValidityRules:
    """The rules with what the options change; rounding goes with the period that it rounds."""
    if asked.expire_after is not None:
        rules = replace(rules, period=parse_period(asked.expire_after, "--expire-after"), expires_on=None)
    elif asked.expire_on is not None:
        day = parse_date(asked.expire_on, "--expire-on")
        rules = replace(rules, period=None, expires_on=day, month_end=False)
    elif asked.never_expires:
        rules = replace(rules, period=None, expires_on=None, month_end=False)
    if asked.activate_after is not None:
        rules = replace(rules, activation_delay_days=parse_days(asked.activate_after, "--activate-after"))
    if asked.valid_after is not None:
        rules = replace(rules, valid_after=parse_date(asked.valid_after, "--valid-after"))
    elif asked.no_valid_after:
        rules = replace(rules, valid_after=None)
    return rules if asked.month_end is None else replace(rules, month_end=asked.month_end)


def _reminders(asked: Namespace) -> list[Period] | None:
    if asked.no_reminders:
        return []
    return [parse_lead(text, "--remind") for text in asked.remind] if asked.remind else None


def retire(asked: Namespace) -> int:
    """Issue no more cards of a product."""
    return tell(asked, desk.retire_product(open_desk(asked), asked.id, ref=asked.ref, intent=intent_of(asked)))


def restore(asked: Namespace) -> int:
    """Issue cards of a retired product again."""
    return tell(asked, desk.restore_product(open_desk(asked), asked.id, ref=asked.ref, intent=intent_of(asked)))
