"""Setting the policy: each change is a version of its own, sealed, and nothing is ever taken back."""

from dataclasses import replace
from typing import Any

from models import audit
from models.desk.agents import keep_a_way_in
from models.fields import canonical_json
from models.rules.policy import SignIn, policy_from_json
from models.rules.roles import Action
from models.rules.texts import REFERENCE, optional_line
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
        after = policy_from_json({**before.as_json(), **changes})
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
        return Outcome(True, f"Version {after.version} of the policy is in force.", facts={"version": after.version})

    return perform(session, Action.SET_POLICY, intent, {**changes, "ref": ref}, work)
