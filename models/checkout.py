"""The checkout simulator: would a purchase go through with a card, now or at another time, and what refuses it."""

from dataclasses import replace
from datetime import datetime

from models.errors import Mendable, faults
from models.journals import ALL, NEWEST
from models.products import spending_from_json
from models.records import Record, read_people, read_record
from models.replaying import as_of
from models.restrictions import Restricted, subject_of, told_at
from models.rules.checkout import Checkout, Purchase, judge
from models.rules.limits import CHANNELS, Limits
from models.rules.money import check_currency
from models.rules.texts import NAME, optional_email, optional_line
from models.store import Store
from models.unit import Session


def simulate(
    session: Session,
    card_id: int,
    *,
    amount_minor: int | None = None,
    typed: str | None = None,
    currency: str | None = None,
    at: datetime | None = None,
    place: str | None = None,
    channel: str | None = None,
    email: str | None = None,
) -> Checkout:
    """Whether a purchase would go through, with every rule that refuses it; changes nothing.

    The amount is in minor units, or as it was typed; without one it is all that the card can pay. At is an instant
    (UTC): the card, what its product says and to whom it is restricted are taken as they were then, or will be if
    nothing happens; None is the present. Raises RuleError for what can't be meant, Refused for a card that is not
    there, or was not yet.
    """
    wished = None if currency is None else check_currency(currency)
    where, how, who = purchase_given(place, channel, email)
    store = session.store
    with faults(store.path), store.database.reading():
        record, now = read_record(store, card_id, NEWEST if at is None else ALL), store.now()
        if at is not None:
            record = as_of(record, at, store.business)
        limits = record.limits() if at is None or at >= now else _limits_at(store, record, at)
        card = replace(record.facts(), limits=limits)
    purchase = Purchase(amount_minor, wished or record.card.currency, at or now, where, how, who, typed)
    return judge(card, purchase, store.business)


def purchase_given(
    place: str | None, channel: str | None, email: str | None
) -> tuple[str | None, str | None, str | None]:
    """Where, in which channel and by whom something is paid, checked; blanks are None. Raises BadText, Mendable."""
    how = channel.strip().lower() if channel and channel.strip() else None
    if how is not None and how not in CHANNELS:
        raise Mendable("A channel is web or store.")
    return (
        optional_line(place, "place", NAME),
        how,
        optional_email(email),
    )


def _limits_at(store: Store, record: Record, at: datetime) -> Limits:
    """Where and by whom alone the card could be spent at an instant (UTC) that is past."""
    restricted = told_at(subject_of(record.card.id), at) or {}
    product = told_at(f"product:{record.card.state.product_id}", at) or {}
    person_id = restricted.get("person")
    then = replace(
        record,
        restricted=Restricted(person_id),
        people=read_people(store, [] if person_id is None else [person_id]),
    )
    places, channels = spending_from_json(product.get("spend_places"), product.get("spend_channels"))
    return replace(then.limits(), places=places, channels=channels)
