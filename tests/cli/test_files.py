"""Exports and imports of files at the command line."""

import json
import sqlite3
from pathlib import Path

from cli.clerk import Clerk
from jobs.samples import SHOPIFY

from models.jobs.own_columns import ACTIVITY, CARD


def test_cards_leave_as_tables_and_as_lines_and_are_recognised(clerk: Clerk, tmp_path: Path) -> None:
    """What was written is told, and the same desk has it already."""
    clerk.issues("50.00", "--name", "Ada")
    told = clerk.does("export", "csv", str(tmp_path / "out"))
    assert told == f"1 card with 1 activity written to {tmp_path / 'out'}.\n"
    lines = tmp_path / "cards.jsonl"
    assert clerk.asks("export", "jsonl", str(lines)) == {
        "done": True,
        "cards": 1,
        "activities": 1,
        "left_out": 0,
        "named": [],
    }
    tables = [str(tmp_path / "out" / name) for name in ("activities.csv", "cards.csv")]
    for files in (tables, [str(lines)]):
        report = clerk.asks("import", "giftdesk", *files, "--commit", "--control", "GBP=50.00")
        assert (report["committed"], report["cards"], report["new_cards"]) == (True, 1, 0)
    listed = clerk.asks("import", "list")
    assert [(line["id"], line["format"], line["finished"]) for line in listed] == [
        (2, "giftdesk", True),
        (1, "giftdesk", True),
    ]
    assert "1 of 1 cards" in clerk.does("import", "list")


def test_lines_go_to_standard_output_and_nothing_else_does(clerk: Clerk) -> None:
    """A pipe reads one card a line."""
    clerk.issues("50.00", "--name", "Zoë")
    printed = clerk.does("export", "jsonl", "-")
    assert printed.isascii()
    assert json.loads(printed)["card"]["recipient_name"] == "Zoë"


def test_an_agent_may_not_export(clerk: Clerk, tmp_path: Path) -> None:
    """The sentence says who may."""
    clerk.login = "sam"
    assert "ask a manager or an operator" in clerk.is_refused("export", "csv", str(tmp_path / "out"))
    assert "ask a manager or an operator" in clerk.is_refused("export", "jsonl", "-")


def test_a_card_that_does_not_add_up_is_left_out_and_named(clerk: Clerk, tmp_path: Path) -> None:
    """The file vouches for what it tells; the exit code says that something is missing."""
    clerk.issues()
    clerk.issues()
    with sqlite3.connect(clerk.database) as tampered:
        tampered.execute("UPDATE gift_card SET balance_minor = 9000 WHERE id = 2")
    tampered.close()
    answer = clerk.types("export", "csv", str(tmp_path / "out"))
    assert answer.code == 65
    assert "1 card with 1 activity" in answer.out
    assert "card 2 (" in answer.err
    assert "left out for not adding up" in answer.err


def test_a_file_that_is_no_export_is_told_by_line(clerk: Clerk, tmp_path: Path) -> None:
    """Somebody named the wrong file."""
    path = tmp_path / "wrong.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    answer = clerk.types("import", "giftdesk", str(path))
    assert answer.code == 1
    assert "wrong.csv, line 1: The column 'currency' is missing." in answer.out


def test_a_table_from_elsewhere_is_tried_and_then_committed(clerk: Clerk, tmp_path: Path) -> None:
    """How its expiry was read is printed; the mappings are listed, and one is printed to make one's own of."""
    assert "pretix" in clerk.does("import", "mappings")
    assert {each["name"] for each in clerk.asks("import", "mappings")} >= {"pretix", "spree", "gift-up"}
    path = tmp_path / "pw.csv"
    text = "number,balance,expiration_date,recipient_email\nABCD-EFGH-IJKL,12.50,2026-12-31,\n"
    path.write_text(text, encoding="utf-8")
    mapping = tmp_path / "own.toml"
    mapping.write_text(clerk.does("import", "mappings", "pw-gift-cards"), encoding="utf-8")
    words = ("import", "csv", str(path), "--currency", "GBP", "--mapping")
    told = clerk.does(*words, str(mapping))
    assert "The expiry date is the last day itself, inclusive" in told
    assert "This was a dry run" in told
    assert clerk.asks(*words, "pw-gift-cards", "--commit", "--control", "GBP=12.50")["committed"]
    assert clerk.balance("abcdefghijkl") == 1250
    assert "no mapping nothing" in clerk.is_refused(*words, "nothing", code=66)


