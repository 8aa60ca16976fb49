"""Answering at the screen: recorded first and copied then, chosen among all, mailed, or only read."""

from pathlib import Path

import pytest
from screens.conftest import SitDown

from models import database
from models import desk as actions
from models.cases import case_in_hand, case_sheet
from models.replying import replies_for, reply_to_unknown
from models.rules.policy import CaseRequired
from models.rules.templates import Texts

ACTIVE = "Active: confirm"
VIP = "Expired this morning, VIP"
LATE = "Expired 35 hours ago"


async def test_what_is_copied_is_what_the_case_keeps(sit_down: SitDown) -> None:
    """One key: the text stands on the screen, in the clipboard, in the journal and in the case."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("y")
        desk.sees("Reply ──", "it is active, with 30.01 GBP", "Sent to your terminal's clipboard.")
        case = case_in_hand(desk.app.session, desk.card_id)
        assert case is not None
        texts = [line.text for line in case_sheet(desk.app.session, case.id).lines]
        assert desk.app.clipboard in texts
        await desk.presses("escape", "a")
        desk.sees(f"replied Sam: active, case {case.id}")


async def test_the_same_words_are_copied_again_and_recorded_once(sit_down: SitDown) -> None:
    """Another program has taken the clipboard meanwhile."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("y")
        first, version = desk.app.clipboard, desk.sheet.version
        desk.app.copy_to_clipboard("something else")
        await desk.presses("y")
        assert (desk.app.clipboard, desk.sheet.version) == (first, version)


async def test_what_can_not_be_recorded_is_not_copied(sit_down: SitDown) -> None:
    """The desk wants an intake first: a sentence, and an empty clipboard."""
    async with sit_down() as desk:
        assert actions.set_policy(desk.colleague("mia"), case_required=CaseRequired.ALWAYS).done
        await desk.opens(ACTIVE)
        await desk.presses("y")
        desk.sees("Before a customer is answered, ask for")
        desk.does_not_see("Reply ──")
        assert desk.app.clipboard == ""
        assert desk.beeps == 1


