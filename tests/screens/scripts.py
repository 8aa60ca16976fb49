"""Cards of people whose names are written in every script, with all that takes more than a cell, or none."""

from datetime import timedelta
from typing import Final

from screens.payloads import EIGHT

from models import desk as actions
from models.clock import FixedClock
from models.jobs.demo import START
from models.people import PersonGiven
from models.store import Store
from models.unit import Outcome, Session

NAMES: Final = (
    "漢字太郎 全角",
    "김철수 한글",
    "ｆｕｌｌ ｗｉｄｔｈ",
    "Zoë Łukasiewicz",
    "Zoe\u0308 e\u0301a\u0323\u0302",
    "אבגדה שלום",
    "محمد عبد الله",
    "नमस्ते कृष्ण",
    "สวัสดี กำ",
    "Ann 👩\u200d👩\u200d👧\u200d👦 Lee",
    "Flag 🇫🇷🇩🇪 Ship",
    "Skin 👍🏽 Tone",
    "Heart ❤\ufe0f ☎\ufe0f Sun",
    "Text ☺\ufe0e Star ⭐",
    "zero\u200bwidth\u00adsoft",
    "A\u0300\u0301\u0302\u0303zalgo",
    "\u3000wide\u3000blanks",
    "half 漢 and 漢漢 half 漢",
    "𝔐𝔞𝔱𝔥 𠀋𡈽",
)
HOSTILE: Final = (*EIGHT.values(), "e\u0301" * 30, "漢" * 60, "\ufeffmark of order", "\U000e0041\U000e0042 tags")


def add_people(store: Store, clock: FixedClock) -> tuple[str, ...]:
    """Sell a card to each of them, with a history that says their name again; returns the codes of the cards."""
    session = Session(store, "mia")
    codes = []
    for number, name in enumerate(NAMES):
        clock.at = START - timedelta(days=30 + number)
        person = PersonGiven(name, f"person{number}@example.org")
        made = done(actions.issue(session, "classic", 50_00, recipient=person, place="Web shop", order_ref=str(number)))
        assert made.card_id is not None
        assert made.hand_out is not None
        done(actions.register(session, made.card_id, person, organisation=name))
        done(actions.note(session, made.card_id, f"{name} says {name}, twice over: {name}"))
        if number % 3 == 0:
            done(actions.redeem(session, made.card_id, 50_00 - number, place=name, order_ref=name[:20]))
        if number % 4 == 0:
            done(actions.raise_flag(session, made.card_id, f"ask for {name}"))
        codes.append(made.hand_out)
    clock.at = START
    return tuple(codes)


def done(outcome: Outcome) -> Outcome:
    """It was accepted."""
    assert outcome.done, outcome.sentence
    return outcome
