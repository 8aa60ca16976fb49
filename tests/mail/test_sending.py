"""Letters and a real mail server: what each of its moods means, and that nothing is claimed that isn't known."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail.postmaster import (
    CERTIFICATE,
    CONNECT,
    CONTENT,
    DATA,
    DRIP,
    DROP,
    END,
    ENDLESS,
    HANG,
    LOGIN,
    MAIL,
    PASSWORD,
    RCPT,
    PostOffice,
    post_office,
)

from models.accounts import MailAccount, Security
from models.clock import FixedClock
from models.mail import Answer, Letter, Verdict
from models.mail.smtp import SmtpMailer

ADA = Letter("ada@example.org", "Ada", "Hello", "Hello Ada,\n.\n..two dots\nbye\n", "<p>Hello Ada</p>", "abc123")
BEN = dataclasses.replace(ADA, to="ben@example.org", to_name="Ben", message_id="def456")
DELIVERED, REFUSED, NOT_NOW, UNKNOWN = Verdict.DELIVERED, Verdict.REFUSED, Verdict.NOT_NOW, Verdict.UNKNOWN
AT = datetime(2026, 11, 6, 9, tzinfo=UTC)
Connect = Callable[..., SmtpMailer]


@pytest.fixture
def connect(office: PostOffice, clock: FixedClock) -> Iterator[Connect]:
    """Mailers to the office, closed at the end."""
    opened = []

    def to(**changes: object) -> SmtpMailer:
        plain = {"server": "127.0.0.1", "port": office.port, "security": Security.NONE, "timeout": 5}
        account = MailAccount("gifts@example.org", "Gift cards", **{**plain, **changes})  # type: ignore[arg-type]
        opened.append(SmtpMailer(account, clock.now))
        return opened[-1]

    yield to
    for mailer in opened:
        mailer.close()


@pytest.fixture
def mailer(connect: Connect) -> SmtpMailer:
    """A mailer to the office, in the clear."""
    return connect()


def test_a_letter_arrives_as_it_was_written(office: PostOffice, mailer: SmtpMailer) -> None:
    """Dots at the start of lines included."""
    assert mailer.send(ADA) == Answer(DELIVERED, "250 OK")
    (letter,) = office.letters
    assert (letter.sender, letter.recipients) == ("gifts@example.org", ["ada@example.org"])
    body = letter.message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == ADA.text


def test_one_line_carries_many_letters(office: PostOffice, mailer: SmtpMailer) -> None:
    for number in range(20):
        assert mailer.send(dataclasses.replace(ADA, message_id=f"m{number}")).verdict is DELIVERED
    assert (len(office.letters), office.lines) == (20, 1)


@pytest.mark.parametrize(
    ("stage", "said", "answer"),
    [
        (CONNECT, "554 go away", Answer(NOT_NOW, "The mail server takes no letters: 554 go away", True)),
        (CONNECT, "421 busy", Answer(NOT_NOW, "The mail server takes no letters: 421 busy", True)),
        (CONNECT, DROP, Answer(NOT_NOW, "The mail server closed the line.", True)),
        (MAIL, "550 5.7.1 sender not allowed", Answer(NOT_NOW, "550 5.7.1 sender not allowed", True)),
        (MAIL, "451 later", Answer(NOT_NOW, "451 later", True)),
        (MAIL, DROP, Answer(NOT_NOW, "The mail server closed the line.", True)),
        (RCPT, "450 mailbox busy", Answer(NOT_NOW, "450 mailbox busy")),
        (RCPT, "550 no <ada@example.org> here", Answer(REFUSED, "550 no (address) here")),
        (RCPT, "554 5.7.1 Relay access denied", Answer(NOT_NOW, "554 5.7.1 Relay access denied", True)),
        (RCPT, "530 5.7.0 log in first", Answer(NOT_NOW, "530 5.7.0 log in first", True)),
        (RCPT, "421 closing", Answer(NOT_NOW, "421 closing", True)),
        (RCPT, DROP, Answer(NOT_NOW, "The mail server closed the line.", True)),
        (DATA, "451 later", Answer(NOT_NOW, "451 later")),
        (DATA, "554 no", Answer(REFUSED, "554 no")),
        (DATA, DROP, Answer(NOT_NOW, "The mail server closed the line.", True)),
        (END, "452 disk full", Answer(NOT_NOW, "452 disk full")),
        (END, "554 this is spam", Answer(REFUSED, "554 this is spam")),
        (END, DROP, Answer(UNKNOWN, "The mail server closed the line.", True)),
    ],
)
def test_every_refusal_says_what_may_be_done_next(
    office: PostOffice, mailer: SmtpMailer, stage: str, said: str, answer: Answer
) -> None:
    """Sent, certainly not sent, never to be sent, or unknown; and whether it is the server."""
    office.answers[stage] = said
    got = mailer.send(ADA)
    assert (got.verdict, got.is_down) == (answer.verdict, answer.is_down)
    assert answer.said in got.said
    assert "ada@" not in got.said
    office.answers.clear()
    assert mailer.send(BEN).verdict is DELIVERED
    assert office.told()[-1] == "ben@example.org"


@pytest.mark.parametrize(
    ("stage", "verdict"), [(CONNECT, NOT_NOW), (RCPT, NOT_NOW), (DATA, NOT_NOW), (CONTENT, UNKNOWN), (END, UNKNOWN)]
)
def test_a_server_that_hangs_is_left(office: PostOffice, connect: Connect, stage: str, verdict: Verdict) -> None:
    """Before the whole letter is there it is certainly not sent; a server that has all of it may have sent it."""
    office.answers[stage] = HANG
    got = connect(timeout=0.3).send(ADA)
    assert got == Answer(verdict, "The mail server did not answer within 0.3 s.", is_down=True)


@pytest.mark.parametrize(("stage", "verdict"), [(CONNECT, NOT_NOW), (RCPT, NOT_NOW), (END, UNKNOWN)])
@pytest.mark.parametrize(
    ("mood", "timeout", "said"),
    [(DRIP, 0.4, "did not answer within 0.4 s"), (ENDLESS, 10, "is broken: its answer has no end")],
)
def test_a_server_whose_answer_never_ends_is_left(
    office: PostOffice, connect: Connect, stage: str, verdict: Verdict, mood: str, timeout: float, said: str
) -> None:
    """Each piece comes in time, and all of it never does: the run goes on with what else it has to do."""
    office.answers[stage] = mood
    answer = connect(timeout=timeout).send(ADA)
    assert (answer.verdict, answer.is_down) == (verdict, True)
    assert said in answer.said


def test_a_line_cut_while_the_letter_is_on_its_way_is_told_apart(office: PostOffice, mailer: SmtpMailer) -> None:
    """The end of a long letter was never written: it can't have been sent."""
    office.answers[CONTENT] = DROP
    long = dataclasses.replace(ADA, text="word " * 4_000_000)
    assert mailer.send(long).verdict is NOT_NOW
    assert office.letters == []


