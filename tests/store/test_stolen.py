"""Somebody steals all files of a desk but its key: no code can be had from them, for a code is money."""

import base64
import hashlib
import hmac
import os
import random
from pathlib import Path

import pytest
from store.counter import PRODUCTS, Counter, plain_sql
from store.letterbox import Letterbox
from store.spying import given_away

from models import desk
from models.errors import Refused
from models.escalations import Which, listed
from models.jobs.exporting import export_csv, export_json_lines
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.remind import remind
from models.logs import write_fault
from models.lookups import card_answering, look_up, record_miss
from models.rules.codes import grouped, new_code, normalise
from models.rules.validity import Period
from models.schema import Business, CodeDigest, GiftCard
from models.unit import Outcome

ADA = desk.PersonGiven("Ada Lovelace", "ada@example.org")
FOREIGN = [f"{start}{number:09}" for start, number in (("GC", 730_911_526), ("XK", 228_450_917), ("ZQ", 664_120_385))]


def test_a_file_of_one_card_cannot_be_guessed_from_what_is_kept_of_it(counter: Counter, tmp_path: Path) -> None:
    """All but the code of such a file lies in the desk, and many an imported code is a short number."""
    table = tmp_path / "theirs.csv"
    table.write_text(f"{FOREIGN[0]},10.00,2027-01-31,\n")
    mapping = read_mapping("pw-gift-cards")
    with counter.database.connected():
        assert import_mapped(counter.mia, table, mapping, currency="GBP", is_commit=True).is_committed
        held = b"".join(file.read_bytes() for file in counter.file.parent.iterdir())
    plain = hashlib.sha256(table.read_bytes()).digest()
    guesses = (plain, hashlib.sha256(f"csv GBP\n{mapping.text}".encode() + plain).digest())
    assert not [guess for guess in guesses if guess in held]
    assert import_mapped(counter.mia, table, mapping, currency="GBP", is_commit=True).is_already_imported
    with plain_sql(counter.file) as sql:
        sql.execute("UPDATE import_batch SET digest = ?", (guesses[1],))
    # As an older giftdesk kept it: the file is known again all the same.
    assert import_mapped(counter.mia, table, mapping, currency="GBP", is_commit=True).is_already_imported


def issued_code(outcome: Outcome) -> str:
    """The full code that was handed out, this once."""
    assert outcome.hand_out is not None, outcome.sentence
    return normalise(outcome.hand_out)


def busy_day(counter: Counter, outside: Path) -> list[str]:
    """Everything that a code is typed or made for; all codes, and those that were typed wrong."""
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=[Period(2, "days")]).done
    codes = [issued_code(desk.issue(counter.mia, "week", 5000, recipient=ADA)) for _ in range(4)]
    table = outside / "theirs.csv"
    table.write_text("".join(f"{code},10.00,2027-01-31,\n" for code in FOREIGN))
    assert import_mapped(counter.mia, table, read_mapping("pw-gift-cards"), currency="GBP", is_commit=True).is_committed
    table.unlink()
    codes += FOREIGN

    for code in codes:
        for typed in (code, grouped(code).lower(), f"{code}7", f"{code[:5]}?{code[6:]}", code[:4] + code[-4:]):
            if not look_up(counter.sam, typed).is_exact:
                record_miss(counter.sam, typed)
            counter.wait(minutes=11)
    unknown = [new_code(random.Random(place).randrange) for place in range(3)]
    for code in unknown:
        with pytest.raises(Refused):
            card_answering(counter.sam, code)
        record_miss(counter.sam, code)

    first, second, third, *_ = (card_answering(counter.sam, code) for code in codes)
    assert desk.open_case(counter.sam, first, typed=codes[0]).done
    assert desk.redeem(counter.mia, first, 1200, place="Leeds").done
    assert desk.say(counter.sam, first).done
    assert desk.escalate(counter.sam, first, desk.Escalation.WRONG_BALANCE, "too little").done
    (line,) = listed(counter.pat, Which.OPEN).lines
    assert desk.close_escalation(counter.pat, line.id, desk.Answer.DECLINED).done
    codes.append(issued_code(desk.replace(counter.sue, second, "lost")))
    assert desk.transfer(counter.sue, third, card_answering(counter.sue, codes[3]), reason="asked").done
    counter.at("2026-05-26T10:00")
    assert remind(counter.olaf, Letterbox(), wait=lambda _seconds: None).sent
    export_csv(counter.mia, outside)
    export_json_lines(counter.mia, outside / "cards.jsonl")
    write_fault(ValueError(codes[0]))
    return codes + unknown


def lies_there(counter: Counter) -> list[str]:
    """What in the file a digest may have been salted with."""
    with counter.store.database.reading():
        business = Business.get()
        cards = [(str(card.id), card.last_four) for card in GiftCard.select()]
    salts = {"giftdesk", "giftdesk code", "giftdesk folded code", "1", business.zone, business.currency}
    return sorted(salts | {business.key_fingerprint} | {text for card in cards for text in card})


def stolen(*folders: Path) -> bytes:
    """Every file below some folders but keys."""
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file() and file.suffix != ".key")
    assert any(file.name.endswith("-wal") and file.stat().st_size for file in files)
    assert any(file.suffix == ".log" for file in files)
    return b"".join(file.read_bytes() for file in files)


def test_stolen_files_give_no_code(counter: Counter, tmp_path: Path) -> None:
    """After a day on which codes were made, brought in, typed and replaced; exports and logs are stolen as well."""
    outside = tmp_path / "outside"
    outside.mkdir()
    home = [Path(os.environ[f"XDG_{name}_HOME"]) for name in ("DATA", "STATE")]
    # The desk stays open, so that what was written last lies in the log beside the file.
    with counter.database.connected():
        codes = busy_day(counter, outside)
        held = stolen(counter.file.parent, outside, *home)
    with counter.store.database.reading():
        digests = {bytes(row.digest) for row in CodeDigest.select()}
    assert counter.store.keys.code_digest(codes[0]) in digests
    assert counter.store.keys.code_digest(codes[0]) in held
    assert given_away(held, codes, lies_there(counter)) == set()


def test_the_thief_would_have_found_them() -> None:
    """In whatever way a code might lie there."""
    code, salt = new_code(random.Random(1).randrange), "Europe/London"
    digest = hashlib.sha256(code.encode()).digest()
    ways = [
        code.encode(),
        grouped(code).lower().encode(),
        code[::-1].encode(),
        code[4:].encode("utf-16-le"),
        code.encode().hex().encode(),
        base64.b64encode(b"code=" + code.encode()),
        digest,
        digest[:10],
        digest[-8:],
        digest.hex()[:20].upper().encode(),
        base64.b64encode(digest),
        hashlib.md5(code.lower().encode(), usedforsecurity=False).digest(),
        hashlib.blake2b(salt.encode() + code.encode()).digest(),
        hmac.digest(salt.encode(), code.encode(), "sha1"),
    ]
    for way in ways:
        assert given_away(b"\x00..." + way + b"\xff..", [code], [salt]) == {code}, way
    assert given_away(hmac.digest(b"a key that is not there", code.encode(), "sha256"), [code], [salt]) == set()
