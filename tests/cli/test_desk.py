"""Organisations, agents, products and the policy at the command line."""

import pytest
from cli.clerk import Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH


def test_organisations_and_their_marks(clerk: Clerk) -> None:
    """A mark is set, seen, and taken away again; the name is found without regard to case and accents."""
    assert clerk.does("organisation", "list") == "No organisation is written down yet.\n"
    assert "is not a VIP" in clerk.does("organisation", "set", "Café Nord")
    assert "is a VIP now" in clerk.does("organisation", "set", "cafe nord", "--vip", "--source", "CRM", "--ref", "T-1")
    code = clerk.issues()
    clerk.does("register", code, "--name", "Ada", "--organisation", "Café Nord")
    shown = clerk.asks("organisation", "show", "CAFE NORD")
    assert (shown["name"], shown["vip"], shown["vip_source"], shown["people"]) == ("Café Nord", True, "CRM", 1)
    assert "People: 1" in clerk.does("organisation", "show", "cafe nord")
    assert "no VIP any more" in clerk.does("organisation", "set", "Café Nord", "--no-vip", "--reason", "left")
    assert [line["vip"] for line in clerk.asks("organisation", "list")] == [False]
    assert "no organisation called" in clerk.is_refused("organisation", "show", "Nobody")


def test_a_new_organisation_is_told_as_new(clerk: Clerk) -> None:
    """Whoever mistyped a name sees that they made another one."""
    assert clerk.does("organisation", "set", "Nord") == "Nord, a new organisation, is not a VIP.\n"
    assert clerk.does("organisation", "set", "Sud", "--vip") == "Sud, a new organisation, is a VIP now.\n"
    assert clerk.does("organisation", "set", "Ost", "--no-vip") == "Ost, a new organisation, is not a VIP.\n"
    for words, told in (
        (["NORD"], "Nord is not a VIP.\n"),
        (["sud", "--vip"], "Sud is a VIP.\n"),
        (["sud", "--no-vip"], "Sud is no VIP any more.\n"),
    ):
        assert clerk.does("organisation", "set", *words) == told
    assert len(clerk.asks("organisation", "list")) == 3
    assert clerk.asks("verify")["findings"] == []


def test_a_name_that_nobody_can_see_is_no_organisation(clerk: Clerk) -> None:
    assert clerk.is_refused("organisation", "set", "\u200b") == "The organisation is empty."
    assert clerk.asks("organisation", "list") == []


def test_a_card_is_registered_to_a_person(clerk: Clerk) -> None:
    """Whoever registers is the holder; nobody at all is refused, and so is what is no address."""
    code = clerk.issues()
    clerk.does("register", code, "--name", "Ada", "--email", "ada@example.org")
    assert clerk.asks("show", code)["holder"]["name"] == "Ada"
    assert "registered to a person" in clerk.is_refused("register", code)
    assert "not an e-mail address" in clerk.is_refused("register", code, "--email", "ada")


def test_the_manager_sets_roles(clerk: Clerk) -> None:
    """A colleague gets a role, a name and an address, and what is not named stays."""
    clerk.does("agents", "set", "sam", "--name", "Sam", "--email", "sam@example.org")
    clerk.does("agents", "set", "sam", "--role", "supervisor", "--ref", "T-1")
    told = {line["login"]: line for line in clerk.asks("agents", "list")}
    assert {name: told["sam"][name] for name in ("role", "name", "email", "disabled_at")} == {
        "role": "supervisor",
        "name": "Sam",
        "email": "sam@example.org",
        "disabled_at": None,
    }
    assert clerk.asks("agents", "set", "sam", "--email", "")["email"] is None
    assert "not an e-mail address" in clerk.is_refused("agents", "set", "sam", "--email", "sam")
    assert clerk.asks("verify")["findings"] == []


def test_an_agent_may_not_change_agents(clerk: Clerk) -> None:
    """The table of roles decides, and the sentence says who may."""
    clerk.login = "sam"
    assert "ask a manager" in clerk.is_refused("agents", "set", "sam", "--role", "manager")


def test_a_disabled_agent_may_not_even_look(clerk: Clerk) -> None:
    """Whoever left is told so at once, and may be called back."""
    code = clerk.issues()
    clerk.does("agents", "set", "sam", "--disable")
    assert "disabled" in clerk.does("agents", "list")
    clerk.login = "sam"
    assert "may no longer work" in clerk.is_refused("find", code)
    clerk.login = "mia"
    clerk.does("agents", "set", "sam", "--enable")
    clerk.login = "sam"
    clerk.does("show", code)


