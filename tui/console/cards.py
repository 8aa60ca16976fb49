"""Showing cards."""

from argparse import Namespace
from typing import Any

from models.errors import Refused
from models.histories import ActivityLine
from models.near import is_mistyped
from models.records import Person
from models.rules import wording
from models.rules.balances import MISTYPED_CODE, UNKNOWN_CODE, BalanceTold, Told
from models.rules.codes import normalise
from models.rules.damage import Damage
from models.rules.errors import BadCode
from models.rules.escalations import standing as where_it_stands
from models.rules.facts import Emptied
from models.rules.money import format_minor, format_money
from models.sheets import LISTED, CardSheet, card_sheet, card_sheet_at
from models.unit import Session
from tui import telling
from tui.console.lines import escalation_as_json, person_as_json, person_in_words
from tui.console.opening import UnknownCode, answering_card, find_card, given_code
from tui.console.outcomes import standing
from tui.console.output import complain, iso, local, say, say_all, say_behind, say_json, say_sentences, say_table
from tui.console.sitting import open_desk
from tui.console.values import parse_time_of_card


def show(asked: Namespace) -> int:
    """Show one card, as it is or as it was; exit code 1 when no card answers to the code."""
    session = open_desk(asked)
    try:
        sheet = _sheet(asked, session)
    except UnknownCode as unknown:
        if not asked.json:
            raise
        say_json(unknown.as_json())
        unknown.say_what_follows()
        return 1
    if asked.json:
        say_json(_sheet_as_json(sheet))
    else:
        _say_sheet(sheet)
    return 0


def why(asked: Namespace) -> int:
    """Say which activity emptied a card; exit code 1 when there is money on it."""
    sheet = _sheet(asked, open_desk(asked))
    if sheet.why_not_zero is not None:
        raise Refused(sheet.why_not_zero)
    why, line = sheet.why_zero()
    if asked.json:
        say_json(
            {
                "code_masked": sheet.code_masked,
                "currency": sheet.currency,
                "balance_minor": sheet.balance_minor,
                "emptied": _emptied_as_json(why.emptied),
                "sentence": why.sentence,
                "customer": why.customer,
                "activity": None if line is None else _activity_as_json(line),
                "judged_at": iso(sheet.judged_at),
            }
        )
    else:
        say_all(telling.why_zero(sheet))
    return 0


def balance(asked: Namespace) -> int:
    """Say what a customer may be told of a card; exit code 1 when no card answers to what was typed."""
    session = open_desk(asked)
    code = given_code(asked.code)
    try:
        told = card_sheet(session, answering_card(session, code)).balance_told
    except UnknownCode as unknown:
        _say_balance(asked, _told_of_none(session, code))
        unknown.say_what_follows()
        return 1
    _say_balance(asked, told)
    return 0


def _say_balance(asked: Namespace, told: BalanceTold) -> None:
    if asked.json:
        say_json(_told_as_json(told))
    elif told.told is Told.UNKNOWN:
        complain(told.sentence)
    else:
        say_sentences(told.sentence)


def _told_of_none(session: Session, code: str) -> BalanceTold:
    """What a customer is told whose code no card answers to."""
    try:
        is_wrong = is_mistyped(session.store, normalise(code))
    except BadCode:
        is_wrong = False
    return BalanceTold(Told.UNKNOWN, MISTYPED_CODE if is_wrong else UNKNOWN_CODE)


def _told_as_json(told: BalanceTold) -> dict[str, Any]:
    return {
        "told": told.told.value,
        "sentence": told.sentence,
        "balance_minor": told.balance_minor,
        "currency": told.currency,
        "active_from": told.active_from_on and told.active_from_on.isoformat(),
        "last_day": told.last_day_on and told.last_day_on.isoformat(),
    }


def _emptied_as_json(emptied: Emptied | None) -> dict[str, Any] | None:
    if emptied is None:
        return None
    return {
        "kind": emptied.kind.value,
        "amount_minor": emptied.amount_minor,
        "at": iso(emptied.at),
        "place": emptied.place,
        "order_ref": emptied.order_ref,
        "number": emptied.number,
    }


def _sheet(asked: Namespace, session: Session) -> CardSheet:
    if asked.at is None:
        return card_sheet(session, find_card(session, asked.code), LISTED)
    at = parse_time_of_card(asked.at, "--at", session.store.clock.now(), session.store.business)
    return card_sheet_at(session, find_card(session, asked.code), at, LISTED)


