"""The policy at the command line: every field is set, every nonsense refused, and what changed is said back."""

from cli.clerk import Clerk
from postgres import AT_LENGTH

from models.rules.policy_terms import TERMS, markdown_table
from tui.console.parser import build_parser

ENGINES = AT_LENGTH

SET: list[tuple[str, object, tuple[str, ...]]] = [
    ("grounds", ["vip"], ("--grounds", "VIP")),
    ("grounds", [], ("--grounds", "none")),
    ("window_hours", 48, ("--window-hours", "48")),
    ("extension_days", 14, ("--extension-days", "14")),
    ("note", "Given back – [b]as it was[/b].", ("--note", " Given back – [b]as it was[/b]. ")),
    ("lift_note", "Lifted: {reason}", ("--lift-note", "Lifted: {reason}")),
    ("repeat_limit", 4, ("--repeat-limit", "4")),
    ("repeat_limit", None, ("--repeat-limit", "off")),
    ("approve_above", {"GBP": 15_000}, ("--approve-above", "150")),
    (
        "approve_above",
        {"GBP": 15_000, "EUR": 9_050, "JPY": 9_000},
        ("--approve-above", "150", "--approve-above", "eur=90.50", "--approve-above", "JPY=9000"),
    ),
    ("approve_above", {}, ("--approve-above", "off")),
    ("vip_expired_days", 60, ("--vip-expired-days", "60")),
    ("fresh_hours", 48, ("--fresh-hours", "48")),
    ("warn_at", 3, ("--warn-at", "3")),
    ("stop_at", None, ("--stop-at", "OFF")),
    ("bulk_above", 500, ("--bulk-above", "500")),
    ("bulk_above", None, ("--bulk-above", "off")),
    (
        "bulk_money_above",
        {"GBP": 100_000, "EUR": 90_000},
        ("--bulk-money-above", "1000", "--bulk-money-above", "EUR=900"),
    ),
    ("alarms", [[7, 30], [30, 90]], ("--alarm", "30=90", "--alarm", "7=30")),
    ("alarms", [], ("--alarm", "off")),
    ("case_required", "always", ("--case-required", "always")),
    ("lock_minutes", 5, ("--lock-minutes", "5")),
    ("lock_minutes", 0, ("--lock-minutes", "off")),
    ("payments_email", "pay@example.org", ("--payments-email", "pay@example.org")),
    ("languages", ["de", "en"], ("--languages", "de, EN")),
    ("reminder_hour", 17, ("--reminder-hour", "17")),
    ("jurisdictions", ["us"], ("--jurisdictions", "us")),
]


def test_each_field_is_set_and_said_back(clerk: Clerk) -> None:
    """One version more, one line that says what it was before; said once more it changes nothing."""
    labels = {term.field: term.label for term in TERMS}
    for version, (field, value, options) in enumerate(SET, start=2):
        told = clerk.does("policy", "set", *options).splitlines()
        assert told[0] == f"Version {version} of the policy is in force."
        assert [line.partition(":")[0] for line in told[1:]] == [labels[field]]
        policy = clerk.asks("policy", "show")
        assert (policy["version"], policy[field]) == (version, value)
    assert clerk.does("policy", "set", *options) == f"The policy says that already: version {version}.\n"
    assert {field for field, _, _ in SET} == labels.keys() - {"sign_in"}


def test_everything_at_once_is_one_version(clerk: Clerk) -> None:
    """What was not named stays as it is."""
    told = clerk.asks("policy", "set", "--warn-at", "3", "--stop-at", "5", "--note", "Given back.")
    assert (told["version"], len(told["changes"])) == (2, 3)
    assert "Note       Given back.\n" in clerk.does("policy", "show")
    clerk.does("policy", "set", "--stop-at", "6")
    policy = clerk.asks("policy", "show")
    assert (policy["version"], policy["warn_at"], policy["stop_at"], policy["note"]) == (3, 3, 6, "Given back.")
    clerk.does("verify")


REFUSED: list[tuple[int, str, tuple[str, ...]]] = [
    (1, "The grounds are vip and recently_expired.", ("--grounds", "vip,loyal")),
    (1, "The window after expiry is 0 to 168 hours.", ("--window-hours", "169")),
    (2, "--window-hours: 'off' is no whole number; write it like 3.", ("--window-hours", "off")),
    (1, "The extension is 1 to 365 days.", ("--extension-days", "0")),
    (1, "The note is empty.", ("--note", " ")),
    (1, "The note holds a character that cannot be shown (U+001B).", ("--note", "Given\x1b[2J back.")),
    (1, "The note must be one line without tabs.", ("--note", "Given\nback.")),
    (1, "The note must not be empty, and the note of a lift must hold {reason}.", ("--lift-note", "Lifted.")),
    (
        1,
        "The number of reactivations in 90 days before somebody must approve is 1 to 100, or off.",
        ("--repeat-limit", "101"),
    ),
    (2, "--repeat-limit: '-1' is no whole number; write it like 3.", ("--repeat-limit=-1",)),
    (2, "1.234 has too many decimals; GBP has 2 at most.", ("--approve-above", "1.234")),
    (2, "There is no currency called 'XXL'; use its three letters, like GBP.", ("--approve-above", "XXL=5")),
    (2, "--approve-above: name each currency once.", ("--approve-above", "5", "--approve-above", "gbp=6")),
    (
        1,
        "The balance above which somebody must approve is 0 or more, and one that a card can hold.",
        ("--approve-above=-5",),
    ),
    (
        1,
        "The days after which a VIP's card needs an approval are 1 to 3,650, or off.",
        ("--vip-expired-days", "3651"),
    ),
    (1, "The hours for which a VIP mark is too fresh are 1 to 168, or off.", ("--fresh-hours", "0")),
    (
        1,
        "The reactivation of a day from which on an agent is warned is 1 to 1,000, or off.",
        ("--warn-at", "1001"),
    ),
    (1, "The most reactivations of an agent on a day are 1 to 1,000, or off.", ("--stop-at", "0")),
    (1, "The alarms have 1 to 366 days, and 1 to 10,000 reactivations within them.", ("--alarm", "367=9")),
    (1, "The alarms have a number of days each, every one of them once.", ("--alarm", "7=9", "--alarm", "7=10")),
    (2, "--alarm: '7' is no alarm; write it like 7=33, or off.", ("--alarm", "7")),
    (1, "The screen is locked after 0 (never) to 240 minutes.", ("--lock-minutes", "241")),
    (1, "That is not an e-mail address; write it like ada@example.org.", ("--payments-email", "payments")),
    (1, "There are no texts in 'fr'; there are en, de.", ("--languages", "en,fr")),
    (1, "The languages that customers are answered in are one at least, each named once.", ("--languages", "en,en")),
]


def test_what_can_not_be_meant_is_refused_in_a_sentence(clerk: Clerk) -> None:
    """And the policy stays as it was."""
    for code, sentence, options in REFUSED:
        assert clerk.is_refused("policy", "set", *options, code=code) == sentence
    assert clerk.asks("policy", "show")["version"] == 1


def test_every_field_has_its_option() -> None:
    """As the README's table calls it."""
    help_ = build_parser().parse_args(["policy", "set"])
    assert {term.field for term in TERMS} <= vars(help_).keys()
    assert all(f"| `{term.option} {term.takes}` |" in markdown_table() for term in TERMS)