def test_the_readme_names_every_column() -> None:
    """Who writes such a table by hand looks them up there."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    own = [name for name in CARD if not name.startswith(("recipient_", "registered_"))]
    assert [name for name in (*own, *ACTIVITY, "recipient_", "registered_") if f"`{name}`" not in readme] == []


CRM = "Name,Email,Company,VIP\nAda Byron,ada@example.org,Acme,yes\n=Ben(),ben@example.org,Acme,\n"


def test_people_of_a_crm_are_tried_brought_and_told(clerk: Clerk, tmp_path: Path) -> None:
    """First what would change, then the change, and then nothing is left to do."""
    table = tmp_path / "crm.csv"
    table.write_text(CRM, encoding="utf-8")
    tried = clerk.does("import", "people", str(table))
    assert "Change: crm.csv, line 2: Acme becomes a VIP." in tried
    assert tried.endswith("This was a dry run: nothing was changed. Add --commit to carry it out.\n")
    assert clerk.does("import", "people", str(table), "--commit").endswith("Done. Every change is in the audit.\n")
    told = clerk.asks("import", "people", str(table), "--commit", "--complete")
    assert (told["committed"], told["new"], told["unchanged"]) == (True, 0, 2)
    assert told["sentence"] == "The desk knows all of this already. Nothing was changed."
    assert clerk.asks("organisation", "list")[0]["vip_source"] == "CRM"


def test_people_that_contradict_each_other_are_refused(clerk: Clerk, tmp_path: Path) -> None:
    """The exit code says so, the lines say why."""
    table = tmp_path / "crm.csv"
    table.write_text(f"{CRM}Eve,ada@example.org,Acme,\n", encoding="utf-8")
    answer = clerk.types("import", "people", str(table), "--commit")
    assert (answer.code, answer.err) == (1, "There is 1 problem in the file. Nothing was changed.\n")
    assert "Problem: crm.csv, line 4, column Email: The same address stands in line 2 with another name." in answer.out


def test_the_mappings_say_what_each_brings(clerk: Clerk) -> None:
    """Cards, days, updates, people; and each can be printed to make one's own of."""
    brings = {each["name"]: each["brings"] for each in clerk.asks("import", "mappings")}
    assert (brings["pretix"], brings["erply"], brings["shopify"], brings["crm"]) == (
        "cards",
        "days",
        "updates",
        "people",
    )
    for name in brings:
        assert "[columns]" in clerk.does("import", "mappings", name)


def test_cards_are_updated_by_the_ends_of_their_codes(clerk: Clerk, tmp_path: Path) -> None:
    """What another shop says of a card that is not here changes nothing, and is told."""
    table = tmp_path / "shopify.csv"
    table.write_text(SHOPIFY, encoding="utf-8")
    told = clerk.does("import", "csv", str(table), "--mapping", "shopify", "--commit")
    assert "Left out: 2 lines whose card is not here." in told
    assert told.endswith("Nothing is to be changed by this.\n")
    asked = clerk.asks("import", "csv", str(table), "--mapping", "shopify")
    assert (asked["cards"], asked["unknown"], asked["kinds"]) == (0, 2, {})
    assert "brings only days" in clerk.is_refused("import", "csv", str(table), "--mapping", "erply", code=2)
    assert "brings no money" in clerk.is_refused(
        "import", "csv", str(table), "--mapping", "shopify", "--control", "GBP=1", code=2
    )
