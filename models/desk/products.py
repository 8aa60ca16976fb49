"""Setting a product's validity rules. Issued cards keep the days that they have."""

import re
from collections.abc import Sequence
from typing import Any, Final

from models import audit
from models.errors import Refused
from models.products import in_words, rules_as_json
from models.rules.products import problems
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
        stored: list[Any] = [[each.count, each.unit] for each in reminders] if reminders is not None else []
        if reminders is None and before is not None:
            stored = before.reminders
        after = {"name": shown, "rules": rules_as_json(rules), "reminders": stored}
        values = {**after, "changed_at": unit.now}
        if before is None:
            product_id: int = Product.insert(code=short, **values).execute()
        else:
            product_id = before.id
            Product.update(**values).where(Product.id == product_id).execute()
        audit.record(unit.hand, f"product:{product_id}", "set", _facts(before), after, ticket)
        return Outcome(True, f"{shown} ({short}): {in_words(rules)}.", facts={"product": short})

    request = {
        "code": code,
        "name": name,
        "rules": rules_as_json(rules),
        "reminders": None if reminders is None else [str(each) for each in reminders],
        "ref": ref,
    }
    return perform(session, Action.SET_PRODUCT, intent, request, work)


def _facts(product: Product | None) -> dict[str, Any] | None:
    return None if product is None else {"name": product.name, "rules": product.rules, "reminders": product.reminders}