async def test_a_store_that_takes_nothing_lets_nothing_be_copied(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds the file's lock for longer than anybody waits."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        assert isinstance(desk.store.path, Path)
        job = database.FileDatabase(desk.store.path)
        with job.connected():
            job.begin("IMMEDIATE")  # type: ignore[call-arg]
            await desk.presses("y")
            job.rollback()
        assert desk.app.clipboard == ""
        assert desk.beeps == 1
        desk.does_not_see("Reply ──")
        await desk.presses("y")
        assert "30.01 GBP" in desk.app.clipboard


async def test_who_may_not_answer_reads(sit_down: SitDown) -> None:
    """An auditor sees the reply and all others; nothing is copied, nothing is recorded."""
    async with sit_down(login="ivy") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("y")
        desk.sees("it is active, with 30.01 GBP", "You may read replies, not give them: nothing was copied.")
        await desk.presses("Y")
        desk.sees("Replies in English", "it is active, with 30.01 GBP")
        await desk.presses("enter")
        desk.sees("may not answer customers")
        assert desk.app.clipboard == ""
        assert "replied" not in [line.kind for line in desk.sheet.activities]


async def test_a_code_that_no_card_answers_to_has_a_reply_too(sit_down: SitDown) -> None:
    """Keys go into the search field then: it is chosen among the actions, read, and copied."""
    async with sit_down() as desk:
        await desk.types("nobody\r")
        await desk.presses("ctrl+p")
        await desk.types("reply")
        desk.sees("Not now: No card is open: find one first.")
        await desk.presses("escape")
        await desk.types(f"{desk.code_of('No such card')}\r")
        await desk.presses("ctrl+p")
        await desk.types("reply\r")
        desk.sees("Reply ──", "there is none with the code that you gave us", "Sent to your terminal's clipboard.")
        assert desk.app.clipboard == reply_to_unknown(desk.app.session).text
        await desk.presses("enter")
        desk.does_not_see("Reply ──", "clipboard")


async def test_one_of_all_replies_is_chosen_and_what_is_untrue_says_why(sit_down: SitDown) -> None:
    """The one to give comes first; those that are not true stay where they are, dimmed, and can't be taken."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("Y")
        desk.sees("active, with its balance", "expired for good", "Nothing on the card expired for good.")
        await desk.presses("end", "enter")
        desk.sees("The card can be spent.")
        assert desk.beeps == 1
        assert desk.app.clipboard == ""
        await desk.presses("home", "enter")
        desk.sees("Reply ──", "Sent to your terminal's clipboard.")
        assert "30.01 GBP" in desk.app.clipboard


async def test_the_way_back_is_open_from_a_reply_that_is_not_true(sit_down: SitDown) -> None:
    """The cursor stands on a dimmed line: help opens, Esc leads back to the card, and nothing is refused."""
    async with sit_down() as desk:
        await desk.opens(LATE)
        await desk.presses("Y", "end")
        desk.sees("Not true ──")
        await desk.presses("f1")
        desk.sees("Hand the card over to Payments Support")
        await desk.presses("escape", "escape")
        desk.sees("Verdict ──")
        assert desk.beeps == 0


async def test_the_customers_language_is_one_key_and_is_kept_to(sit_down: SitDown) -> None:
    """Chosen once in a conversation, it is the one in which y answers."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.types("YLy")
        assert "30,01 GBP" in desk.app.clipboard
        assert desk.sheet.activities[0].details["language"] == "de"
        version = desk.sheet.version
        await desk.presses("y")
        assert "30,01 GBP" in desk.app.clipboard
        assert desk.sheet.version == version


async def test_a_reply_is_mailed_to_whom_the_dialog_names(sit_down: SitDown) -> None:
    """Nothing goes before it is confirmed; then it goes right away, and the journal says how."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("Y", "m")
        desk.sees("Send to", "Subject: Your gift card", "Enter Send")
        await desk.presses("escape")
        assert "replied" not in [line.kind for line in desk.sheet.activities]
        await desk.presses("m", "enter")
        desk.sees("Reply ──", "The e-mail was sent.")
        assert desk.sheet.activities[0].details["by"] == "mail"
        assert desk.app.clipboard == ""


async def test_what_changed_while_it_was_read_is_not_said(sit_down: SitDown) -> None:
    """A colleague spends from the card: the reply is refused, and the list says what is true then."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("Y")
        assert actions.redeem(desk.colleague("pat"), desk.card_id, 1001).done
        await desk.presses("enter")
        desk.sees("The card is not any more as the reply says. Read it again; nothing was said.", "with 20.00 GBP")
        await desk.presses("enter")
        assert "20.00 GBP" in desk.app.clipboard


async def test_a_card_without_an_address_is_answered_by_copy_only(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens("Spent to the last penny")
        await desk.presses("Y", "m")
        to = "Send to" if desk.sheet.holder is not None and desk.sheet.holder.email else "Nobody with an e-mail address"
        desk.sees(to)


async def test_words_that_somebody_smuggled_in_stay_words(sit_down: SitDown) -> None:
    """A place as long as a letter, with marks of templates and of terminals: it is read, and nothing else."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        amount = desk.sheet.balance_minor
        assert actions.redeem(desk.colleague("pat"), desk.card_id, amount, place="Le[[ {{amount}} ]]eds<b>").done
        await desk.presses("y")
        assert "at Le[[ ((amount)) ]]eds<b>." in desk.app.clipboard
        desk.sees("Le[[ ((amount)) ]]eds<b>")


async def test_a_manager_writes_a_reply_in_other_words(sit_down: SitDown) -> None:
    """F8, the texts, those of the reply: previewed for the card, saved, and said from then on."""
    async with sit_down(login="mia") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("f8")
        await desk.types("e\x0f")
        desk.sees("active_again:de", "active again")
        names = ["reminder", *(each.name for each in replies_for(desk.app.session, desk.card_id))]
        assert "active" in names
        while "▸active " not in desk.screen_text():
            await desk.presses("down")
        await desk.presses("enter")
        desk.sees("reply active > texts")
        await desk.types("Hello. ")
        await desk.presses("f4")
        desk.sees("Hello. Thank you for getting in touch.")
        await desk.types("\x13")
        desk.sees("Version 1 of the reply active is in force.")
        await desk.presses("escape", "escape", "y")
        assert desk.app.clipboard.startswith("Hello. ")
        assert desk.sheet.activities[0].details["version"] == 1


async def test_a_promise_outside_of_a_part_can_not_be_saved(sit_down: SitDown) -> None:
    """Not every card has a last day: the sentence beside the text says what to do."""
    async with sit_down() as desk:
        refused = actions.set_template(desk.colleague("mia"), "active", Texts("Card", "Until {{last_day}}."))
        assert "put what is said of it between [[ and ]]" in refused.sentence
