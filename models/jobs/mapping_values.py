"""The values of a mapping file, taken one by one: what is not known there is refused with the name of its key."""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from models.errors import Fault
from models.exits import BAD_INPUT, CANNOT_OPEN
from models.jobs.headers import Column
from models.rules.errors import RuleError
from models.rules.money import check_currency
from models.rules.texts import NAME, check_line
from models.rules.validity import BusinessTime

_LARGEST: Final = 100_000


def read_toml(name: str, shipped: Mapping[str, Path]) -> tuple[str, dict[str, Any]]:
    """The text of a mapping, and what it says, by the name of one that comes with giftdesk or by a path. Raises
    Fault."""
    path = shipped.get(name) or Path(name)
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1).decode("utf-8")
        if len(text) > _LARGEST:
            raise Fault(f"The mapping {name} is too long. Nothing was changed.", BAD_INPUT)
        return text, tomllib.loads(text)
    except OSError:
        known = ", ".join(sorted(shipped))
        raise Fault(
            f"There is no mapping {name}: name a file, or one of {known}. Nothing was changed.", CANNOT_OPEN
        ) from None
    except (ValueError, RecursionError) as error:  # besides what is no TOML, a number that is too long
        raise Fault(f"The mapping {name} is no TOML: {error}. Nothing was changed.", BAD_INPUT) from None


class Values:
    """What a mapping says, key by key; each is taken once, so that what is left is unknown."""

    def __init__(self, name: str, told: dict[str, Any], above: str = "") -> None:
        """Take from these values of a mapping; above is how keys are called that stand in a table of it."""
        self._name = name
        self._told = told
        self._above = above

    def wrong(self, what: str) -> Fault:
        """What there is to say of a mapping with which something is wrong."""
        return Fault(f"The mapping {self._name} cannot be used: {what}. Nothing was changed.", BAD_INPUT)

    def end(self) -> None:
        """Refuse what was not taken."""
        if self._told:
            raise self.wrong(f"there is nothing called {self._above + next(iter(self._told))!r}")

    def choices(self, allowed: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        """The values of those keys that are there, each one of some words."""
        return {key: self._choice(key, words) for key, words in allowed.items() if key in self._told}

    def _choice(self, key: str, allowed: tuple[str, ...]) -> Any:
        value = self._told.pop(key)
        if value not in allowed:
            raise self.wrong(f"{self._above}{key} must be one of {', '.join(allowed)}")
        return value

    def text(self, key: str) -> str | None:
        """One line of text, or None."""
        value = self._told.pop(key, None)
        return None if value is None else self.line(f"{self._above}{key}", value)

    def line(self, key: str, value: Any, longest: int = NAME) -> str:
        """A value that must be one line of text."""
        try:
            return check_line(value if isinstance(value, str) else "", key, longest)
        except RuleError as wrong:
            raise self.wrong(f"{key}: {wrong}".rstrip(".")) from None

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number, or None."""
        value = self._told.pop(key, None)
        if value is not None and (not isinstance(value, int) or not least <= value <= most):
            raise self.wrong(f"{self._above}{key} must be a whole number between {least} and {most}")
        return value

    def is_true(self, key: str) -> bool:
        """Whether a key is there and true."""
        return self._told.pop(key, False) is True

    def table(self, key: str) -> Any:
        """Whatever stands under a key, to be looked at by others; None when nothing does."""
        return self._told.pop(key, None)

    def zone(self) -> str:
        """A time zone by its name, or the word for that of the business."""
        zone = self._told.pop("zone", "business")
        if zone != "business":
            try:
                BusinessTime(zone)
            except (RuleError, TypeError, AttributeError):
                raise self.wrong("zone must be 'business', 'UTC' or a name like Europe/Berlin") from None
        return str(zone)

    def currency(self) -> str | None:
        """A currency, or None."""
        value = self.text("currency")
        try:
            return None if value is None else check_currency(value)
        except RuleError as wrong:
            raise self.wrong(str(wrong).rstrip(".")) from None

    def columns(self, targets: Collection[str], needed: Collection[str]) -> dict[str, Column]:
        """What each column is called, by what is made of it; those needed must be there."""
        told = self._told.pop("columns", None)
        if not isinstance(told, dict):
            raise self.wrong(f"there is no table called {self._above}columns")
        unknown = next((target for target in told if target not in targets), None)
        if unknown is not None:
            raise self.wrong(f"nothing is made of a column called {unknown!r}; these are: {', '.join(targets)}")
        for target in needed:
            if target not in told:
                raise self.wrong(f"{self._above}columns.{target} is missing")
        return {target: self._column(target, value, is_optional=target not in needed) for target, value in told.items()}

    def _column(self, target: str, told: Any, *, is_optional: bool) -> Column:
        """A header, several that it may be, or a table with names, prefix, position and optional."""
        facts = told if isinstance(told, dict) else {"names": told}
        names, position = facts.get("names", []), facts.get("position")
        names = [names] if isinstance(names, str) else names
        are_right = (
            isinstance(names, list)
            and all(isinstance(name, str) for name in names)
            and facts.keys() <= {"names", "prefix", "position", "optional"}
            and (position is None or (isinstance(position, int) and 1 <= position <= 1_000))
            and (names or position)
        )
        if not are_right:
            raise self.wrong(f"{self._above}columns.{target} is a header, or has names, prefix, position, optional")
        return Column(tuple(names), facts.get("prefix") is True, facts.get("optional", is_optional) is True, position)

    def words(self, told: Any, what: str) -> frozenset[str]:
        """A list of texts, case folded."""
        if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
            raise self.wrong(f"{what} is a list of texts")
        return frozenset(word.casefold() for word in told)
