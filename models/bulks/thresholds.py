"""For which bulks somebody else must approve: the thresholds of the policy, and what one person did alone lately."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from models.rules.asked import LAPSE
from models.rules.bulk import BulkKind
from models.rules.money import grouped_money
from models.rules.policy import Policy
from models.rules.wording import listed, plural
from models.schema import Bulk

Alone = tuple[int, Mapping[str, int]]
"""How many cards somebody's bulks changed without an approval, and what came back, minor units by currency."""
_LATELY: Final = "24 hours"


def why_approve(
    kind: BulkKind, cards: int, money_minor: Mapping[str, int], policy: Policy, before: Alone = (0, {})
) -> tuple[str, ...]:
    """Why somebody else must approve a bulk, a sentence for each threshold of the policy that it passes.

    Before is what the same agent began alone shortly before: many small bulks are one large one.
    """
    why = []
    cards_before, money_before = before
    if policy.bulk_above is not None and cards and cards + cards_before > policy.bulk_above:
        also = f", and {cards_before:,} were changed alone within {_LATELY}" if cards_before else ""
        why.append(
            f"The {kind.words} changes {plural(cards, 'card')}{also}: more than {policy.bulk_above:,} need an approval."
        )
    limits = policy.bulk_money_above
    whole = {code: minor + money_before.get(code, 0) for code, minor in money_minor.items()}
    over = [code for code in sorted(whole) if code in limits and money_minor[code] and whole[code] > limits[code]]
    if over:
        sums = listed([grouped_money(money_minor[code], code) for code in over])
        did = [grouped_money(money_before[code], code) for code in over if money_before.get(code)]
        also = f", and {listed(did)} came back alone within {_LATELY}" if did else ""
        most = listed([grouped_money(limits[code], code) for code in over])
        why.append(f"{sums} come back{also}: more than {most} need an approval.")
    return tuple(why)


def alone_lately(kind: BulkKind, agent_id: int, now: datetime) -> Alone:
    """What an agent's bulks of the last 24 hours come to that nobody had to approve, undone or not: the cards of those
    of a kind, and the money of all; within a connection."""
    since = now - LAPSE
    is_theirs = (Bulk.asked_by == agent_id) & (Bulk.ready_at > since) & Bulk.undoes.is_null()
    cards, money = 0, dict[str, int]()
    for each in Bulk.select(Bulk.kind, Bulk.cards, Bulk.told, Bulk.why).where(is_theirs):
        if each.why:
            continue
        cards += (each.cards or 0) if each.kind == kind else 0
        for _product, currency, _cards, minor in each.told["money"]:
            money[currency] = money.get(currency, 0) + minor
    return cards, money
