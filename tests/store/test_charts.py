"""Names of accounts: what each tool takes, and the sentence for what it would not."""

from pathlib import Path
from typing import Any

import pytest
from ledgers import TOOLS, check

from models.books.charts import (
    USUAL,
    BadAccount,
    Chart,
    as_beancount_writes,
    as_hledger_writes,
    chart_of,
    check_for_beancount,
    check_for_hledger,
    read_chart,
)
from models.books.entries import Account
from models.books.languages import BEANCOUNT, HLEDGER
from models.errors import Fault

TOOL = {"beancount": BEANCOUNT, "hledger": HLEDGER}

# A name, and which of the tools take it.
NAMES: dict[str, tuple[str, ...]] = {
    "Liabilities:Moved": TOOLS,
    "Liabilities:Gift-Cards:2026": TOOLS,
    "Liabilities:Übertrag:Öl": TOOLS,
    "Liabilities:Ü9": TOOLS,
    "Liabilities:Gift Cards": ("hledger",),
    "liabilities:cards": ("hledger",),
    "Liabilities:cards": ("hledger",),
    "Liabilities:日本": ("hledger",),
    'Liabilities:Ca\'rds, and "more"': ("hledger",),
    "Liabilities:-Cards": ("hledger",),
    "Liabilities:Cards_1": ("hledger",),
    "Passiva:Cards": ("hledger",),
    "Liabilities": ("hledger",),
    "Liabilities:": (),
    "Liabilities::Cards": (),
    ":Liabilities": (),
    "Liabilities:Gift  Cards": (),
    " Liabilities:Cards": (),
    "Liabilities:Cards ": (),
    "(Liabilities:Cards)": (),
    "[Liabilities:Cards]": (),
    "Liabilities:Cards;x": (),
    "* Liabilities:Cards": (),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_name_is_taken_where_the_tool_takes_it(tmp_path: Path, tool: str) -> None:
    """Not more and not less: what is let through, the tool itself checks."""
    language, path = TOOL[tool].language, tmp_path / "books"
    text = language.head(Chart(), "", [])
    for name, tools in NAMES.items():
        chart = chart_of({"transfers": name})
        if tool in tools:
            TOOL[tool].check(chart)
            text += language.account(name)
        else:
            with pytest.raises(BadAccount, match=f"is no account of {TOOL[tool].title}|must begin with"):
                TOOL[tool].check(chart)
    path.write_text(text, encoding="utf-8")
    assert check(tool, path) == ""


def test_beancount_s_kinds_may_be_called_otherwise(tmp_path: Path) -> None:
    """As the books that these are read with call them."""
    said: dict[str, Any] = {
        "liability": "Passiva:Gutscheine:{currency}",
        "bank": "Aktiva:Bank",
        "marketing": "Aufwand:Werbung",
        "sales": "Ertrag:Verkauf",
        "breakage": "Ertrag:Verfall",
        "transfers": "Passiva:Umbuchung",
        "adjustments": "Aufwand:Berichtigung",
        "opening": "Eigenkapital:Eröffnung",
        "roots": {
            "assets": "Aktiva",
            "liabilities": "Passiva",
            "equity": "Eigenkapital",
            "income": "Ertrag",
            "expenses": "Aufwand",
        },
    }
    chart, language, path = chart_of(said), BEANCOUNT.language, tmp_path / "books"
    check_for_beancount(chart)
    names = "".join(language.account(chart.name(account, "GBP", "X")) for account in Account)
    path.write_text(language.head(chart, "", []) + names, encoding="utf-8")
    assert check("beancount", path) == ""


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"cash": "Assets:Cash"}, "There is no account 'cash'; there are liability, bank,"),
    "no text": ({"bank": 5}, "bank is a text of 200 characters at most; write it in quotes."),
    "empty": ({"bank": ""}, "bank is a text of 200 characters at most; write it in quotes."),
    "long": ({"bank": "A" * 201}, "bank is a text of 200 characters at most; write it in quotes."),
    "a line break": ({"bank": "Assets:B\n2026-01-01 open"}, "bank is a text of 200 characters at most;"),
    "another field": ({"bank": "Assets:{shop}"}, "bank: 'Assets:{shop}' may hold {currency} and {product},"),
    "a brace": ({"bank": "Assets:Bank}"}, "bank: 'Assets:Bank}' may hold {currency} and {product},"),
    "in the liability": (
        {"bank": "Liabilities:GiftCards:Bank"},
        "bank: 'Liabilities:GiftCards:Bank' lies in the account of the liability; give it another.",
    ),
    "the liability itself": ({"sales": "Liabilities:GiftCards"}, "sales: 'Liabilities:GiftCards' lies in the account"),
    "roots": ({"roots": {"cash": "Cash"}}, "[roots] has the names of Beancount's kinds of accounts: assets,"),
    "a root in no text": ({"roots": {"assets": 1}}, "assets is a text of 200 characters at most; write it in quotes."),
}


@pytest.mark.parametrize("case", BAD)
def test_what_no_chart_says_is_refused_in_a_sentence(case: str) -> None:
    said, sentence = BAD[case]
    with pytest.raises(BadAccount) as caught:
        chart_of(said)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("root", ["aktiva", "Ak tiva", "9", "Income"])
def test_a_root_that_beancount_does_not_take(root: str) -> None:
    with pytest.raises(BadAccount, match="must begin with a capital letter, and be another for each kind"):
        check_for_beancount(chart_of({"roots": {"assets": root}}))


@pytest.mark.parametrize(
    ("code", "beancount", "hledger"),
    [
        ("half", "Half", "half"),
        ("9-lives", "9-lives", "9-lives"),
        ("-x", "X-x", "-x"),
        ("a_b;c", "A-b-c", "a_b c"),
        ("日本", "X--", "日本"),
        ("::", "X--", "X"),
    ],
)
def test_a_product_as_a_part_of_an_account(code: str, beancount: str, hledger: str) -> None:
    assert (as_beancount_writes(code), as_hledger_writes(code)) == (beancount, hledger)
    chart = chart_of({"sales": "Income:{product}"})
    for product, refuse in ((beancount, check_for_beancount), (hledger, check_for_hledger)):
        refuse(chart_of({"sales": chart.name(Account.SALES, "GBP", product)}))


def test_a_file_of_accounts(tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text("\n".join(f'{account} = "{name}"' for account, name in USUAL.items()), encoding="utf-8")
    assert read_chart(file) == Chart()
    file.write_text("bank = ", encoding="utf-8")
    with pytest.raises(BadAccount, match=r"accounts.toml, line 1: it can't be read. Write a line like: bank = "):
        read_chart(file)
    file.write_text("#" * 100_001, encoding="utf-8")
    with pytest.raises(BadAccount, match="longer than a chart of accounts"):
        read_chart(file)
    with pytest.raises(Fault, match=r"can't be read: no such file or directory. Nothing was written"):
        read_chart(tmp_path / "none.toml")


def test_the_usual_names_are_taken_by_both() -> None:
    check_for_beancount(Chart())
    check_for_hledger(Chart())
