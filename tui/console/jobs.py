"""The work on many cards at once: the expiry run and verification."""

from argparse import Namespace
from collections.abc import Mapping

from models.errors import BAD_INPUT
from models.jobs import expire as expiry
from models.jobs import verify as verification
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
        say(f"{plural(report.cards, 'balance')}{_sums(report.broken_minor)} {would}")
    if report.skipped:
        complain(f"{plural(report.skipped, 'card')} left out for not adding up. Run: giftdesk verify")
    return 0


def _sums(minor: Mapping[str, int]) -> str:
    sums = ", ".join(format_money(amount, currency) for currency, amount in sorted(minor.items()))
    return f" ({sums})" if sums else ""


def verify(asked: Namespace) -> int:
    """Check every card and chain; exit code 65 when something does not add up."""
    report = verification.verify(open_desk(asked).store, progress("Verification"))
    if asked.json:
        say_json(
            {
                "cards": report.cards,
                "activities": report.activities,
                "audit_rows": report.audit_rows,
                "balances_minor": dict(report.balances_minor),
                "findings": [{"subject": found.subject, "what": found.what} for found in report.findings],
            }
        )
    else:
        for found in report.findings:
            say(f"{found.subject}: {found.what}")
        say(
            f"{plural(report.cards, 'card')}{_sums(report.balances_minor)}, {report.activities:,} activities and "
            f"{plural(report.audit_rows, 'audit row')} checked: "
            f"{'all add up' if not report.findings else plural(len(report.findings), 'finding')}."
        )
    if report.findings:
        complain("Something does not add up. Escalate these to Payments Support; nothing was changed.")
    return BAD_INPUT if report.findings else 0
