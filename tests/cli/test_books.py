"""The books at the command line: a file for the tool, or its text on standard output."""

import json
from pathlib import Path

import pytest
from cli.clerk import LATER, Clerk
from ledgers import TOOLS, balances, check
from postgres import AT_LENGTH

ENGINES = AT_LENGTH


@pytest.mark.parametrize("tool", TOOLS)
def test_an_accountant_closes_the_month(clerk: Clerk, tmp_path: Path, tool: str) -> None:
    code = clerk.issues("50.00", "--order", "10482")
    clerk.does("redeem", code, "--amount", "12.50")
    clerk.now = LATER
    path = tmp_path / "november"
    told = clerk.does("export", tool, str(path), "--since", "2026-11-01", "--until", "2026-11-30")
    assert told == (
        f"1 movement of 1 card written to {path}.\nGBP: owed at the beginning 37.50 GBP, at the end 0.00 GBP.\n"
    )
    assert check(tool, path) == ""
    assert balances(tool, path) == {("Equity:OpeningBalances", "GBP"): 3_750, ("Income:Breakage", "GBP"): -3_750}
    found = json.loads(clerk.does("export", tool, str(path), "--json"))
    assert (found["entries"], found["opening_minor"], found["owed_minor"]) == (3, {}, {})


def test_it_goes_to_standard_output(clerk: Clerk) -> None:
    """Nothing else stands there."""
    clerk.issues("50.00")
    told = clerk.does("export", "hledger", "-")
    assert told.startswith("; giftdesk: books for hledger\n")
    assert told.endswith("    Liabilities:GiftCards  0.00 GBP = -50.00 GBP\n")


def test_the_accounts_are_called_as_the_house_calls_them(clerk: Clerk, tmp_path: Path) -> None:
    clerk.issues("50.00")
    chart, path = tmp_path / "accounts.toml", tmp_path / "books"
    chart.write_text('bank = "Assets:Barclays:{currency}"\n', encoding="utf-8")
    clerk.does("export", "beancount", str(path), "--accounts", str(chart))
    assert check("beancount", path) == ""
    assert ("Assets:Barclays:GBP", "GBP") in balances("beancount", path)
    chart.write_text('bank = "assets:Barclays"\n', encoding="utf-8")
    refused = clerk.is_refused("export", "beancount", str(path), "--accounts", str(chart), code=2)
    assert refused.startswith("bank: 'assets:Barclays' must begin with Assets, Liabilities,")


def test_what_is_no_period(clerk: Clerk, tmp_path: Path) -> None:
    path = str(tmp_path / "books")
    clerk.is_refused("export", "beancount", path, "--since", "2026-13-01", code=2)
    clerk.is_refused("export", "beancount", path, "--since", "2026-06-02", "--until", "2026-06-01")
    clerk.is_refused("export", "beancount", str(tmp_path), code=66)