def test_a_kept_line_that_was_dropped_is_made_again(office: PostOffice, mailer: SmtpMailer) -> None:
    """Servers close what is idle, or after so many letters: nobody has to notice."""
    assert mailer.send(ADA).verdict is DELIVERED
    for closing in (DROP, "421 enough for now"):
        office.answers[MAIL] = closing
        before = office.lines

        def once(stage: str, _recipient: str) -> str | None:
            if stage == MAIL:
                office.answers.pop(MAIL, None) if office.lines > before else None  # noqa: B023
            return None

        office.answer_to = once
        assert mailer.send(BEN).verdict is DELIVERED
        assert office.lines == before + 1


def test_a_letter_whose_answer_was_lost_is_not_sent_again(office: PostOffice, mailer: SmtpMailer) -> None:
    """Not even on a line that was kept."""
    assert mailer.send(ADA).verdict is DELIVERED
    office.answers[END] = DROP
    assert mailer.send(BEN).verdict is UNKNOWN
    assert office.told() == ["ada@example.org", "ben@example.org"]


def test_what_is_no_mail_server_is_told(office: PostOffice, mailer: SmtpMailer) -> None:
    """Something else answers at that port, in no words of the trade."""
    office.answers[CONNECT] = "SSH-2.0-OpenSSH_9.2"
    told = "The mail server speaks in a way that can't be understood."
    assert mailer.send(ADA) == Answer(NOT_NOW, told, is_down=True)


def test_a_server_that_is_not_there_is_told(mailer: SmtpMailer, connect: Connect) -> None:
    """By what stands in the way."""
    nobody = connect(port=1)
    assert nobody.send(ADA) == Answer(NOT_NOW, "The mail server refuses the connection.", is_down=True)
    unknown = connect(server="mail.invalid")
    assert unknown.send(ADA) == Answer(NOT_NOW, "The name of the mail server is not known here.", is_down=True)
    assert mailer.knock().verdict is DELIVERED


@pytest.mark.parametrize("to", ["ada", "ada@localhost", "a b@example.org", "ada@example.org\nBcc: eve@example.org", ""])
def test_what_is_no_address_is_refused_without_a_line(office: PostOffice, mailer: SmtpMailer, to: str) -> None:
    got = mailer.send(dataclasses.replace(ADA, to=to))
    assert got == Answer(REFUSED, "The address on file can't be written to: it is no e-mail address.")
    assert office.lines == 0


