"""Asking a colleague to approve a reactivation: one request for a card at a time, sealed, and kept in the audit."""

from dataclasses import replace

from models import audit
from models.approvals import approval_seal, audited, digest_of, grounds_as_stored
from models.casebook import case_for, enter, found_case
from models.desk.judging import name_of
from models.errors import Refused
from models.fields import canonical_json
from models.records import Record
from models.rules import wording
from models.rules.asked import Asked, Decision
from models.rules.cases import Step
from models.rules.reactivation import Reactivation
from models.rules.roles import Action, who_may
from models.rules.texts import REFERENCE, optional_line
from models.schema import Approval
from models.unit import Outcome, Unit


def ask(
    unit: Unit,
    record: Record,
    planned: Reactivation,
    why: tuple[str, ...],
    *,
    note: str | None,
    reason: str | None,
    ref: str | None,
) -> Outcome:
    """Write a request down, within the transaction: the card was judged, and no other request of it waits.

    An earlier one that was left alone is closed as lapsed first.
    """
    if record.asked is not None and record.asked.decision is None:
        settle(unit, record.asked, Decision.LAPSED)
    (id_,) = unit.store.database.fresh_ids(Approval, 1)
    asked = Asked(
        id=id_,
        card_id=record.card.id,
        case_id=case_for(unit, record.card.id).id,
        by_id=unit.agent.id,
        by=unit.agent.name,
        at=unit.now,
        why=why,
        grounds=planned.grounds,
        cut_off_at=record.card.cut_off_at,
        suspended_at=record.card.suspended_at,
        policy=unit.policy.version,
        note=note,
        reason=reason,
        ref=optional_line(ref, "ticket", REFERENCE),
    )
    _write_down(unit, asked)
    until = wording.weekday_moment(asked.lapses_at, unit.store.business)
    sentence = (
        f"{name_of(record.card)} waits for approval: {who_may(Action.APPROVE)} other than you decides before {until}. "
        f"{' '.join(why)}"
    )
    facts = {"approval": asked.id, "why": list(why), "lapses_at": asked.lapses_at.isoformat()}
    return Outcome(True, sentence, record.card.id, facts)


def _write_down(unit: Unit, asked: Asked) -> None:
    keys = unit.store.keys
    Approval.insert(
        id=asked.id,
        card_id=asked.card_id,
        case_id=asked.case_id,
        why=canonical_json(list(asked.why)),
        grounds=grounds_as_stored(asked),
        policy=asked.policy,
        note=asked.note,
        reason=asked.reason,
        ref=asked.ref,
        asked_at=asked.at,
        asked_by=asked.by_id,
        asked_by_name=asked.by,
        seal=approval_seal(keys, asked, [digest_of(keys, asked, fact) for fact in ("note", "reason")]),
    ).execute()
    audit.record(unit.hand, _subject(asked), "ask", None, audited(keys, asked))
    if asked.case_id is not None:
        enter(unit, asked.case_id, Step.ASKED, {"waits_for": _subject(asked)})


def _subject(asked: Asked) -> str:
    return f"approval:{asked.id}"


def settle(unit: Unit, asked: Asked, decision: Decision, *, said: str | None = None, number: int | None = None) -> None:
    """Write down what came of a request, also in the case, within the transaction; the number is the reactivation's.

    Nobody decides that one lapsed. Raises Refused when somebody settled it at the same moment.
    """
    has_lapsed = decision is Decision.LAPSED
    changed = (
        Approval.update(
            decision=decision,
            decided_at=unit.now,
            decided_by=None if has_lapsed else unit.agent.id,
            decided_by_name=None if has_lapsed else unit.agent.name,
            said=said,
            number=number,
        )
        .where((Approval.id == asked.id) & Approval.decision.is_null())
        .execute()
    )
    if changed != 1:
        raise Refused("Somebody else decided about this at the same moment. Nothing was changed; look again.")
    after = replace(asked, decision=decision, said=said)
    before, after_ = audited(unit.store.keys, asked), audited(unit.store.keys, after)
    audit.record(unit.hand, _subject(asked), decision.value, before, {**after_, "number": number})
    # A case that was closed after its request lapsed has nothing more to hear of it.
    if asked.case_id is not None and not (has_lapsed and found_case(asked.case_id).closed_at):
        enter(unit, asked.case_id, Step.ANSWERED, {"waits_for": _subject(asked), "answer": decision.value}, said)


def remove_request_texts(card_id: int) -> None:
    """Take the free texts of a card's requests away, within the transaction; the audit keeps their digests."""
    Approval.update(note=None, reason=None, said=None).where(Approval.card_id == card_id).execute()
