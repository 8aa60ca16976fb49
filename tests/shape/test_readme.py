"""What the README promises is what the program has."""

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from models.rules import policy_terms, query_filters, roles
from models.server.rights import script
from tui.commands import COMMANDS, markdown_table, meet

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_table_of_keys_is_the_declarations() -> None:
    told = README.split("<!-- keys: giftdesk keys -->\n")[1].split("\n<!-- end of keys -->")[0]
    assert told == markdown_table(), "run: python -c 'from tui.commands import markdown_table; print(markdown_table())'"


def test_the_table_of_roles_is_the_one_that_is_asked() -> None:
    told = README.split("<!-- roles: giftdesk roles -->\n")[1].split("\n<!-- end of roles -->")[0]
    assert told == roles.markdown_table(), "run: python -c 'from models.rules.roles import *; print(markdown_table())'"


def test_the_table_of_the_policy_is_the_one_that_is_shown() -> None:
    told = README.split("<!-- policy: giftdesk policy show -->\n")[1].split("\n<!-- end of policy -->")[0]
    assert told == policy_terms.markdown_table(), (
        "run: python -c 'from models.rules.policy_terms import *; print(markdown_table())'"
    )


def test_the_table_of_what_finds_a_card_is_the_one_that_is_understood() -> None:
    told = README.split("<!-- finding: models/rules/query_filters.py -->\n")[1].split("\n<!-- end of finding -->")[0]
    assert told == query_filters.markdown_table(), (
        "run: python -c 'from models.rules.query_filters import *; print(markdown_table())'"
    )


def test_the_rights_on_a_server_are_those_that_are_granted() -> None:
    _, told = README.split("<!-- rights: giftdesk grant --role desk_clerk --print -->\n")
    told, _ = told.split("\n<!-- end of rights -->")
    assert told == f"```sql\n{script('desk_clerk')}\n```", "print them with: giftdesk grant --role desk_clerk --print"


def test_no_two_commands_of_a_place_share_a_key() -> None:
    for one, other in combinations(COMMANDS, 2):
        if meet(one.group, other.group):
            assert not set(one.keys.split(",")) & set(other.keys.split(",")), (one.id, other.id)


def test_every_command_line_example_is_understood() -> None:
    from tui.console.parser import build_parser

    parser = build_parser()
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL))
    examples = [line.split("#")[0].split() for line in shell.splitlines() if line.startswith("giftdesk ")]
    assert len(examples) >= 5
    for example in examples:
        words = [word.strip('"') for word in example[1:]]
        assert words[0] in parser.format_help()


def below(parser: ArgumentParser) -> Mapping[str, ArgumentParser]:
    """The commands of a command, by their names."""
    assert parser._subparsers is not None
    (choices,) = (action.choices for action in parser._subparsers._group_actions)
    assert isinstance(choices, Mapping)
    return choices


def test_choices_of_the_command_line_are_those_of_the_rules() -> None:
    """They are typed there once more, so that a usage line costs no import of the rules."""
    from models.escalations import Which
    from models.rules.escalations import ANSWERS, Escalation
    from models.rules.intakes import Symptom
    from models.rules.jurisdictions import JURISDICTIONS
    from models.rules.roles import Role
    from models.rules.status import Status
    from models.worklists import WORKLISTS
    from tui.console.parser import build_parser

    commands = below(build_parser())
    chosen = {action.dest: set(action.choices) for action in commands["find"]._actions if action.choices}
    assert chosen["status"] == {status.value for status in Status}
    chosen = {action.dest: set(action.choices) for action in commands["worklist"]._actions if action.choices}
    assert chosen["name"] == {worklist.name for worklist in WORKLISTS}
    chosen = {action.dest: set(action.choices) for action in commands["escalate"]._actions if action.choices}
    assert chosen["why"] == {why.value for why in Escalation}
    assert chosen["symptom"] == {symptom.value for symptom in Symptom}
    escalations = below(commands["escalation"])
    chosen = {action.dest: set(action.choices) for action in escalations["list"]._actions if action.choices}
    assert chosen["which"] == {which.value for which in Which}
    chosen = {action.dest: set(action.choices) for action in escalations["close"]._actions if action.choices}
    assert chosen["outcome"] == {answer.value for answer in ANSWERS}
    policy = below(commands["policy"])["set"]
    for helped in (commands["init"].format_help(), policy.format_help()):
        assert f"{', '.join(JURISDICTIONS)} with commas between" in " ".join(helped.split())
    setting = below(commands["agents"])["set"]
    assert {role.value for role in Role} in [set(action.choices) for action in setting._actions if action.choices]
