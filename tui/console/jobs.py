"""The work on many cards at once: the expiry run."""

from argparse import Namespace
from collections.abc import Mapping

from models.jobs import expire as expiry
from models.rules.money import format_money
from models.rules.wording import plural
from tui.console.opening import open_desk
from tui.console.output import complain, progress, say, say_json


def expire(asked: Namespace) -> int:
    """Book every breakage that is due, or count them."""
    session = open_desk(asked)
    report = expiry.expire(session, is_dry_run=asked.dry_run, on_progress=progress("Expiry run"))
    if asked.json:
        say_json(
            {
                "done": True,
                "dry_run": asked.dry_run,
                "cards": report.cards,
                "broken_minor": dict(report.broken_minor),
                "skipped": report.skipped,
            }
        )
    else:
        would = "would expire. Nothing was changed." if asked.dry_run else "expired."
        say(f"{plural(report.cards, 'balance')}{sums(report.broken_minor)} {would}")
    if report.skipped:
        complain(f"{plural(report.skipped, 'card')} left out for not adding up. Run: giftdesk verify")
    return 0


def sums(minor: Mapping[str, int]) -> str:
    """Amounts by currency, in brackets after what they belong to; nothing for none."""
    sums = ", ".join(format_money(amount, currency) for currency, amount in sorted(minor.items()))
    return f" ({sums})" if sums else ""
