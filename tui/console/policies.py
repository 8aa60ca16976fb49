"""The policy from the command line."""

from argparse import Namespace
from typing import Any

from models import desk
from models.rules.jurisdictions import JURISDICTIONS
from models.store import policy_in_force
from tui.console.grammar import UsageError
from tui.console.opening import open_desk, reading
from tui.console.outcomes import tell
from tui.console.output import say, say_behind, say_json
from tui.console.values import intent_of, parse_hour, parse_jurisdictions


def show_policy(asked: Namespace) -> int:
    """Show the policy in force."""
    store = open_desk(asked).store
    with reading(store):
        policy = policy_in_force(store)
    if asked.json:
        say_json({**policy.as_json(), "zone": store.business.zone})
        return 0
    laws = [JURISDICTIONS[code] for code in policy.jurisdictions]
    say(f"Version    {policy.version}")
    say(f"Grounds    {', '.join(policy.grounds) or 'none'}")
    say(f"Window     {policy.window_hours} h after the cut-off still count as recently expired")
    say(f"Extension  {policy.extension_days} days after today is the new last day")
    say(f"Note       {policy.note}")
    say(f"Lift note  {policy.lift_note}")
    say(f"Reminders  from {policy.reminder_hour:02}:00 on their day")
    for law in laws:
        say_behind("Law        ", law.demand)
    say(f"Balances stop at {store.business.cut_off_time:%H:%M} on the day after the last day, {store.business.zone}.")
    return 0


def set_policy(asked: Namespace) -> int:
    """Change what the options name of the policy."""
    if asked.reminder_hour is None and asked.jurisdictions is None:
        raise UsageError("Nothing is to be changed: give --reminder-hour, --jurisdictions, or both.")
    changes: dict[str, Any] = {}
    if asked.jurisdictions is not None:
        changes["jurisdictions"] = parse_jurisdictions(asked.jurisdictions, "--jurisdictions")
    if asked.reminder_hour is not None:
        changes["reminder_hour"] = parse_hour(asked.reminder_hour, "--reminder-hour")
    return tell(asked, desk.set_policy(open_desk(asked), **changes, ref=asked.ref, intent=intent_of(asked)))
