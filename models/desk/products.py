"""Setting a product's validity rules. Issued cards keep the days that they have."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from models import audit
from models.errors import Refused
from models.products import facts_of, in_words, lead_as_json, leads_of, rules_as_json
from models.rules.products import problems
from models.rules.reminders import Lead
from models.rules.roles import Action
from models.rules.texts import NAME, REFERENCE, check_line, optional_line
from models.rules.validity import Period, ValidityRules
from models.schema import Product
from models.unit import Outcome, Session, Unit, perform

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def set_product(
    session: Session,
    code: str,
    *,
    name: str | None = None,
    rules: ValidityRules,
    reminders: Sequence[Period] | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Create or change a product, by its short name. Cards issued or loaded from now on follow the rules."""

    def work(unit: Unit) -> Outcome:
        ticket = optional_line(ref, "ticket", REFERENCE)
        short = code.strip().lower()
        if _CODE.fullmatch(short) is None:
            raise Refused("A product's short name has letters, digits and dashes only, 40 at most: half-year.")
        found = problems(rules, unit.now, unit.store.business)
        if found:
            raise Refused(" ".join(problem.sentence for problem in found))
        if any(each.count < 1 or each.unit not in ("days", "weeks") for each in reminders or ()):
            raise Refused("A reminder goes a number of days or weeks before the last day, 1 or more.")
        before = Product.get_or_none(Product.code == short)
        shown = check_line(name, "name", NAME) if name is not None else (before.name if before else short)
        so_far = () if before is None else leads_of(before)
        leads = so_far if reminders is None else [_lead(each, so_far, unit.now) for each in reminders]
        stored = [lead_as_json(each) for each in leads]
        after = {"name": shown, "rules": rules_as_json(rules), "reminders": stored}
        values = {**after, "changed_at": unit.now}
        if before is None:
            product_id: int = Product.insert(code=short, **values).execute()
        else:
            product_id = before.id
            Product.update(**values).where(Product.id == product_id).execute()
        audit.record(
            unit.hand, f"product:{product_id}", "set", None if before is None else facts_of(before), after, ticket
        )
        return Outcome(True, f"{shown} ({short}): {in_words(rules)}.", facts={"product": short})

    request = {
        "code": code,
        "name": name,
        "rules": rules_as_json(rules),
        "reminders": None if reminders is None else [str(each) for each in reminders],
        "ref": ref,
    }
    return perform(session, Action.SET_PRODUCT, intent, request, work)


def _lead(period: Period, so_far: Iterable[Lead], now: datetime) -> Lead:
    """A reminder that stays on the schedule is owed since it was put there."""
    return next((each for each in so_far if each.period == period), Lead(period, now))
