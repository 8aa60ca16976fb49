"""Setting the policy: each change is a version of its own, sealed, and nothing is ever taken back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models import audit
from models.desk.agents import keep_a_way_in
from models.fields import canonical_json
from models.rules.languages import language_of
from models.rules.policy import SignIn, policy_from_json
from models.rules.policy_terms import differences
from models.rules.roles import Action
from models.rules.texts import NOTE, REFERENCE, check_email, check_line, optional_line
from models.schema import PolicyVersion
from models.store import policy_seal
from models.unit import Outcome, Session, Unit, perform


def set_policy(
    session: Session,
    *,
    ref: str | None = None,
    intent: str | None = None,
    **changes: Any,
) -> Outcome:
    """Change what the policy says, by the names of its fields. What it says already makes no further version."""

    def work(unit: Unit) -> Outcome:
        ticket = optional_line(ref, "ticket", REFERENCE)
        before = unit.policy
        after = policy_from_json({**before.as_json(), **checked_changes(changes)})
        if after == before:
            return Outcome(
                True, f"The policy says that already: version {before.version}.", facts={"version": before.version}
            )
        if after.sign_in is SignIn.PASSWORD:
            keep_a_way_in()
        after = replace(after, version=before.version + 1)
        content = canonical_json(after.as_json())
        PolicyVersion.insert(
            version=after.version,
            content=content,
            recorded_at=unit.now,
            actor_id=unit.agent.id,
            seal=policy_seal(unit.store.keys, after.version, content),
        ).execute()
        audit.record(unit.hand, "policy", "set", before.as_json(), after.as_json(), ticket)
        changed = {"version": after.version, "changes": list(differences(before, after))}
        return Outcome(True, f"Version {after.version} of the policy is in force.", facts=changed)

    return perform(session, Action.SET_POLICY, intent, {**changes, "ref": ref}, work)


def checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be changed, its texts as they may be kept. Raises RuleError."""
    checked = dict(changes)
    for name, what in (("note", "note"), ("lift_note", "note of a lift")):
        if name in checked:
            checked[name] = check_line(checked[name], what, NOTE)
    if checked.get("payments_email") is not None:
        checked["payments_email"] = check_email(checked["payments_email"])
    if "languages" in checked:
        checked["languages"] = tuple(language_of(code).code for code in checked["languages"])
    return checked
