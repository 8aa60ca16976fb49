"""Replacing a card whose code was lost or never arrived: another card takes its place and its balance."""

from models.desk.judging import judged, name_of
from models.desk.loads import new_card, until
from models.desk.restricting import carry_restriction
from models.desk.transferring import inheritance, move
from models.rules.codes import grouped, masked, new_code
from models.rules.money import format_money
from models.rules.roles import Action
from models.rules.texts import check_note
from models.unit import Outcome, Session, Unit, perform


def replace(
    session: Session, card_id: int, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Give a card's balance, days, product and people to another card, made for it.

    The outcome is about that card, and hands out its code, told only now. The old code still finds the old
    card, which says where its balance went.
    """

    def work(unit: Unit) -> Outcome:
        why = check_note(reason, "reason")
        record = judged(unit, card_id, Action.REPLACE)
        old = record.card
        sets = inheritance(old)
        code = new_code(unit.store.pick)
        made = new_card(unit, code, old.currency, sets)
        only_for = carry_restriction(unit, record, made.id, ref)
        old, made = move(
            unit, old, made, old.balance_minor, sets, reason=why, ref=ref, is_replacement=True, only_for=only_for
        )
        return Outcome(
            True,
            f"{name_of(old)} is replaced by ···· {made.last_four}, which has "
            f"{format_money(made.balance_minor, made.currency)}, {until(made)}.",
            made.id,
            {"replaced": masked(old.last_four), "last_four": made.last_four, "balance_minor": made.balance_minor},
            hand_out=grouped(code),
        )

    return perform(session, Action.REPLACE, intent, {"card": card_id, "reason": reason, "ref": ref}, work)