@pytest.mark.parametrize("change", [("--disable",), ("--role", "agent")])
def test_the_last_manager_stays(clerk: Clerk, change: tuple[str, ...]) -> None:
    """A desk keeps a manager who may work; with a second one the first may go."""
    assert "last manager" in clerk.is_refused("agents", "set", "mia", *change)
    assert clerk.asks("agents", "list")[0]["role"] == "manager"
    assert "olu is Payments Support." in clerk.does("agents", "set", "olu", "--role", "payments")
    assert "kim is a manager." in clerk.does("agents", "set", "kim", "--role", "manager")
    clerk.does("agents", "set", "mia", *change)


def test_a_product_keeps_what_is_not_named(clerk: Clerk) -> None:
    """Changing one rule leaves the others, the name and the reminders."""
    clerk.does(
        *("product", "set", "gold", "--name", "Gold", "--expire-after", "1 year", "--month-end"),
        *("--activate-after", "3", "--valid-after", "2026-06-01", "--remind", "2 weeks", "--remind", "3 days"),
    )
    clerk.does("product", "set", "gold", "--activate-after", "0", "--ref", "T-1")
    product = clerk.asks("product", "show", "gold")
    assert product["rules"] == {
        "activation_delay_days": 0,
        "valid_after": "2026-06-01",
        "period": [1, "years"],
        "expires_on": None,
        "month_end": True,
    }
    assert (product["name"], product["reminders"]) == ("Gold", [[2, "weeks"], [3, "days"]])
    clerk.does("product", "set", "gold", "--expire-on", "2027-12-31", "--no-valid-after", "--no-reminders")
    product = clerk.asks("product", "show", "gold")
    assert (product["rules"]["period"], product["rules"]["month_end"]) == (None, False)
    assert (product["rules"]["expires_on"], product["rules"]["valid_after"]) == ("2027-12-31", None)
    assert product["reminders"] == []


def test_a_product_without_an_expiry_never_expires(clerk: Clerk) -> None:
    """Which can also be said of one that had an expiry."""
    clerk.does("product", "set", "plain")
    assert "never expires" in clerk.does("product", "show", "plain")
    clerk.does("product", "set", "half", "--never-expires")
    assert [line["summary"] for line in clerk.asks("product", "list")] == ["never expires", "never expires"]
    assert "no product called" in clerk.is_refused("product", "show", "gold")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--expire-after", "soon"), 2),
        (("--expire-after", "1.5 months"), 2),
        (("--expire-after", "0 months"), 1),
        (("--expire-after", "999999 years"), 1),
        (("--activate-after", "x"), 2),
        (("--activate-after", "1.5"), 2),
        (("--activate-after=-1",), 1),
        (("--activate-after", "200", "--expire-after", "6 months"), 1),
        (("--expire-on", "2026-02-30"), 2),
        (("--expire-on", "1/12/2026"), 2),
        (("--expire-on", "9999-12-31"), 2),
        (("--expire-on", "2020-01-01"), 1),
        (("--expire-on", "2026-12-31", "--expire-after", "1 year"), 2),
        (("--valid-after", "2026-13-01"), 2),
        (("--valid-after", "2027-12-31"), 1),
        (("--never-expires", "--month-end"), 1),
        (("--remind", "2 months"), 2),
        (("--remind", "0 days"), 2),
        (("--name", "a\x07b"), 1),
    ],
)
def test_rules_that_make_no_sense_change_nothing(clerk: Clerk, options: tuple[str, ...], code: int) -> None:
    """Each is told in a sentence, and the product stays as it was."""
    before = clerk.asks("product", "show", "half")
    clerk.is_refused("product", "set", "half", *options, code=code)
    assert clerk.asks("product", "show", "half") == before


def test_the_policy_in_force_is_shown(clerk: Clerk) -> None:
    """Window, extension, grounds and the note's exact text."""
    policy = clerk.asks("policy", "show")
    assert (policy["version"], policy["window_hours"], policy["extension_days"]) == (1, 24, 7)
    assert policy["grounds"] == ["vip", "recently_expired"]
    assert policy["note"] in clerk.does("policy", "show")
