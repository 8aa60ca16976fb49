"""What customers are told of a product's cards, from the command line: for a shop to ask, and to try rules out."""

from argparse import Namespace
from datetime import datetime
from typing import Any

from models.errors import Refused
from models.products import ProductSheet, product_named, refuse_off_the_web, refuse_retired, rules_for_loading
from models.rules import wording
from models.rules.announcing import Announcement, announce
from models.rules.errors import RuleError
from models.rules.validity import BusinessTime
from models.store import Store
from tui.console.opening import reading
from tui.console.output import iso, say, say_behind, say_json, say_sentences, say_table
from tui.console.sitting import open_desk
from tui.console.values import parse_time_of_card


def line(asked: Namespace) -> int:
    """Print what a buyer reads in the web shop, and nothing else."""
    store = open_desk(asked).store
    bought_at = _instant(asked.bought, "--bought", store)
    with reading(store):
        product = product_named(asked.id)
    refuse_retired(product)
    refuse_off_the_web(product)
    told = _announced(product, bought_at, store.business)
    if asked.json:
        say_json({"id": product.code, "line": told.web_line, **_dates(told)})
    else:
        say_sentences(told.web_line)
    return 0


def preview(asked: Namespace) -> int:
    """Print all that is said of a card bought on some day, and perhaps topped up on another, and what happens to it."""
    store = open_desk(asked).store
    bought_at = _instant(asked.bought, "--bought", store)
    topped_up_at = None if asked.topped_up is None else _instant(asked.topped_up, "--topped-up", store)
    with reading(store):
        product = product_named(asked.id)
    tell_announcement(asked, product, bought_at, store.business, topped_up_at)
    return 0


def tell_announcement(
    asked: Namespace,
    product: ProductSheet,
    bought_at: datetime,
    business: BusinessTime,
    topped_up_at: datetime | None = None,
) -> None:
    """Print all that is said of a card of a product, which need not be saved, and what happens to the card.

    Instants are UTC. Raises Refused when it can't be sold then.
    """
    told = _announced(product, bought_at, business, topped_up_at)
    if asked.json:
        say_json(_as_json(product, told))
        return
    say(f"{product.name} ({product.code})" + (", retired" if product.retired_at is not None else ""))
    for where, text in _texts(told):
        say_behind(f"{where:<13}", text)
    say()
    say_table(_timeline(told, bought_at, topped_up_at, business))


def _instant(text: str | None, option: str, store: Store) -> datetime:
    """The instant, UTC, that an option names; without it, the present."""
    now = store.clock.now()
    return now if text is None else parse_time_of_card(text, option, now, store.business)


def _announced(
    product: ProductSheet, bought_at: datetime, business: BusinessTime, topped_up_at: datetime | None = None
) -> Announcement:
    """What is said of a product's card. Raises Refused when it can't be sold then."""
    leads = [lead.period for lead in product.reminders]
    try:
        return announce(rules_for_loading(product), leads, bought_at, business, topped_up_at, product.where)
    except RuleError as problem:
        raise Refused(f"{product.name}: {problem}") from None


def _texts(told: Announcement) -> list[tuple[str, str]]:
    return [
        ("Web shop", told.web_line),
        ("On buying", told.buyer_line),
        ("Gift e-mail", told.gift_email),
        ("On the card", told.print_line),
        *([] if told.top_up_line is None else [("On top-up", told.top_up_line)]),
    ]


def _timeline(
    told: Announcement, bought_at: datetime, topped_up_at: datetime | None, business: BusinessTime
) -> list[list[str]]:
    """What happens on which day, the first first."""
    happens = [
        (business.date_of(bought_at), "bought"),
        (told.active_from_on, "becomes active"),
        *((each.on, f"reminder, {each.lead} before {wording.day(each.last_day_on)}") for each in told.reminders),
    ]
    if topped_up_at is not None:
        happens.append((business.date_of(topped_up_at), "topped up"))
    rows = [[wording.weekday(on), what] for on, what in sorted(happens, key=lambda each: each[0])]
    if told.last_day_on is None or told.cut_off_at is None:
        return [*rows, ["never", "expires"]]
    stops = f"the balance stops at {told.cut_off_at.astimezone(business.tz):%H:%M}, {business.zone}"
    return [
        *rows,
        [wording.weekday(told.last_day_on), "last day"],
        [wording.weekday(business.date_of(told.cut_off_at)), stops],
    ]


def _dates(told: Announcement) -> dict[str, Any]:
    """From when and until when a card can be spent, as JSON."""
    return {
        "active_from": told.active_from_on.isoformat(),
        "last_day": told.last_day_on and told.last_day_on.isoformat(),
    }


def _as_json(product: ProductSheet, told: Announcement) -> dict[str, Any]:
    return {
        "id": product.code,
        "web_line": told.web_line,
        "buyer_line": told.buyer_line,
        "gift_email": told.gift_email,
        "print_line": told.print_line,
        "top_up_line": told.top_up_line,
        **_dates(told),
        "cut_off": iso(told.cut_off_at),
        "reminders": [
            {
                "on": each.on.isoformat(),
                "lead": [each.lead.count, each.lead.unit],
                "last_day": each.last_day_on.isoformat(),
            }
            for each in told.reminders
        ],
    }
