"""The part of the desk about a card's people: all cards of one of them, and their records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.rules.roles import Action
from tui.later import finding, holdings, sheets
from tui.screens.deciding import DecidingScreen
from tui.screens.dialogs import people_decisions

if TYPE_CHECKING:
    from models.finding import Found
    from models.holdings import Holdings, PersonLine
    from models.records import Person
    from models.sheets import CardSheet
    from tui.widgets.asking import Typed

_NOBODY = "Nobody is on file: register the card to a person first."


class PeopleScreen(DecidingScreen, is_part=True):
    """A screen on which the people of the open card can be looked at and put right."""

    _came_from: tuple[Found | None, int] | None = None
    """What was listed, and the card that was open, before one person's cards were listed."""

    async def list_cards(self) -> None:
        """List all cards of the card's holder, or of another person on it."""
        await self._choose("Whose cards", "List", self._list)

    async def correct_person(self) -> None:
        """Correct the record of a person on the card."""
        await self._choose("Correct whom", "Choose", self._correct)

    async def merge_people(self) -> None:
        """Merge the record of a person on the card into another."""
        await self._choose("Merge whom into another record", "Choose", self._merge)

    async def remove_person(self) -> None:
        """Ask for the removal of a person's data, or confirm it."""
        await self._choose("Remove whose data", "Choose", self._remove)

    async def _choose(self, title: str, confirm: str, then: Callable[[CardSheet, Person], None]) -> None:
        """Go on with the one person on the card, or with the one of several who is chosen."""
        sheet = self.sheet
        assert sheet is not None
        people = {str(person.id): person for person, _ in people_decisions.people_on(sheet)}

        def take(typed: Typed) -> None:
            then(sheet, people[typed["choice"]])

        if not people:
            self.house.refuse(_NOBODY)
        elif len(people) == 1:
            then(sheet, next(iter(people.values())))
        else:
            await self.put(people_decisions.which_person(title, sheet, confirm), take)

    # All cards of one person

    def _list(self, sheet: CardSheet, person: Person) -> None:
        session, before = self.house.session, (self.found, sheet.card_id)

        def work() -> Holdings:
            return holdings.holdings(session.store, person.id)

        def take(held: Holdings) -> None:
            self._came_from = self._came_from or before
            self.found = finding.Found(self.finder.field.value, held.cards, sentence=held.heading)
            self.sheet = None
            self.finder.results.focus()

        self.house.ask("Looking", work, take)

    def take_list(self, found: Found) -> None:
        """From what a search brought no way leads back to a person's cards."""
        self._came_from = None
        super().take_list(found)

    def leaves_person(self) -> bool:
        """Go from one person's cards back to the card and the list from before; whether there was a way back."""
        if self._came_from is None:
            return False
        (self.found, card_id), self._came_from, session = self._came_from, None, self.house.session
        self.house.ask("Opening", lambda: sheets.card_sheet(session, card_id), self._open)
        return True

    # Records

    def _correct(self, sheet: CardSheet, person: Person) -> None:
        self.confirm(people_decisions.correct(sheet, person), Action.CORRECT_PERSON)

    def _merge(self, _sheet: CardSheet, person: Person) -> None:
        session, form = self.house.session, people_decisions.whom_to_merge_into(person)

        def look(typed: Typed) -> None:
            self.house.ask("Looking", lambda: holdings.people_found(session.store, typed["into"]), take)

        def take(found: tuple[PersonLine, ...]) -> None:
            others = {str(each.id): each for each in found if each.id != person.id}
            if not others:
                self.house.refuse("Nobody else is found by that: give a record number, an e-mail address or a name.")
                return
            form.close()
            if len(others) == 1:
                compare(next(iter(others)))
            else:
                self.put(people_decisions.which_record(tuple(others.values())), lambda typed: compare(typed["choice"]))

        def compare(kept_id: str) -> None:
            self.house.ask(
                "Looking",
                lambda: [holdings.holdings(session.store, id_) for id_ in (person.id, int(kept_id))],
                lambda both: self.confirm(people_decisions.merge(*both), Action.MERGE_PEOPLE),
            )

        self.stand(form, look)

    def _remove(self, sheet: CardSheet, person: Person) -> None:
        store = self.house.session.store
        self.house.ask(
            "Looking",
            lambda: holdings.removable(store, person.id),
            lambda wanted: self.confirm(people_decisions.remove(wanted, sheet.business), Action.REMOVE_PERSON),
        )
