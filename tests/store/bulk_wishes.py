"""What is wished of many cards at once, in functions that other processes know by name."""

import random
from datetime import date

from models import bulks, desk
from models.bulks import carrying
from models.errors import Refused
from models.jobs import expire as expiry
from models.rules.bulk import BulkKind, BulkWish
from models.unit import Outcome, Session

EXTENSION = BulkWish(BulkKind.EXTEND, "The Leeds restaurant is closed.", until=date(2027, 12, 31))
HELD = bulks.BySearch("product:held")
"""The cards that a bulk is about: those of one product."""


def _told(report: bulks.BulkReport) -> Outcome:
    return Outcome(True, report.sentence, facts={"bulk": report.id, "done": report.done})


def begin(mia: Session, batch: int, key: str | None) -> Outcome:
    """Begin, or say why not; in batches of so many cards."""
    carrying._BATCH = batch  # type: ignore[misc]
    try:
        return _told(bulks.begin_bulk(mia, EXTENSION, HELD, intent=key))
    except Refused as refused:
        return Outcome(False, str(refused))


def approve(sue: Session, bulk: int, key: str) -> Outcome:
    carrying._BATCH = 3  # type: ignore[misc]
    try:
        return _told(bulks.approve_bulk(sue, bulk, intent=key))
    except Refused as refused:
        return Outcome(False, str(refused))


def refuse(sue: Session, bulk: int, key: str) -> Outcome:
    return bulks.refuse_bulk(sue, bulk, "Ask the owner first.", intent=key)


def resume(mia: Session, bulk: int) -> Outcome:
    carrying._BATCH = 3  # type: ignore[misc]
    try:
        return _told(bulks.resume_bulk(mia, bulk))
    except Refused as refused:
        return Outcome(False, str(refused))


def undo(mia: Session, bulk: int, key: str) -> Outcome:
    carrying._BATCH = 3  # type: ignore[misc]
    try:
        return _told(bulks.undo_bulk(mia, bulk, "The wrong restaurant.", intent=key))
    except Refused as refused:
        return Outcome(False, str(refused))


def run(olaf: Session, batch: int) -> Outcome:
    """The expiry run, as the operator starts it."""
    expiry._BATCH = batch  # type: ignore[misc]
    report = expiry.expire(Session(olaf.store, "olaf"), is_sure=True)
    return Outcome(True, "", facts={"cards": report.cards})


def sell(sam: Session, seed: int, spent: tuple[int, ...], talked_about: tuple[int, ...], deeds: int) -> Outcome:
    """A till: spend from some cards, write notes on others; each of it is done."""
    dice = random.Random(seed)
    for _ in range(deeds):
        if dice.random() < 0.5:
            outcome = desk.redeem(sam, dice.choice(spent), 1)
        else:
            outcome = desk.note(sam, dice.choice(talked_about), "The customer called.")
        assert outcome.done, outcome.sentence
    return Outcome(True, "", facts={"deeds": deeds})
