"""Products and the policy from the command line."""

from argparse import Namespace
from dataclasses import replace
from typing import Any

from models import desk
from models.errors import Refused
from models.products import ProductSheet, all_products, product_named, rules_as_json
from models.rules.validity import Period, ValidityRules
from models.store import Store, policy_in_force
from tui.console.opening import open_desk, reading
from tui.console.outcomes import tell
from tui.console.output import say, say_json, say_table
from tui.console.values import intent_of, parse_date, parse_days, parse_lead, parse_period


def list_products(asked: Namespace) -> int:
    """List the products by name."""
    store = open_desk(asked).store
    with reading(store):
        products = all_products()
    if asked.json:
        say_json([_as_json(product) for product in products])
    elif products:
        say_table([[product.code, product.name, product.summary] for product in products])
    else:
        say("There is no product yet. Make one with: giftdesk product set")
    return 0


def show_product(asked: Namespace) -> int:
    """Show one product."""
    store = open_desk(asked).store
    with reading(store):
        product = product_named(asked.id)
    if asked.json:
        say_json(_as_json(product))
        return 0
    say(f"{product.name} ({product.code})")
    say(f"Rules:     {product.summary}")
    leads = ", ".join(f"{lead.period} before the last day" for lead in product.reminders)
    say(f"Reminders: {leads or 'none'}")
    return 0


def _as_json(product: ProductSheet) -> dict[str, Any]:
    return {
        "id": product.code,
        "name": product.name,
        "rules": None if product.rules is None else rules_as_json(product.rules),
        "summary": product.summary,
        "reminders": [[lead.period.count, lead.period.unit] for lead in product.reminders],
    }


def set_product(asked: Namespace) -> int:
    """Create a product, or change what the options name of one."""
    session = open_desk(asked)
    rules = _rules(asked, _rules_so_far(session.store, asked.id))
    outcome = desk.set_product(
        session,
        asked.id,
        name=asked.name,
        rules=rules,
        reminders=_reminders(asked),
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome)


def _rules_so_far(store: Store, id_: str) -> ValidityRules:
    try:
        with reading(store):
            return product_named(id_).rules or ValidityRules()
    except Refused:
        return ValidityRules()


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


def show_policy(asked: Namespace) -> int:
    """Show the policy in force."""
    store = open_desk(asked).store
    with reading(store):
        policy = policy_in_force(store)
    if asked.json:
        say_json({**policy.as_json(), "grounds": list(policy.grounds), "zone": store.business.zone})
        return 0
    say(f"Version    {policy.version}")
    say(f"Grounds    {', '.join(policy.grounds) or 'none'}")
    say(f"Window     {policy.window_hours} h after the cut-off still count as recently expired")
    say(f"Extension  {policy.extension_days} days after today is the new last day")
    say(f"Note       {policy.note}")
    say(f"Lift note  {policy.lift_note}")
    say(f"Balances stop at {store.business.cut_off_time:%H:%M} on the day after the last day, {store.business.zone}.")
    return 0
