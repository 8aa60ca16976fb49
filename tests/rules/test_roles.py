"""Who may do what: the whole table, spelled out a second time as a person would read it."""

from itertools import product

import pytest

from models.rules.roles import MAY, Action, Role, role_refusal

TABLE = """
                    agent  supervisor  manager  auditor  payments  operator
issue               -      yes         yes      -        -         -
top_up              -      yes         yes      -        -         -
redeem              yes    yes         yes      -        -         -
refund              -      yes         yes      -        -         -
suspend             -      yes         yes      -        -         -
lift                -      yes         yes      -        -         -
raise_flag          yes    yes         yes      -        yes       -
clear_flag          yes    yes         yes      -        yes       -
note                yes    yes         yes      -        yes       -
register            yes    yes         yes      -        -         -
link_organisation   -      yes         yes      -        -         -
set_organisation    -      yes         yes      -        -         -
reactivate          yes    yes         yes      -        -         -
escalate            yes    yes         yes      -        -         -
cancel              -      yes         yes      -        -         -
replace             -      yes         yes      -        -         -
extend              -      yes         yes      -        -         -
transfer            -      yes         yes      -        -         -
adjust              -      -           yes      -        yes       -
correct_person      yes    yes         yes      -        -         -
merge_people        -      yes         yes      -        -         -
remove_person       -      yes         yes      -        -         -
set_product         -      -           yes      -        -         -
set_policy          -      -           yes      -        -         -
set_template        -      -           yes      -        -         -
expire              -      -           yes      -        -         yes
remind              -      -           yes      -        -         yes
settle_reminder     -      yes         yes      -        -         yes
import              -      -           yes      -        -         yes
export              -      -           yes      -        -         yes
back_up             -      -           yes      -        -         yes
move                -      -           yes      -        -         yes
repair              -      -           yes      -        -         yes
anchor              -      -           yes      yes       -         yes
accept_clock        -      -           yes      -        -         -
set_agent           -      -           yes      -        -         -
set_password        yes    yes         yes      yes      yes       yes
handle_case         yes    yes         yes      -        -         -
reply               yes    yes         yes      -        -         -
close_escalation    -      -           yes      -        yes       -
approve             -      yes         yes      -        -         -
raise_quota         -      yes         yes      -        -         -
lift_lookups        -      yes         yes      -        -         -
restrict            -      yes         yes      -        -         -
send                -      -           yes      -        -         yes
settle_letter       -      yes         yes      -        -         yes
watch               -      yes         yes      yes      -         -
bulk                -      yes         yes      -        -         -
give_back           -      -           yes      -        -         -
"""


def spelled_out() -> dict[tuple[str, str], bool]:
    """(role, action) -> whether the table says yes."""
    header, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {(role, action): word == "yes" for action, *words in rows for role, word in zip(header, words, strict=True)}


def test_the_table_names_every_role_and_every_action() -> None:
    assert set(spelled_out()) == set(product(map(str, Role), map(str, Action)))


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: Role) -> None:
    for action in Action:
        may = spelled_out()[role, action]
        assert (action in MAY[role]) is may, action
        assert (role_refusal(role, action) is None) is may, action


@pytest.mark.parametrize("role", Role)
def test_payments_support_is_called_by_its_name_and_never_a_payments(role: Role) -> None:
    """It is a team: no article, and both words."""
    for action in Action:
        sentence = role_refusal(role, action) or ""
        assert "a payments" not in sentence.lower(), sentence
        assert sentence.lower().count("payments") == sentence.count("Payments Support"), sentence


def test_an_auditor_changes_nothing_but_their_own_password() -> None:
    assert MAY[Role.AUDITOR] == {Action.SET_PASSWORD, Action.WATCH, Action.ANCHOR}


@pytest.mark.parametrize("action", [Action.SET_ORGANISATION, Action.LINK_ORGANISATION])
def test_an_agent_makes_nobody_a_vip(action: Action) -> None:
    assert role_refusal(Role.AGENT, action) is not None
    assert role_refusal(Role.SUPERVISOR, action) is None


@pytest.mark.parametrize(
    ("role", "action", "sentence"),
    [
        ("agent", "suspend", "An agent may not suspend cards; ask a supervisor or a manager."),
        ("agent", "set_product", "An agent may not change products; ask a manager."),
        ("agent", "expire", "An agent may not start the expiry run; ask a manager or an operator."),
        ("auditor", "reactivate", "An auditor may not reactivate cards; ask an agent, a supervisor or a manager."),
        ("operator", "redeem", "An operator may not redeem cards; ask an agent, a supervisor or a manager."),
        ("supervisor", "set_agent", "A supervisor may not change agents; ask a manager."),
        ("payments", "redeem", "Payments Support may not redeem cards; ask an agent, a supervisor or a manager."),
        ("payments", "import", "Payments Support may not import cards and people; ask a manager or an operator."),
        (
            "auditor",
            "note",
            "An auditor may not write notes; ask an agent, a supervisor, a manager or Payments Support.",
        ),
        (
            "operator",
            "clear_flag",
            "An operator may not clear flags; ask an agent, a supervisor, a manager or Payments Support.",
        ),
    ],
)
def test_a_refusal_says_who_may(role: str, action: str, sentence: str) -> None:
    assert role_refusal(Role(role), Action(action)) == sentence


@pytest.mark.parametrize("role", Role)
def test_every_refusal_is_a_sentence_that_names_the_role_and_everyone_who_may(role: Role) -> None:
    for action in Action:
        sentence = role_refusal(role, action)
        if sentence is None:
            continue
        refused, ask = sentence.lower().split("; ask ")
        assert role in refused.split()
        named = {other for other in Role if other in ask.rstrip(".").replace(",", "").split()}
        assert named == {other for other in Role if spelled_out()[other, action]}
        assert sentence.endswith(".")
