"""Faults: what is broken outside the rules, each as one sentence that says what happened and what to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import cysqlite
import peewee

from models.exits import BAD_INPUT, BUSY, CANNOT_OPEN, DISK, NO_PERMISSION, OUTCOME_UNKNOWN, SOFTWARE
from models.sqlstates import NOT_STORABLE, is_collision, is_loss, told_by


class Fault(Exception):
    """Something is broken: the sentence to show, and the exit status for the command line."""

    def __init__(self, sentence: str, status: int = SOFTWARE) -> None:
        """Keep the sentence, which names no customer and no code."""
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class Collision(Fault):
    """Two got in each other's way on a server, and this one was undone: it may be done again."""


class Unreached(Fault):
    """A server can't be reached, or takes no changes at the moment: it, or another in its place, may be back soon."""


class OutcomeUnknown(Fault):
    """A write may or may not have been carried out, and nothing could be asked about it."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence."""
        super().__init__(sentence, OUTCOME_UNKNOWN)


class Refused(Exception):
    """Ends a unit of work without any change; its text is the sentence for the agent."""


class Mendable(Refused):
    """Refused for what was given: with something else in its place the same wish may be granted."""


class NotAdmitted(Refused):
    """Whoever asks may not work at this desk, or no longer: nothing of it is shown to them."""


class PasswordNeeded(NotAdmitted):
    """The login alone lets nobody in who asks."""


class OwnCard(Refused):
    """Refused because the agent is one of the card's people: a supervisor will see that it was tried."""

    def __init__(self, sentence: str, card_id: int) -> None:
        """Keep the card, by its record."""
        super().__init__(sentence)
        self.card_id = card_id


class Overtaken(Refused):
    """A card is not what it was when it was opened: refused, with what changed, a line for each thing."""

    def __init__(self, sentence: str, changes: tuple[str, ...]) -> None:
        """Keep the lines, which are for the agent alone: they may name customers."""
        super().__init__(sentence)
        self.changes = changes


@contextmanager
def faults(place: object, aftermath: str | Callable[[], str] = "Nothing was changed.") -> Iterator[None]:
    """Turn what the store raises into a Fault; the aftermath says whether anything was changed by then."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, UnicodeError | OverflowError) and not is_of_the_store(error):
            raise
        raise _fault(error, str(place), aftermath if isinstance(aftermath, str) else aftermath()) from error


def _fault(error: BaseException, where: str, aftermath: str) -> Fault:
    first = first_error(error)
    if isinstance(error, peewee.DoesNotExist):
        return Fault(
            f"{where} lacks what every desk has. Stop working with it and restore a backup. {aftermath}", BAD_INPUT
        )
    if isinstance(first, UnicodeEncodeError | OverflowError):
        return Fault(f"{NOT_STORABLE} {aftermath}", BAD_INPUT)
    if _is_of_a_server(first):
        return _server_fault(first, where, aftermath)
    text = str(first).lower().rpartition("] ")[2]
    for words, status, sentence in _KNOWN:
        if any(word in text for word in words):
            return Fault(f"{sentence.format(path=where)} {aftermath}", status)
    told = f"The database {where} answered with an error ({type(first).__name__}). To learn more, run: giftdesk doctor."
    return Fault(f"{told} {aftermath}", SOFTWARE)


def _server_fault(error: BaseException, where: str, aftermath: str) -> Fault:
    status, sentence = told_by(error) or (
        SOFTWARE,
        f"{{path}} answered with an error ({type(error).__name__}). Ask whoever runs it to look into its log.",
    )
    kind = Collision if is_collision(error) else Unreached if is_loss(error) else Fault
    return kind(f"{sentence.replace('{path}', where)} {aftermath}", status)


def is_of_the_store(error: BaseException) -> bool:
    """Whether an engine raised it, or what speaks to one."""
    return isinstance(error, peewee.PeeweeException | peewee.DoesNotExist | cysqlite.Error) or _is_of_a_server(error)


def _is_of_a_server(error: BaseException) -> bool:
    # Asked by name: the driver may not even be installed.
    return type(error).__module__.partition(".")[0] == "psycopg"


# Part of the engine's own message -> exit status and what to tell.
_KNOWN: Final = (
    (
        ("locked", "busy"),
        BUSY,
        "Another desk is saving and did not finish in time. Try again.",
    ),
    (
        ("disk is full", "full"),
        DISK,
        "The disk that holds {path} is full. Free some space and try again.",
    ),
    (
        ("readonly", "read-only"),
        NO_PERMISSION,
        "{path}, or the folder that it is in, can only be read. Ask for the right to write there.",
    ),
    (
        ("unable to open",),
        CANNOT_OPEN,
        "{path} cannot be opened. Check that the file and its folder are there and may be read and written.",
    ),
    (
        ("not a database",),
        BAD_INPUT,
        "{path} is not a giftdesk database. Check the path, or restore a backup.",
    ),
    (
        ("malformed", "corrupt", "decode"),
        BAD_INPUT,
        "{path} is damaged. Stop working with it and restore a backup.",
    ),
    (
        ("no such table", "no such column"),
        BAD_INPUT,
        "{path} is not the database of this giftdesk. Check the path.",
    ),
    (
        ("i/o error", "disk i/o"),
        DISK,
        "The disk that holds {path} failed to read or write; it may be full. Check it before going on.",
    ),
    (
        ("append-only",),
        SOFTWARE,
        "Something tried to rewrite history, which the database refused.",
    ),
)


def first_error(error: BaseException) -> BaseException:
    """The error at the bottom of a chain: the true cause, where later ones only tell of failed clean-up."""
    seen = {id(error)}
    while error.__context__ is not None and id(error.__context__) not in seen:
        if not isinstance(error.__context__, OSError | UnicodeError) and not is_of_the_store(error.__context__):
            break
        error = error.__context__
        seen.add(id(error))
    return error