def test_a_domain_beyond_ascii_is_encoded(office: PostOffice, mailer: SmtpMailer) -> None:
    assert mailer.send(dataclasses.replace(ADA, to="ada@bücher.example")).verdict is DELIVERED
    assert office.told() == ["ada@xn--bcher-kva.example"]


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(mailer: SmtpMailer, clock: FixedClock) -> None:
    """Refused for good by one, delivered by the other."""
    letter = dataclasses.replace(ADA, to="jörg@bücher.example")
    got = mailer.send(letter)
    assert (got.verdict, got.is_down) == (REFUSED, False)
    assert "beyond ASCII" in got.said
    with post_office(takes_utf8=True) as office:
        account = MailAccount("gifts@example.org", server="127.0.0.1", port=office.port, security=Security.NONE)
        able = SmtpMailer(account, clock.now)
        assert able.send(letter).verdict is DELIVERED
        able.close()
        assert office.told() == ["jörg@xn--bcher-kva.example"]
        assert "To: Ada <jörg@xn--bcher-kva.example>\r\n".encode() in office.letters[0].content


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_the_line_is_private_and_the_server_proves_who_it_is(tls: str, clock: FixedClock, tmp_path: Path) -> None:
    """A certificate that nobody vouches for is refused; one that the settings name is trusted; the login is taken."""
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    with post_office(tls=tls, needs_login=True) as office:
        account = MailAccount(
            "gifts@example.org",
            server="localhost",
            port=office.port,
            security=Security(tls),
            user=LOGIN,
            password_file=password,
            ca_file=CERTIFICATE,
            timeout=5,
        )
        trusting = SmtpMailer(account, clock.now)
        assert trusting.send(ADA).verdict is DELIVERED
        trusting.close()
        careful = SmtpMailer(dataclasses.replace(account, ca_file=None), clock.now).send(ADA)
        assert (careful.verdict, careful.is_down) == (NOT_NOW, True)
        assert "certificate of the mail server is not trusted" in careful.said
        password.write_text("wrong")
        refused = SmtpMailer(account, clock.now).send(ADA)
        assert (refused.verdict, refused.is_down) == (NOT_NOW, True)
        assert refused.said.startswith("The mail server does not take the login: 535")
        password.unlink()
        missing = SmtpMailer(account, clock.now).send(ADA)
        assert missing == Answer(NOT_NOW, f"The password file {password} can't be read: No such file or directory. "
                                 "Nothing was sent.", is_down=True)  # fmt: skip
        assert len(office.letters) == 1


@pytest.mark.parametrize(
    ("content", "what"), [(None, "No such file or directory"), ("no certificate\n", "it holds no certificates")]
)
def test_certificates_that_can_not_be_read_are_told(
    connect: Connect, tmp_path: Path, content: str | None, what: str
) -> None:
    """It is the settings that are wrong, and not the server."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    got = connect(security=Security.TLS, ca_file=file).send(ADA)
    told = f"The ca_file {file} can't be read: {what}. Nothing was sent."
    assert got == Answer(NOT_NOW, told, is_down=True)


def test_a_server_without_tls_gets_nothing(connect: Connect) -> None:
    """Neither a login nor a letter goes over a line that others can read, unless the settings say so."""
    got = connect(security=Security.STARTTLS).send(ADA)
    assert got.is_down
    assert "does not offer what the settings ask for" in got.said
    assert connect(security=Security.TLS).send(ADA).said.startswith("No private line to the mail server can be made")


MOODS = {
    RCPT: ["450 busy", "550 unknown", "554 relay denied", "421 closing", DROP],
    DATA: ["451 later", "554 no", "421 closing", DROP],
    END: ["452 full", "554 spam", "421 closing", DROP],
    CONTENT: [DROP],
}
MOOD = st.sampled_from([(stage, said) for stage, moods in MOODS.items() for said in moods])


@pytest.fixture(scope="module")
def one_office() -> Iterator[PostOffice]:
    """One server for many examples."""
    with post_office() as running:
        yield running


@settings(max_examples=25)
@given(st.lists(st.none() | MOOD, min_size=1, max_size=5))
def test_what_is_told_of_a_letter_is_what_became_of_it(
    one_office: PostOffice, moods: list[tuple[str, str] | None]
) -> None:
    """Delivered is with the server, once; refused and not now are not; and only a lost answer leaves it open."""
    letters = [dataclasses.replace(ADA, to=f"p{number}@example.org") for number in range(len(moods))]
    by_recipient = {letter.to: mood for letter, mood in zip(letters, moods, strict=True) if mood is not None}

    def answer(stage: str, recipient: str) -> str | None:
        mood = by_recipient.get(recipient)
        return mood[1] if mood is not None and mood[0] == stage else None

    one_office.letters.clear()
    one_office.answer_to = answer
    account = MailAccount("gifts@example.org", server="127.0.0.1", port=one_office.port, security=Security.NONE)
    mailer = SmtpMailer(account, FixedClock(AT).now)
    verdicts = {letter.to: mailer.send(letter).verdict for letter in letters}
    mailer.close()
    taken = Counter(one_office.told())
    for to, verdict in verdicts.items():
        mood = by_recipient.get(to)
        assert (taken[to] == 1) if verdict is DELIVERED else (verdict is UNKNOWN or taken[to] == 0)
        assert (verdict is DELIVERED) == (mood is None)
        assert verdict is not UNKNOWN or mood in ((END, DROP), (CONTENT, DROP))
        assert taken[to] <= 1
