"""Judging one decision again: under the policy of then, which must lead to what was decided, and under a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from models.rules.asked import LAPSE
from models.rules.asked import Decision as Settled
from models.rules.policy import Policy
from models.rules.reactivation import is_expired
from models.rules.spent import spent_of
from models.rules.trying import Judgement, Turn, Would, at_stake, is_too_fresh_to_tell, judge
from models.store import Store
from models.trials.decisions import Decision, Kind
from models.trials.standings import NotKept, Standing, Standings

_DECIDED: Final[Mapping[Kind, Would]] = {
    Kind.REACTIVATED: Would.REACTIVATE,
    Kind.ASKED: Would.ASK,
    Kind.DECLINED: Would.REFUSE,
    Kind.ESCALATED: Would.REFUSE,
    Kind.EXPLAINED: Would.REFUSE,
}


@dataclass(frozen=True, slots=True)
class Money:
    """What would have become of money, in minor units of one currency."""

    more_minor: int = 0
    """What would have come back, and did not."""
    less_minor: int = 0
    """What came back, and would not have."""
    asked_minor: int = 0
    """What would have waited for an approval, and nobody knows with what outcome."""
    spent_minor: int = 0
    """What was spent since of what would not have come back, or behind the last day of the draft."""

    def __add__(self, other: "Money") -> "Money":
        """Both together."""
        return Money(
            self.more_minor + other.more_minor,
            self.less_minor + other.less_minor,
            self.asked_minor + other.asked_minor,
            self.spent_minor + other.spent_minor,
        )


NOTHING: Final = Money()


@dataclass(frozen=True, slots=True)
class Changed:
    """A decision that would have been another one."""

    at: datetime
    """UTC."""
    card_id: int
    last_four: str
    currency: str
    agent: str
    kind: Kind
    came: str | None
    """What came of a request: approved, refused, withdrawn, lapsed or waiting; None for everything else."""
    would: Would
    why: tuple[str, ...]
    last_day_on: date | None
    """The last day under the draft; None is never, and where the card would not be reactivated."""
    last_day_was: date | None
    """The last day that was set, where the card was reactivated."""
    money: Money


class NoDecision(Exception):
    """The policy had nothing to say: nobody wanted a reactivation, or it would have been granted."""


class Judges:
    """Judges decisions under the policy of then, and under the draft."""

    def __init__(
        self,
        store: Store,
        draft: Policy,
        policies: Iterable[tuple[datetime, Policy]],
        raised: Mapping[tuple[int, date], int],
    ) -> None:
        self._business = store.business
        self._now = store.now()
        self._draft = draft
        self._policies = list(policies)
        self._raised = raised

    def changed(self, decision: Decision, standings: Standings) -> Changed | None:
        """What would have been decided instead; None: the same. Raises NotKept, NoDecision."""
        standing = standings.standing(decision)
        at, then = decision.at, self._then(decision)
        if decision.kind in (Kind.ESCALATED, Kind.EXPLAINED) and not _is_about_reactivating(standing, at):
            raise NoDecision
        facts = replace(standing.facts, is_vip=standings.was_vip(decision, standing, then))
        on = self._business.date_of(at)
        raised_to = None if decision.agent_id is None else self._raised.get((decision.agent_id, on))
        turn = Turn(standing.agent, standing.nth, raised_to)
        was = judge(facts, then, at, self._business, turn)
        if was.would is not _DECIDED[decision.kind]:
            if decision.kind in (Kind.ESCALATED, Kind.EXPLAINED):
                raise NoDecision  # the policy stood in nobody's way
            raise NotKept("what is kept of it does not lead to what was decided")
        if is_too_fresh_to_tell(facts, self._draft, then, at, self._business):
            raise NotKept("since when the VIP mark stood is not known any more")
        would = judge(facts, self._draft, at, self._business, turn)
        return self._difference(decision, replace(standing, facts=facts), would)

    def _then(self, decision: Decision) -> Policy:
        """The policy that something was decided under. Raises NotKept."""
        version = decision.policy
        for since, policy in reversed(self._policies):
            if policy.version == version if version is not None else since <= decision.at:
                return policy
        raise NotKept("the policy that it was decided under is not kept at this desk")

    def _difference(self, decision: Decision, standing: Standing, would: Judgement) -> Changed | None:
        is_same = would.would is _DECIDED[decision.kind]
        is_other_day = decision.kind is Kind.REACTIVATED and would.last_day_on != standing.last_day_after
        if is_same and not is_other_day:
            return None
        return Changed(
            at=decision.at,
            card_id=decision.card_id,
            last_four=standing.last_four,
            currency=standing.facts.currency,
            agent=standing.agent,
            kind=decision.kind,
            came=self._came(decision),
            would=would.would,
            why=would.why,
            last_day_on=would.last_day_on,
            last_day_was=standing.last_day_after,
            money=self._money(decision, standing, would),
        )

    def _came(self, decision: Decision) -> str | None:
        if decision.kind is not Kind.ASKED or decision.came is not None:
            return decision.came
        return "waiting" if self._now < decision.at + LAPSE else Settled.LAPSED.value

    def _money(self, decision: Decision, standing: Standing, would: Judgement) -> Money:
        minor = at_stake(standing.facts, decision.at)
        if decision.lasted is None:
            if standing.came_back or would.would is Would.REFUSE:
                return NOTHING
            return Money(more_minor=minor) if would.would is Would.REACTIVATE else Money(asked_minor=minor)
        if would.would is Would.REFUSE:
            return Money(less_minor=minor, spent_minor=spent_of(minor, standing.moved(decision.lasted)))
        if would.would is Would.ASK:
            return Money(asked_minor=minor)
        return Money(spent_minor=self._spent_behind(decision.lasted, minor, standing, would))

    def _spent_behind(self, lasted: int, minor: int, standing: Standing, would: Judgement) -> int:
        """What was spent of what was given back when the last day of the draft was over."""
        if would.last_day_on is None:
            return 0
        ends_at = self._business.cut_off(would.last_day_on)
        whole = spent_of(minor, standing.moved(lasted))
        early = {each.number for each in standing.after if each.effective_at < ends_at}
        return whole - spent_of(minor, (each for each in standing.moved(lasted) if each.number in early))


def _is_about_reactivating(standing: Standing, at: datetime) -> bool:
    facts = standing.facts
    return facts.cancelled_at is None and (facts.suspended_at is not None or is_expired(facts, at))