def _sheet_as_json(sheet: CardSheet) -> dict[str, Any]:
    found = sheet.diagnosis
    would = found.would_become
    return {
        **standing(sheet),
        "product_rules": sheet.product_rules,
        "verdict": found.verdict.value,
        "reason": found.reason,
        "grounds": list(found.grounds),
        "actions": {action.value: refusal for action, refusal in found.actions.items()},
        "would_become": would
        and {
            "last_day": would.last_day_on.isoformat() if would.last_day_on else None,
            "restores_minor": would.restores_minor,
            "grounds": list(would.grounds),
            "lifts_suspension": would.lifts,
        },
        "holder": sheet.holder and person_as_json(sheet.holder),
        "escalation": sheet.handed and escalation_as_json(sheet.handed),
        "restricted_to": sheet.restricted_to and person_as_json(sheet.restricted_to),
        "spend_places": list(sheet.facts.limits.places),
        "spend_channels": list(sheet.facts.limits.channels),
        "purchaser": sheet.purchaser and person_as_json(sheet.purchaser),
        "recipient": sheet.recipient and person_as_json(sheet.recipient),
        "flags": [
            {"number": flag.number, "raised_at": iso(flag.at), "actor": flag.actor, "reason": flag.reason}
            for flag in sheet.flags
        ],
        "suspended": sheet.suspended_at
        and {"at": iso(sheet.suspended_at), "actor": sheet.suspended_by, "reason": sheet.suspended_reason},
        "cancelled_at": iso(sheet.cancelled_at),
        "moved_to": sheet.moved_to.code_masked if sheet.moved_to else None,
        "came_from": sheet.came_from.code_masked if sheet.came_from else None,
        "broken_minor": sheet.broken_minor,
        "emptied": _emptied_as_json(sheet.emptied),
        "wrong": sheet.wrong,
        "damage": _damage_as_json(sheet.facts.damage),
        "judged_at": iso(sheet.judged_at),
        "as_of": None if sheet.as_of is None else iso(sheet.as_of.at),
        "is_ahead": sheet.as_of is not None and sheet.as_of.is_ahead,
        "zone": sheet.business.zone,
        "policy_version": sheet.policy.version,
        "activities_total": sheet.version,
        "activities": [_activity_as_json(line) for line in sheet.activities],
    }


def _damage_as_json(damage: Damage | None) -> dict[str, Any] | None:
    if damage is None:
        return None
    return {
        "what": damage.what,
        "sound_number": damage.sound_number,
        "sound_at": iso(damage.sound_at),
        "mendable": damage.is_mendable,
    }


def _activity_as_json(line: ActivityLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "kind": line.kind.value,
        "amount_minor": line.amount_minor,
        "balance_after_minor": line.balance_after_minor,
        "effective_at": iso(line.effective_at),
        "recorded_at": iso(line.recorded_at),
        "actor": line.actor,
        "place": line.place,
        "order_ref": line.order_ref,
        "reason": line.reason,
        "reverses": line.reverses,
        "details": line.details,
    }


def _say_sheet(sheet: CardSheet) -> None:
    if sheet.when is not None:
        say(f"The card {sheet.when}.")
    for name, text in _facts(sheet):
        say_behind(f"{name:<10}", text)
    for action, refusal in sheet.diagnosis.actions.items():
        if refusal is not None:
            say_behind(f"{'Not now':<10}", f"{action.value}: {refusal}")
    say()
    say_table([_history_cells(line, sheet) for line in sheet.activities], right=(0, 3, 4))


def _facts(sheet: CardSheet) -> list[tuple[str, str]]:
    balance = format_money(sheet.balance_minor, sheet.currency)
    if sheet.broken_minor:
        balance += (
            f" ({format_money(sheet.broken_minor, sheet.currency)} broken {local(sheet.broken_at, sheet.business)})"
        )
    last = wording.last_day(sheet.last_day_on)
    if sheet.cut_off_at is not None:
        stops = "stopped" if sheet.cut_off_at <= sheet.judged_at else "stops"
        last += f", {stops} {wording.weekday_moment(sheet.cut_off_at, sheet.business)}"
    bought = ", ".join(part for part in (local(sheet.bought_at, sheet.business), sheet.bought_place) if part)
    allowed = [action.value for action, refusal in sheet.diagnosis.actions.items() if refusal is None]
    held = f"{local(sheet.suspended_at, sheet.business)} by {sheet.suspended_by}: {sheet.suspended_reason or ''}"
    return [
        ("Card", sheet.code_masked),
        ("Status", sheet.status.value),
        ("Balance", balance),
        ("Valid", f"from {local(sheet.active_from_at, sheet.business)}"),
        ("Last day", last),
        ("Product", f"{sheet.product_name} ({sheet.product_rules})"),
        *([("Bought", bought)] if bought else []),
        ("Holder", _holder(sheet.holder)),
        *([("Only for", _holder(sheet.restricted_to))] if sheet.restricted_to else []),
        *([("Spent", f"only {sheet.facts.limits.where}")] if sheet.facts.limits.where else []),
        *([("Suspended", held)] if sheet.suspended_at else []),
        *([("Sent on", where_it_stands(sheet.handed, sheet.business))] if sheet.handed else []),
        *(
            ("Flag", f"{flag.number}, {local(flag.at, sheet.business)} by {flag.actor}: {flag.reason}")
            for flag in sheet.flags
        ),
        *([("Moved to", sheet.moved_to.code_masked)] if sheet.moved_to else []),
        *([("From", sheet.came_from.code_masked)] if sheet.came_from else []),
        *([("Wrong", sheet.facts.damage.what)] if sheet.facts.damage else []),
        ("Verdict", f"{sheet.diagnosis.verdict}: {sheet.diagnosis.reason}"),
        ("Possible", ", ".join(allowed) or "nothing"),
    ]


def _holder(holder: Person | None) -> str:
    return "nobody on file" if holder is None else f"{person_in_words(holder)} (record {holder.id})"


def _history_cells(line: ActivityLine, sheet: CardSheet) -> list[str]:
    amount = f"{'+' if line.amount_minor > 0 else ''}{format_minor(line.amount_minor, sheet.currency)}"
    said = telling.other_card_of(line), telling.said(line)
    where = [line.place, line.order_ref and f"order {line.order_ref}", *said]
    return [
        str(line.number),
        local(line.effective_at, sheet.business),
        line.kind.value,
        amount if line.moves_money else "",
        format_minor(line.balance_after_minor, sheet.currency) if line.moves_money else "",
        line.actor,
        ", ".join(part for part in where if part),
    ]
