"""The mutants that change nothing that a clerk, a customer or an auditor could notice, each with its reason."""

from typing import Final

from bench.mutants.breaking import Mutant

_ROOM: Final = "how much of a text is repeated in a sentence: one letter more or less says the same"
_PACE: Final = "how many at once: a matter of speed alone"
_STRICT: Final = "both are made of the same names: they can't differ in length"
_WISH: Final = "tells one kind of wish from another under the same key: any value does"
_FIRST: Final = "the first activity of the card writes it over, in the same transaction"
_NOTHING: Final = "a correction of nothing was refused before"
_EITHER: Final = "only the sign of it counts"

# The module -> the line as it stands there, what becomes of something on it, and why that is nothing.
_EQUAL: Final = {
    "models/ledger.py": (
        ("_CARDS_AT_ONCE: Final = 500", "500: 501", _PACE),
        ("_stop_of: Final = lru_cache(maxsize=4096)(BusinessTime.cut_off)", "4096: 4097", _PACE),
        ("return dict(zip(_PROJECTED, _projected(card), strict=True))", "True: False", _STRICT),
        ("if cleared_by.get(row[_REVERSES], 0) is not None:", "0: 1", "any number that is not None does"),
    ),
    "models/rules/journal.py": (
        ("self.values: dict[str, Any] = dict(zip(COLUMNS, _read(state), strict=True))", "True: False", _STRICT),
        ("_GIVES, _TAKES, _EITHER = 1, -1, 0", "1: 2", _EITHER),
    ),
    "models/rules/validity.py": (
        ("_DAYS_KEPT: Final = 4_096", "4096: 4097", _PACE),
        ("last += relativedelta(day=31)", "31: 32", "the last of the month, however long it is"),
        ("low, high = 0, int((after - before).total_seconds())", "0: 1", "no clock change lasts a second"),
    ),
    "models/rules/money.py": (
        (
            'raise BadAmount(f"There is no currency called {currency.strip()[:10]!r}; '
            'use its three letters, like GBP.")',
            "10: 11",
            _ROOM,
        ),
        (
            'raise BadAmount(f"{text.strip()[:30]!r} is not an amount; write it like {_example(places)}.")',
            "30: 31",
            _ROOM,
        ),
        (
            'raise BadAmount(f"{text.strip()[:30]} has too many decimals; {currency} has {most}.")',
            "30: 31",
            _ROOM,
        ),
        ('raise BadAmount(f"{text.strip()[:30]} {currency} is more than a gift card can hold.")', "30: 31", _ROOM),
    ),
    "models/rules/dates.py": (
        ('raise BadDate(f"{words[:40]!r} is no date; write it like {EXAMPLE}.")', "40: 41", _ROOM),
    ),
    "models/rules/diagnosis.py": (
        ('person = wording.shortened(card.limits.person or "one person", 60)', "60: 61", _ROOM),
    ),
    "models/rules/approvals.py": (
        (
            "return f\": {wording.shortened(' '.join(asked.said.split()), 80).rstrip('.')}\" if asked.said else \"\"",
            "80: 81",
            _ROOM,
        ),
    ),
    "models/desk/judging.py": (
        (
            'said = f": {wording.shortened(\' \'.join(activity.text.split()), 60)}" if activity.text else ""',
            "60: 61",
            _ROOM,
        ),
    ),
    "models/desk/lookups.py": (
        ('raise Mendable(f"Nobody at this desk has the login {checked[:40]!r}.")', "40: 41", _ROOM),
    ),
    "models/desk/quotas.py": (
        ('raise Mendable(f"Nobody at this desk has the login {checked[:40]!r}.")', "40: 41", _ROOM),
        ("_BOUNDLESS: Final = 1_000_000_000", "1000000000: 1000000001", "more than anybody reactivates on a day"),
    ),
    "models/desk/passwords.py": (("_SALT: Final = 16", "16: 17", "a salt is as good when it is longer"),),
    "models/desk/loads.py": (("balance_minor=0,", "0: 1", _FIRST), ("head_number=0,", "0: 1", _FIRST)),
    "models/desk/products.py": (
        (".limit(1)", "1: 2", "the first is taken"),
        (
            'return perform(session, Action.SET_PRODUCT, intent, {"code": code, "retire": True, "ref": ref}, work)',
            "True: False",
            _WISH,
        ),
        (
            'return perform(session, Action.SET_PRODUCT, intent, {"code": code, "retire": False, "ref": ref}, work)',
            "False: True",
            _WISH,
        ),
    ),
    "models/desk/adjusting.py": (
        (
            "own = own_card_refusal(record.facts(), unit.actor) if amount_minor > 0 else None",
            "amount_minor > 0: GtE",
            _NOTHING,
        ),
        (
            "f\"{name_of(card)}: {moved} {'added' if amount_minor > 0 else 'taken off'} for {named}, \"",
            "amount_minor > 0: GtE",
            _NOTHING,
        ),
    ),
    "models/desk/correcting.py": (
        ("return [row.id for row in rows.limit(3)]", "3: 4", _ROOM),
        ("return []", "return []: returns None", "nobody, either way"),
    ),
    "models/desk/reactivating.py": (
        (
            "if any(activity is not None and activity.number > done.number for activity in since):",
            "activity.number > done.number: GtE",
            "no two activities have one number",
        ),
    ),
    "models/desk/agents.py": (
        (
            'request = {"login": login, "role": role, "name": name, "email": email, "ref": ref, "is_added": True}',
            "True: False",
            _WISH,
        ),
    ),
    "models/desk/cases.py": (
        ('request = {"case": case_id, "leave": True, "ref": ref}', "True: False", _WISH),
        (
            'return perform(session, Action.HANDLE_CASE, intent, {"case": case_id, "reopen": True, "ref": ref}, work)',
            "True: False",
            _WISH,
        ),
    ),
}


def why_equal(mutant: Mutant) -> str | None:
    """Why a mutant is as good as what stands there, if it is."""
    known = {(stands, what): why for stands, what, why in _EQUAL.get(mutant.target, ())}
    return known.get((mutant.stands, mutant.what))
