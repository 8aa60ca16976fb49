"""Who may do what: the one table of roles and actions, asked by every action."""

from enum import StrEnum
from typing import Final, NamedTuple


class Role(StrEnum):
    """What a person at the desk is."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    AUDITOR = "auditor"
    PAYMENTS = "payments"
    OPERATOR = "operator"


class Actor(NamedTuple):
    """Who wants to act."""

    role: Role
    email: str | None = None
    """Case folded; compared with the card's people, so that nobody does themselves a favour."""


class Action(StrEnum):
    """What can be done at the desk, by the name that the command line and the audit use."""

    ISSUE = "issue"
    TOP_UP = "top_up"
    REDEEM = "redeem"
    REFUND = "refund"
    SUSPEND = "suspend"
    LIFT = "lift"
    RAISE_FLAG = "raise_flag"
    CLEAR_FLAG = "clear_flag"
    NOTE = "note"
    REGISTER = "register"
    LINK_ORGANISATION = "link_organisation"
    SET_ORGANISATION = "set_organisation"
    REACTIVATE = "reactivate"
    ESCALATE = "escalate"
    CANCEL = "cancel"
    REPLACE = "replace"
    EXTEND = "extend"
    TRANSFER = "transfer"
    ADJUST = "adjust"
    CORRECT_PERSON = "correct_person"
    MERGE_PEOPLE = "merge_people"
    REMOVE_PERSON = "remove_person"
    SET_PRODUCT = "set_product"
    SET_POLICY = "set_policy"
    SET_TEMPLATE = "set_template"
    EXPIRE = "expire"
    REMIND = "remind"
    SETTLE_REMINDER = "settle_reminder"
    IMPORT = "import"
    EXPORT = "export"
    BACK_UP = "back_up"
    MOVE = "move"
    REPAIR = "repair"
    ANCHOR = "anchor"
    ACCEPT_CLOCK = "accept_clock"
    SET_AGENT = "set_agent"
    SET_PASSWORD = "set_password"
    HANDLE_CASE = "handle_case"
    REPLY = "reply"
    CLOSE_ESCALATION = "close_escalation"
    APPROVE = "approve"
    RAISE_QUOTA = "raise_quota"
    LIFT_LOOKUPS = "lift_lookups"
    RESTRICT = "restrict"
    SEND = "send"
    SETTLE_LETTER = "settle_letter"
    WATCH = "watch"
    BULK = "bulk"
    GIVE_BACK = "give_back"


# Whoever works at a desk may say what their own password is.
_EVERYBODY: Final = frozenset({Action.SET_PASSWORD})
_AGENT: Final = _EVERYBODY | {
    Action.REDEEM,
    Action.RAISE_FLAG,
    Action.CLEAR_FLAG,
    Action.NOTE,
    Action.REGISTER,
    Action.REACTIVATE,
    Action.ESCALATE,
    Action.CORRECT_PERSON,
    Action.HANDLE_CASE,
    Action.REPLY,
}
_SUPERVISOR: Final = _AGENT | {
    Action.ISSUE,
    Action.TOP_UP,
    Action.REFUND,
    Action.SUSPEND,
    Action.LIFT,
    Action.CANCEL,
    Action.REPLACE,
    Action.EXTEND,
    Action.TRANSFER,
    Action.LINK_ORGANISATION,
    Action.SET_ORGANISATION,
    Action.MERGE_PEOPLE,
    Action.REMOVE_PERSON,
    Action.SETTLE_REMINDER,
    Action.APPROVE,
    Action.RAISE_QUOTA,
    Action.LIFT_LOOKUPS,
    Action.RESTRICT,
    Action.SETTLE_LETTER,
    Action.WATCH,
    Action.BULK,
}

# Everyone may read. What is not in the table is refused.
MAY: Final[dict[Role, frozenset[Action]]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.MANAGER: frozenset(Action),
    Role.AUDITOR: _EVERYBODY | {Action.WATCH, Action.ANCHOR},
    Role.PAYMENTS: _EVERYBODY
    | {Action.NOTE, Action.RAISE_FLAG, Action.CLEAR_FLAG, Action.ADJUST, Action.CLOSE_ESCALATION},
    Role.OPERATOR: _EVERYBODY
    | {
        Action.EXPIRE,
        Action.REMIND,
        Action.SETTLE_REMINDER,
        Action.SEND,
        Action.SETTLE_LETTER,
        Action.IMPORT,
        Action.EXPORT,
        Action.BACK_UP,
        Action.MOVE,
        Action.REPAIR,
        Action.ANCHOR,
    },
}

