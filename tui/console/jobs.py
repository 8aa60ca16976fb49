"""The work on many cards at once: the expiry run."""

from argparse import Namespace
from collections.abc import Mapping

from models.jobs import expire as expiry
from models.rules.money import format_money
from models.rules.wording import plural
from tui.console.output import complain, progress, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.stopping import STOPPED, complain_of_left_out, stoppable


def expire(asked: Namespace) -> int:
    """Book every breakage that is due, or count them; exit code 130 when it was stopped."""
    session = open_desk(asked)
    with stoppable() as is_stopped:
        report = expiry.expire(
            session,
            is_dry_run=asked.dry_run,
            is_sure=asked.yes,
            on_progress=progress("Expiry run"),
            is_stopped=is_stopped,
        )
    if asked.json:
        say_json(
            {
                "done": True,
                "dry_run": asked.dry_run,
                "cards": report.cards,
                "broken_minor": dict(report.broken_minor),
                "products": [
                    {
                        "id": each.code,
                        "name": each.name,
                        "currency": each.currency,
                        "cards": each.cards,
                        "broken_minor": each.broken_minor,
                    }
                    for each in report.products
                ],
                "skipped": report.skipped,
                "skipped_cards": report.skipped_cards,
                "doubts": list(report.doubts),
                "left": report.left,
            }
        )
    else:
        would = "would expire. Nothing was changed." if asked.dry_run else "expired."
        say(f"{plural(report.cards, 'balance')}{sums(report.broken_minor)} {would}")
        say_table([_cells(each) for each in report.products], right=(1, 2))
    for doubt in report.doubts:
        complain(doubt)
    complain_of_left_out(report.skipped, report.skipped_cards)
    if report.left is None:
        return 0
    complain(f"Stopped with {plural(report.left, 'card')} left. What expired is saved; run it again for the rest.")
    return STOPPED


def _cells(product: expiry.ProductBreakage) -> list[str]:
    money = format_money(product.broken_minor, product.currency)
    return [f"{product.name} ({product.code})", f"{product.cards:,}", money]


def sums(minor: Mapping[str, int]) -> str:
    """Amounts by currency, in brackets after what they belong to; nothing for none."""
    sums = ", ".join(format_money(amount, currency) for currency, amount in sorted(minor.items()))
    return f" ({sums})" if sums else ""
