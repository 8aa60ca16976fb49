"""The grammar of the commands on the policy: every field has its option."""

from typing import Final

from tui.console.grammar import Grammar

JURISDICTIONS: Final = (
    "where cards are sold, so that products too short for the law there are warned about: us, ie, au with commas "
    "between them, or none"
)
_OPTIONS: Final = (
    ("grounds", "NAMES", "for what expired cards come back: vip,recently_expired, one of them, or none"),
    ("window-hours", "N", "for how long after its cut-off a card counts as recently expired, 0 to 168 hours"),
    ("extension-days", "N", "how many days after today a reactivated card's last day lies, 1 to 365"),
    ("note", "TEXT", "the note that a reactivation leaves"),
    ("lift-note", "TEXT", "the note that a lift without a ground leaves, with {reason} in it"),
    ("repeat-limit", "N", "after how many reactivations in 90 days the next needs an approval, 1 to 100, or off"),
    ("vip-expired-days", "N", "how many days after its cut-off a VIP's card needs an approval, or off"),
    ("fresh-hours", "N", "for how many hours a VIP mark is too fresh to be the only ground, 1 to 168, or off"),
    ("warn-at", "N", "from which reactivation of a day on an agent is warned, or off"),
    ("stop-at", "N", "how many cards an agent reactivates on a day at most, or off"),
    ("bulk-above", "CARDS", "above how many cards a bulk needs an approval, or off"),
    ("lock-minutes", "N", "after how many idle minutes the screen is locked, 1 to 240, or off"),
    ("payments-email", "E", "where packets for Payments Support are mailed to, or off"),
    ("languages", "CODES", "the languages that customers are answered in, the usual one first: en,de"),
    ("reminder-hour", "H", "from which hour of their day reminders go, 0 to 23"),
    ("jurisdictions", "CODES", JURISDICTIONS),
)


def declare_policy(policy: Grammar) -> None:
    """Add the commands that show and change the policy."""
    policy.command("show", "policies:show_policy", "show the policy in force")
    try_ = policy.command(
        "try",
        "trials:try_policy",
        "tell which decisions of the last days would have been others under a draft of the policy",
        "The draft is a TOML file that names what differs, by the names that policy show --json prints. Nothing is",
        "written.",
    )
    try_.add_argument("file", metavar="FILE", help="the draft")
    try_.add_argument("--days", metavar="N", type=int, default=90, help="of how many days, 1 to 3660 (default: 90)")
    try_.add_argument("--csv", action="store_true", help="print the decisions as a table for a spreadsheet")
    set_ = policy.write(
        "set",
        "policies:set_policy",
        "change the policy",
        "Each change is a version of its own; what is decided names the version that it was decided under.",
    )
    for name, takes, help_ in _OPTIONS:
        set_.add_argument(f"--{name}", metavar=takes, help=help_)
    set_.add_argument(
        "--approve-above",
        metavar="A",
        action="append",
        help="above which balance an approval is needed: 100.00 or EUR=90.00, repeated for several currencies, or off",
    )
    set_.add_argument(
        "--bulk-money-above",
        metavar="A",
        action="append",
        help="above which sum that comes back a bulk needs an approval: 1000.00 or EUR=900.00, repeated, or off",
    )
    set_.add_argument(
        "--alarm",
        dest="alarms",
        metavar="DAYS=N",
        action="append",
        help="how many reactivations of an agent in so many days alarm supervisors: 7=33, repeated for several, or off",
    )
    set_.add_argument(
        "--case-required", choices=("never", "escalation", "always"), help="what needs a case with its intake"
    )
    set_.add_argument("--sign-in", choices=("login", "password"), help="how people say who they are")