_WORDS: Final[dict[Action, str]] = {
    Action.ISSUE: "issue cards",
    Action.TOP_UP: "top up cards",
    Action.REDEEM: "redeem cards",
    Action.REFUND: "refund to cards",
    Action.SUSPEND: "suspend cards",
    Action.LIFT: "lift suspensions",
    Action.RAISE_FLAG: "raise flags",
    Action.CLEAR_FLAG: "clear flags",
    Action.NOTE: "write notes",
    Action.REGISTER: "register cards",
    Action.LINK_ORGANISATION: "link people to organisations",
    Action.SET_ORGANISATION: "change organisations and their VIP marks",
    Action.REACTIVATE: "reactivate cards",
    Action.ESCALATE: "escalate cards",
    Action.CANCEL: "cancel cards",
    Action.REPLACE: "replace cards",
    Action.EXTEND: "extend cards",
    Action.TRANSFER: "move balances between cards",
    Action.ADJUST: "adjust balances",
    Action.CORRECT_PERSON: "correct people's names and addresses",
    Action.MERGE_PEOPLE: "merge people",
    Action.REMOVE_PERSON: "remove a person's data",
    Action.SET_PRODUCT: "change products",
    Action.SET_POLICY: "change the policy",
    Action.SET_TEMPLATE: "change the texts of e-mails",
    Action.EXPIRE: "start the expiry run",
    Action.REMIND: "send reminders",
    Action.SETTLE_REMINDER: "decide about reminders",
    Action.IMPORT: "import cards and people",
    Action.EXPORT: "export cards",
    Action.BACK_UP: "back the desk up",
    Action.MOVE: "move the desk to another place",
    Action.REPAIR: "mend cards' rows",
    Action.ANCHOR: "take anchors",
    Action.ACCEPT_CLOCK: "take the desk's time back to a clock",
    Action.SET_AGENT: "change agents",
    Action.SET_PASSWORD: "set a password",
    Action.HANDLE_CASE: "handle cases",
    Action.REPLY: "answer customers",
    Action.CLOSE_ESCALATION: "take and close escalations",
    Action.APPROVE: "approve reactivations",
    Action.RAISE_QUOTA: "raise a colleague's limit for the day",
    Action.LIFT_LOOKUPS: "let a colleague look for codes again",
    Action.RESTRICT: "restrict cards to a person",
    Action.SEND: "send what waits in the outbox",
    Action.SETTLE_LETTER: "decide about e-mails",
    Action.WATCH: "see the alarms",
    Action.BULK: "work on many cards at once",
    Action.GIVE_BACK: "give back what broke on many cards",
}


def markdown_table() -> str:
    """Who may do what, as the README shows it."""
    rows = [f"| | {' | '.join(Role)} |", f"| --- |{' --- |' * len(Role)}"]
    for action in Action:
        marks = ("yes" if action in MAY[role] else "" for role in Role)
        rows.append(f"| {words_of(action)} | {' | '.join(marks)} |")
    return "\n".join(rows)


def words_of(action: Action) -> str:
    """What an action is, as a sentence says that somebody may not: suspend cards."""
    return _WORDS[action]


def role_refusal(role: Role, action: Action) -> str | None:
    """Why a role may not do an action, as a sentence that names who may; None when it may."""
    if action in MAY[role]:
        return None
    who = named(role)
    return f"{who[0].upper()}{who[1:]} may not {_WORDS[action]}; ask {who_may(action)}."


def who_may(action: Action) -> str:
    """The roles that may do an action, as a sentence says them: a supervisor or a manager."""
    return _joined([role for role in Role if action in MAY[role]])


def _joined(roles: list[Role]) -> str:
    names = [named(role) for role in roles]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def named(role: Role) -> str:
    """A role as a sentence says it: a manager, an agent, Payments Support."""
    if role is Role.PAYMENTS:
        return "Payments Support"
    return f"{'an' if role.value[0] in 'aeiou' else 'a'} {role}"
