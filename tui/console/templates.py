"""The texts of e-mails from the command line: shown, set, previewed for a card, and sent to oneself as a test."""

from argparse import Namespace
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from models import desk
from models.errors import Fault, Refused
from models.exits import CANNOT_OPEN
from models.placing import placed
from models.previews import Previewed, send_test, texts_held
from models.previews import preview as preview_of
from models.rules.families import BUILT_IN, called, family_of, language_in, read_name
from models.rules.templates import LONGEST, Field, Texts, problems
from models.rules.wording import plural
from models.templates import StoredTexts
from models.unit import Session
from tui.console.misuse import UsageError
from tui.console.opening import find_card
from tui.console.outcomes import tell
from tui.console.output import complain, iso, local, say, say_all, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of

_FILES: Final = {"subject": "subject.txt", "text": "text.txt", "html": "text.html"}
_BYTES_PER_CHARACTER: Final = 4
_MODE: Final = 0o640


def show(asked: Namespace) -> int:
    """Print the texts of an e-mail that are in force, or write them into a folder."""
    session = open_desk(asked)
    held = texts_held(session, read_name(asked.name))
    if asked.folder is not None:
        written = _write(Path(asked.folder), held.texts)
        say(f"{_version(session, held)}: {', '.join(written)} written to {asked.folder}.")
    elif asked.json:
        at = iso(held.recorded_at)
        say_json({"name": held.name, "version": held.version, "saved_at": at, "saved_by": held.saved_by,
                  **asdict(held.texts)})  # fmt: skip
    else:
        say(_version(session, held))
        _say_texts(held.texts, is_reply=family_of(held.name).is_reply)
    return 0


def _version(session: Session, held: StoredTexts) -> str:
    if held.version == 0:
        return f"The {called(held.name)} as it comes with giftdesk"
    at = local(held.recorded_at, session.store.business)
    return f"The {called(held.name)}, version {held.version}, saved by {held.saved_by or 'somebody'} on {at}"


def _say_texts(texts: Texts, *, is_reply: bool) -> None:
    say(f"Subject: {texts.subject}")
    say()
    say_all(texts.text.rstrip("\n"))
    if not is_reply:
        say()
        say("There is no HTML." if texts.html is None else f"The HTML has {plural(len(texts.html), 'character')}.")


def set_(asked: Namespace) -> int:
    """Change the texts of an e-mail: what no option names stays as it is."""
    session = open_desk(asked)
    held = texts_held(session, read_name(asked.name))
    texts = _texts(asked, held.texts)
    if texts is held.texts:
        raise UsageError("Nothing to change is named. See: giftdesk template set --help")
    outcome = desk.set_template(session, held.name, texts, ref=asked.ref, intent=intent_of(asked))
    return tell(asked, outcome)


def _texts(asked: Namespace, texts: Texts) -> Texts:
    """The texts with what the options change."""
    if asked.built_in:
        texts = BUILT_IN[read_name(asked.name)]
    if asked.from_folder is not None:
        texts = _read_folder(Path(asked.from_folder), texts)
    if asked.subject is not None:
        texts = replace(texts, subject=asked.subject)
    if asked.text_file is not None:
        texts = replace(texts, text=_read(Path(asked.text_file), "text"))
    if asked.html_file is not None:
        texts = replace(texts, html=_read(Path(asked.html_file), "html"))
    return replace(texts, html=None) if asked.no_html else texts


def _read_folder(folder: Path, texts: Texts) -> Texts:
    found = {part: _read(folder / name, part) for part, name in _FILES.items() if (folder / name).exists()}
    if not found:
        raise Fault(f"{folder} holds none of {', '.join(_FILES.values())}. Nothing was changed.", CANNOT_OPEN)
    subject = found.get("subject", texts.subject).strip()
    return Texts(subject, found.get("text", texts.text), found.get("html", texts.html))


def _read(file: Path, part: str) -> str:
    """The text of a file, hardly more of it than may be saved. Raises Fault."""
    try:
        with file.open("rb") as opened:
            return opened.read(LONGEST[part] * _BYTES_PER_CHARACTER + 10).decode("utf-8-sig")
    except (OSError, UnicodeError) as error:
        what = getattr(error, "strerror", None) or "it is no UTF-8 text, or far too long"
        raise Fault(f"{file} can't be read: {what}. Nothing was changed.", CANNOT_OPEN) from None


def _write(folder: Path, texts: Texts) -> list[str]:
    """Write the parts of an e-mail into a folder, in the place of no other file; their names. Raises Fault."""
    parts = [(name, text) for part, name in _FILES.items() if (text := getattr(texts, part)) is not None]
    for name, text in parts:
        with placed(folder / name, _MODE) as unfinished:
            unfinished.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
    return [name for name, _ in parts]


def _previewed(asked: Namespace, session: Session) -> Previewed:
    """The e-mail that is asked for, for the card that is. Raises Refused for texts that can't be saved."""
    card_id = find_card(session, asked.code)
    held = texts_held(session, read_name(asked.name))
    texts = _texts(asked, held.texts)
    for problem in problems(texts, family_of(held.name)):
        raise Refused(problem.sentence)
    return preview_of(session, held.name, texts, card_id)


def preview(asked: Namespace) -> int:
    """Print an e-mail as it would go for a card, and why it would not, if so."""
    made = _previewed(asked, open_desk(asked))
    letter = made.letter
    filled = Texts(letter.subject, letter.text, letter.html)
    written = [] if asked.folder is None else _write(Path(asked.folder), filled)
    if asked.json:
        say_json({"to": letter.to or None, "name": letter.to_name, **asdict(filled), "why_not": made.why_not})
        return 0
    say(f"To: {' '.join(part for part in (letter.to_name, letter.to and f'<{letter.to}>') if part) or 'nobody'}")
    _say_texts(filled, is_reply=family_of(read_name(asked.name)).is_reply)
    if written:
        say(f"{', '.join(written)} written to {asked.folder}.")
    if made.why_not is not None:
        say(f"It does not go: {made.why_not}")
    return 0


def test(asked: Namespace) -> int:
    """Send an e-mail to the agent's own address, filled for a card; exit code 1 when it did not go."""
    session = open_desk(asked)
    was_sent, sentence = send_test(session, _previewed(asked, session))
    if asked.json:
        say_json({"done": was_sent, "sentence": sentence})
    else:
        (say if was_sent else complain)(sentence)
    return 0 if was_sent else 1


def fields(asked: Namespace) -> int:
    """List the fields that texts can have."""
    fields_ = family_of(read_name(asked.name)).fields
    if asked.json:
        say_json([{"name": name, **asdict(field)} for name, field in fields_.items()])
        return 0
    say_table(
        [["field", "stands for", "like", "where there is none"]]
        + [[f"{{{{{name}}}}}", field.meaning, field.example, _none(field)] for name, field in fields_.items()]
    )
    return 0


def _none(field: Field) -> str:
    return "its part falls away" if field.is_optional else field.fall_back or "-"


def list_(asked: Namespace) -> int:
    """List all texts that there are: e-mails and replies, in every language, and who saved them last."""
    session = open_desk(asked)
    held = [texts_held(session, name) for name in BUILT_IN]
    if asked.json:
        say_json([{"name": each.name, "language": language_in(each.name), "version": each.version,
                   "what": family_of(each.name).title} for each in held])  # fmt: skip
        return 0
    say_table(
        [["name", "language", "version", "what it says"]]
        + [
            [each.name, language_in(each.name), str(each.version or "built in"), family_of(each.name).title]
            for each in held
        ]
    )
    return 0
