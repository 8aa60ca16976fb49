"""How many reactivations of an agent on a day are too many, and how that reads."""

from models.rules import wording
from models.rules.policy import Policy
from models.rules.roles import Action, who_may


def most_of_a_day(policy: Policy, raised_to: int | None) -> int | None:
    """How many cards an agent reactivates on a day at most, theirs perhaps raised for it; None: as many as they like.

    Where the policy knows no limit a raised one holds all the same.
    """
    return policy.stop_at if raised_to is None else raised_to


def stopped(who: str | None, used: int) -> str:
    """That somebody may reactivate no more on a day, as a sentence; None is whoever reads it."""
    name = "You have" if who is None else f"{wording.shortened(who)} has"
    return (
        f"{name} reactivated {wording.plural(used, 'card')} today, which is the limit: "
        f"{who_may(Action.RAISE_QUOTA)} can raise it for today (giftdesk agents raise)."
    )
