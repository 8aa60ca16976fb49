"""Making a desk, and checking it."""

from argparse import Namespace

from models.accounts import MailAccount
from models.agents import Colleague, system_login
from models.clock import FixedClock
from models.desk.agents import join
from models.desk.policy import set_policy
from models.doctor import Health, examine
from models.errors import Fault, Refused
from models.keys import key_path
from models.locations import Place, database_path
from models.settings import read_settings
from models.store import Store, init_store
from models.unit import Session
from tui.console.accepting import accept_clock
from tui.console.misuse import UsageError
from tui.console.output import progress, say_behind, say_json, say_sentences
from tui.console.settings import misnamed_mouse, misnamed_output, misnamed_profile, settled_output, settled_profile
from tui.console.sitting import checked_login
from tui.console.terminals import terminal_facts
from tui.console.values import parse_instant, parse_jurisdictions
from tui.keymap import keymap
from tui.outputs import Output, choose_output
from tui.terminal import Profile, choose_mouse, choose_profile


def init(asked: Namespace) -> int:
    """Make a desk; who makes it is its manager."""
    if not asked.sandbox and (asked.now is not None or asked.as_login is not None):
        raise Refused("Only a sandbox takes --now and --as: add --sandbox, or leave them away. Nothing was changed.")
    login = system_login() if asked.as_login is None else checked_login(asked.as_login)
    chosen = None if asked.jurisdictions is None else parse_jurisdictions(asked.jurisdictions, "--jurisdictions")
    store = init_store(
        database_path(asked.db),
        zone=asked.zone,
        currency=asked.currency,
        is_sandbox=asked.sandbox,
        clock=None if asked.now is None else FixedClock(parse_instant(asked.now, "--now")),
        role=asked.role,
    )
    agent = join(Session(store, login))
    if chosen:
        set_policy(Session(store, login), jurisdictions=chosen)
    if asked.json:
        say_json(
            {
                "done": True,
                "database": str(store.path),
                "key": str(key_path(store.path)),
                "fingerprint": store.keys.fingerprint,
                "sandbox": store.is_sandbox,
                "zone": store.business.zone,
                "currency": store.currency,
                "manager": agent.login,
            }
        )
        return 0
    tell_made(store, agent)
    return 0


def tell_made(store: Store, agent: Colleague) -> None:
    """Say where a desk was made, whose it is, and what must be kept."""
    what = "A sandbox" if store.is_sandbox else "A desk"
    say_sentences(f"{what} is ready at {store.path}; {agent.login} is its {agent.role}.")
    say_sentences(
        f"Its key lies in {key_path(store.path)}. Keep a copy elsewhere: without it no code can be looked up again."
    )


def doctor(asked: Namespace) -> int:
    """Print what was checked, each with its cure; exit code 1 when something is bad. Or accept the clock."""
    if asked.accept_clock:
        return accept_clock(asked)
    if asked.yes or asked.reason is not None:
        raise UsageError("--yes and --reason belong to --accept-clock. See: giftdesk doctor --help")
    place, profile, output, mail, fault = _as_the_settings_say(asked)
    settings = read_settings() if fault is None else None
    mouse = choose_mouse(profile[0], settings.mouse if settings is not None else None)
    lost_keys = "" if settings is None else keymap(settings).told
    misnamed = {
        "mouse": misnamed_mouse(),
        "profile": misnamed_profile(asked.profile),
        "output": misnamed_output(asked.output),
    }
    findings = examine(
        place,
        terminal_facts(profile, output, mouse, misnamed, lost_keys),
        settings_fault=fault,
        mail=mail,
        is_deep=asked.deep,
        on_progress=progress("Verification"),
    )
    if asked.json:
        say_json(
            [
                {"subject": found.subject, "health": found.health.value, "told": found.told, "cure": found.cure}
                for found in findings
            ]
        )
    else:
        for found in findings:
            cure = f" {found.cure}" if found.cure else ""
            say_behind(f"{found.health.value:<5} ", f"{found.subject}: {found.told}.{cure}")
    return 1 if any(found.health is Health.BAD for found in findings) else 0


def _as_the_settings_say(
    asked: Namespace,
) -> tuple[Place | None, tuple[Profile, str], tuple[Output, str], MailAccount | None, str | None]:
    """The desk, the profile and the output and why, the way out for e-mails, and what is wrong with the settings.

    When something is, what can be told without them.
    """
    try:
        settings = read_settings()
        keymap(settings)
        drawn = choose_profile(asked.profile, settled_profile(settings))
        sent = choose_output(asked.output, settled_output(settings))
        return database_path(asked.db), drawn, sent, settings.mail, None
    except Fault as fault:
        return None, choose_profile(asked.profile), choose_output(asked.output), None, fault.sentence
