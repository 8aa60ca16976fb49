"""Where and by whom alone a card may be spent: what a product and a restriction to a person say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.rules import wording
from models.rules.errors import BadText
from models.rules.texts import NAME, check_line, search_key

WEB, STORE = "web", "store"
CHANNELS: Final = (WEB, STORE)
"""Where cards are sold and spent: in the web shop, in stores."""
CHANNELS_IN_WORDS: Final = {WEB: "the web shop", STORE: "stores"}
MOST_PLACES: Final = 50
"""To how many places a product can be restricted."""
SPOILED: Final = (
    "Who may spend the card was changed with another tool: giftdesk verify names it, and a supervisor says it anew."
)
_MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Where and by whom alone a card may be spent; what is empty limits nothing."""

    places: tuple[str, ...] = ()
    """Places, as they are written; case and accents are left aside when they are compared."""
    channels: tuple[str, ...] = ()
    is_personal: bool = False
    """Whether one person alone may spend it."""
    emails: frozenset[str] = frozenset()
    """The addresses of that person, as they are compared; none once their data were removed."""
    person: str | None = None
    """That person's name and e-mail address."""
    is_spoiled: bool = False
    """Whether who may spend it was changed with another tool."""

    @property
    def where(self) -> str | None:
        """Where alone it can be spent: 'in stores, at Leeds or York'; None: everywhere."""
        return where_only(self.places, self.channels)

    def are_kept_by(self, other: "Limits") -> bool:
        """Whether whatever another card's limits let through these do, too."""
        places, others = ({search_key(place) for place in each.places} for each in (self, other))
        is_same_place = not places or bool(others and others <= places)
        channels = set(self.channels)
        is_same_channel = not channels or bool(other.channels and set(other.channels) <= channels)
        return is_same_place and is_same_channel

    def are_of_one_person(self, other: "Limits") -> bool:
        """Whether both let the same person spend, and nobody else."""
        return self.is_personal and other.is_personal and self.emails == other.emails


UNLIMITED: Final = Limits()


def any_of(names: Sequence[str]) -> str:
    """Names as a sentence lists them: Leeds, York or Hull; of very many the first."""
    shown = [wording.shortened(name) for name in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        return f"{', '.join(shown)} or {wording.plural(len(names) - _MOST_NAMED, 'other place')}"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def where_only(places: Sequence[str], channels: Sequence[str]) -> str | None:
    """Where alone something can be spent: 'in stores, at Leeds or York'; None: everywhere."""
    parts = [f"in {any_of([CHANNELS_IN_WORDS[each] for each in channels])}"] if channels else []
    parts += [f"at {any_of(places)}"] if places else []
    return ", ".join(parts) or None


def checked_places(places: Sequence[str]) -> list[str]:
    """Places as a product keeps them, each once however it is spelled. Raises BadText."""
    kept: dict[str, str] = {}
    for place in places:
        checked = check_line(place, "place", NAME)
        kept.setdefault(search_key(checked), checked)
    if len(kept) > MOST_PLACES:
        raise BadText(f"A product is restricted to {MOST_PLACES} places at most; {len(kept)} are named.")
    return list(kept.values())
