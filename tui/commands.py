"""What can be done on the screens. Each command is declared here once: its key, its place in the key bar,
the palette, the help page, the README and `giftdesk keys` all come from this table."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from models.rules.roles import Action
from tui.key_names import shown_key


class Group(StrEnum):
    """Where a command belongs, as the help page heads it."""

    CARD = "With a card open"
    DESK = "On the desk"
    EVERYWHERE = "Everywhere"
    ANYWHERE = "Everywhere, in dialogs, too"
    PRODUCTS = "In the list of products"
    PRODUCT = "While a product is edited"
    REPLIES = "Among the replies"
    LETTERS = "Among the reminder e-mails"
    LETTER_TEXTS = "While the texts of e-mails are edited"
    LETTER_PREVIEW = "In the preview of an e-mail"
    CASES = "Among the cases"
    WATCH = "On the watch"
    BULKS = "Among the bulk work"
    BULK = "In a preview of bulk work"
    REPORTS = "Among the reports"
    REPORT = "In a report"
    LISTS = "In lists and histories"
    DIALOGS = "In a dialog"
    FIELDS = "In fields for longer texts"


_ON_EVERY_PAGE: Final = frozenset({Group.EVERYWHERE, Group.LISTS})

_WITH_ANYTHING: Final = frozenset({Group.ANYWHERE, Group.FIELDS})

_ON_THE_DESK: Final = frozenset({Group.CARD, Group.DESK})

_BY_NAME: Final = frozenset({*_ON_THE_DESK, Group.EVERYWHERE, Group.ANYWHERE})
"""What can be done on the desk by typing its name."""


def meet(one: Group, other: Group) -> bool:
    """Whether commands of two groups can wait for keys in one place: dialogs and pages are each one for themselves."""
    if one in _WITH_ANYTHING or other in _WITH_ANYTHING or {one, other} <= _ON_THE_DESK:
        return True
    if Group.DIALOGS in (one, other):
        return one is other
    return one is other or one in _ON_EVERY_PAGE or other in _ON_EVERY_PAGE


class Command(NamedTuple):
    """One thing that a key does."""

    id: str
    """Its name for key maps and tests."""
    keys: str
    """The keys, comma separated, as Textual spells them; the first is the one that is shown. Empty: it has none."""
    title: str
    """An imperative, short enough for the key bar."""
    help: str
    """One sentence: what it does for the agent."""
    group: Group
    action: Action | None = None
    """The action of the rules that must be allowed now; None for what only shows."""
    is_on_bar: bool = False
    also: tuple[str, ...] = ()
    """What else is typed for it by name: with it a part of what it opens, such as one of the reports."""

    @property
    def key(self) -> str:
        """The key that is shown; of what has none, what is typed for it."""
        if self.keys:
            return shown_key(self.keys.split(",")[0])
        return f":{self.title.lower()}" if self.group in _BY_NAME else "no key"

    @property
    def all_keys(self) -> str:
        """Every key, as people write them."""
        return ", ".join(shown_key(key) for key in self.keys.split(",")) if self.keys else self.key


COMMANDS: Final = (
    Command(
        "card.reactivate",
        "r",
        "Reactivate",
        "Give back what expired or lift the suspension, as the policy allows.",
        Group.CARD,
        Action.REACTIVATE,
        is_on_bar=True,
    ),
    Command(
        "card.note", "n", "Note", "Write a note that stays with the card.", Group.CARD, Action.NOTE, is_on_bar=True
    ),
    Command(
        "card.escalate",
        "e",
        "Escalate",
        "Hand the card over to Payments Support, with a packet of text.",
        Group.CARD,
        Action.ESCALATE,
        is_on_bar=True,
    ),
    Command(
        "card.escalation",
        "E",
        "Escalation",
        "Show what was handed over and the answer; Payments Support takes it, takes it over, answers it.",
        Group.CARD,
    ),
    Command(
        "card.reply",
        "y",
        "Reply",
        "Answer with the reply that is true now: it is kept with the case and copied to the clipboard.",
        Group.CARD,
        is_on_bar=True,
    ),
    Command(
        "card.case",
        "c",
        "Case",
        "Ask what the customer sees; everything known of them stands there already.",
        Group.CARD,
        is_on_bar=True,
    ),
    Command(
        "card.case_line",
        "z",
        "Time line",
        "Show the case's time line in place of the history: what was asked, done and told, and by whom.",
        Group.CARD,
    ),
    Command(
        "card.replies",
        "Y",
        "Replies",
        "Choose among all replies, in any language, to copy or to mail; each that is not true says why.",
        Group.CARD,
    ),
    Command(
        "card.customer",
        "v",
        "Customer's view",
        "Show what the customer may be told of the balance, and copy it; and when they are reminded.",
        Group.CARD,
    ),
    Command(
        "card.suspend",
        "s",
        "Suspend",
        "Put the card on hold, with a reason.",
        Group.CARD,
        Action.SUSPEND,
    ),
    Command("card.lift", "u", "Lift", "Lift the suspension and change nothing else.", Group.CARD, Action.LIFT),
    Command(
        "card.flag",
        "f",
        "Flag",
        "Raise a flag that others must read first.",
        Group.CARD,
        Action.RAISE_FLAG,
        is_on_bar=True,
    ),
    Command("card.clear_flag", "x", "Clear flag", "Clear an open flag, with a reason.", Group.CARD, Action.CLEAR_FLAG),
    Command(
        "card.register",
        "g",
        "Register",
        "Register the card to a person, who becomes its holder.",
        Group.CARD,
        Action.REGISTER,
    ),
    Command(
        "card.transfer",
        "m",
        "Transfer",
        "Move the balance, or a part of it, to another card.",
        Group.CARD,
        Action.TRANSFER,
    ),
    Command(
        "card.replace",
        "L",
        "Replace",
        "Make a card in the place of one whose code was lost; its code is shown once.",
        Group.CARD,
        Action.REPLACE,
    ),
    Command("card.other", "o", "Other card", "Open the card that money was moved to, or came from, last.", Group.CARD),
    Command("card.extend", "d", "Extend", "Set a later last day, before the cut-off.", Group.CARD, Action.EXTEND),
    Command(
        "card.adjust",
        "b",
        "Adjust",
        "Correct the balance, for an escalation (Payments Support).",
        Group.CARD,
        Action.ADJUST,
    ),
    Command(
        "card.cancel",
        "C",
        "Cancel",
        "Cancel the card for good; its balance goes back to the payer.",
        Group.CARD,
        Action.CANCEL,
    ),
    Command("card.history", "a", "All", "Switch between the money history and all activities.", Group.CARD),
    Command(
        "card.why",
        "w",
        "Why zero",
        "Say which activity emptied the card, and what the customer can be told.",
        Group.CARD,
    ),
    Command(
        "card.checkout",
        "S",
        "Try a purchase",
        "Say whether a purchase would go through, and every rule that refuses it.",
        Group.CARD,
    ),
    Command(
        "card.restrict",
        "P",
        "Restrict",
        "Let one person alone spend the card, or anybody again.",
        Group.CARD,
        Action.RESTRICT,
    ),
    Command(
        "card.approve",
        "A",
        "Approve",
        "Approve or refuse what a colleague asked for, or take back what you asked for.",
        Group.CARD,
    ),
    Command(
        "card.settle",
        "R",
        "Settle",
        "Decide about a reminder of which nobody knows what became of it, or that can't be sent.",
        Group.CARD,
    ),
    Command(
        "card.repeat",
        "full_stop",
        "Repeat",
        "Open the last dialog again, for this card, with what was typed in it: note, flag, reason, purchase, time.",
        Group.CARD,
    ),
    Command("card.at", "t", "At a time", "Show the card as it was, or will be, at a date and time.", Group.CARD),
    Command("card.people", "p", "Person", "List all cards of the holder, or of another person.", Group.CARD),
    Command(
        "card.correct",
        "i",
        "Correct",
        "Correct a person's name or e-mail address; all their cards show it.",
        Group.CARD,
        Action.CORRECT_PERSON,
    ),
    Command(
        "card.merge",
        "M",
        "Merge",
        "Merge a second record of a person into the one that is kept.",
        Group.CARD,
        Action.MERGE_PEOPLE,
    ),
    Command(
        "card.remove",
        "D",
        "Remove data",
        "Ask for the removal of a person's data, or confirm what a colleague asked for.",
        Group.CARD,
        Action.REMOVE_PERSON,
    ),
    Command(
        "products.new", "n", "New", "Make a product to be sold.", Group.PRODUCTS, Action.SET_PRODUCT, is_on_bar=True
    ),
    Command(
        "products.retire",
        "x",
        "Retire",
        "Sell no more cards of a product, or bring a retired one back.",
        Group.PRODUCTS,
        Action.SET_PRODUCT,
        is_on_bar=True,
    ),
    Command(
        "product.save",
        "ctrl+s",
        "Save",
        "Say what would change, and save it once that is confirmed; Enter in a field does the same.",
        Group.PRODUCT,
        Action.SET_PRODUCT,
        is_on_bar=True,
    ),
    Command(
        "replies.copy",
        "y",
        "Copy",
        "Answer with this reply: it is kept with the case and copied; Enter does the same.",
        Group.REPLIES,
        Action.REPLY,
        is_on_bar=True,
    ),
    Command(
        "replies.mail",
        "m",
        "Mail",
        "Send this reply to the customer as an e-mail.",
        Group.REPLIES,
        Action.REPLY,
        is_on_bar=True,
    ),
    Command(
        "replies.language", "L", "Language", "Show the replies in the next language.", Group.REPLIES, is_on_bar=True
    ),
    Command(
        "letters.texts",
        "e",
        "Texts",
        "Show the texts of the e-mails, for editing and for a preview.",
        Group.LETTERS,
        is_on_bar=True,
    ),
    Command("letters.more", "m", "More days", "Show seven days more.", Group.LETTERS, is_on_bar=True),
    Command(
        "letters.next",
        "n",
        "Next part",
        "To the next day, or to those that cannot be reminded or wait.",
        Group.LETTERS,
        is_on_bar=True,
    ),
    Command("letters.previous", "p", "Part before", "To the day before, or up to the days.", Group.LETTERS),
    Command(
        "texts.preview",
        "f4",
        "Preview",
        "Show the e-mail as it would go, filled for a real card.",
        Group.LETTER_TEXTS,
        is_on_bar=True,
    ),
    Command(
        "texts.save",
        "ctrl+s",
        "Save",
        "Save the texts as they were previewed; reminders say them from then on.",
        Group.LETTER_TEXTS,
        Action.SET_TEMPLATE,
        is_on_bar=True,
    ),
    Command(
        "texts.fields",
        "ctrl+t",
        "Fields",
        "List the fields that a text may name, and put one into it.",
        Group.LETTER_TEXTS,
        is_on_bar=True,
    ),
    Command(
        "texts.other",
        "ctrl+o",
        "Other texts",
        "List all texts, those of the replies in every language, and go on with others.",
        Group.LETTER_TEXTS,
        is_on_bar=True,
    ),
    Command(
        "preview.card", "c", "Other card", "Show the e-mail for another card.", Group.LETTER_PREVIEW, is_on_bar=True
    ),
    Command(
        "preview.browser",
        "b",
        "Browser",
        "Show the HTML in a browser, or say in which file it lies.",
        Group.LETTER_PREVIEW,
        is_on_bar=True,
    ),
    Command(
        "preview.test",
        "t",
        "Test mail",
        "Send this e-mail to yourself, as a test.",
        Group.LETTER_PREVIEW,
        is_on_bar=True,
    ),
    Command(
        "preview.save",
        "ctrl+s",
        "Save",
        "Save the texts as they are seen here.",
        Group.LETTER_PREVIEW,
        Action.SET_TEMPLATE,
        is_on_bar=True,
    ),
    Command("cases.next", "n", "Next part", "To the next list of cases.", Group.CASES, is_on_bar=True),
    Command("cases.previous", "p", "Part before", "To the list of cases before.", Group.CASES),
    Command(
        "cases.close",
        "x",
        "Close",
        "Close a case with an outcome, when it does not end by itself.",
        Group.CASES,
        Action.HANDLE_CASE,
        is_on_bar=True,
    ),
    Command(
        "cases.reopen",
        "o",
        "Take up",
        "Open a closed case again, or take over a colleague's open one.",
        Group.CASES,
        Action.HANDLE_CASE,
        is_on_bar=True,
    ),
    Command(
        "watch.lift",
        "u",
        "Lift",
        "Let a colleague look for codes again who looked for too many that no card answers to.",
        Group.WATCH,
        Action.LIFT_LOOKUPS,
        is_on_bar=True,
    ),
    Command("bulks.new", "n", "New", "Preview work on many cards.", Group.BULKS, Action.BULK, is_on_bar=True),
    Command(
        "bulks.decide",
        "A",
        "Approve",
        "Approve or refuse what a colleague asked for, or take back what you asked for.",
        Group.BULKS,
        is_on_bar=True,
    ),
    Command(
        "bulks.resume",
        "g",
        "Go on",
        "Go on with work that was stopped.",
        Group.BULKS,
        Action.BULK,
        is_on_bar=True,
    ),
    Command(
        "bulks.undo",
        "x",
        "Undo",
        "Preview the undoing of work, of what is still as it was left.",
        Group.BULKS,
        Action.BULK,
        is_on_bar=True,
    ),
    Command(
        "bulk.begin",
        "b",
        "Begin",
        "Do what the preview says, once that is confirmed; Esc stops it between two cards.",
        Group.BULK,
        Action.BULK,
        is_on_bar=True,
    ),
    Command("reports.at", "t", "Time", "Make the report for another time or product.", Group.REPORTS, is_on_bar=True),
    Command(
        "report.plot",
        "p",
        "Plot",
        "Show the plot in place of the table, and back; on a wide screen both stand beside each other.",
        Group.REPORT,
        is_on_bar=True,
    ),
    Command("report.next", "n", "Next plot", "Show the plot of the next currency or kind.", Group.REPORT),
    Command(
        "report.at",
        "t",
        "Time",
        "Make the report for another time or product.",
        Group.REPORT,
        is_on_bar=True,
    ),
    Command("report.figure", "f", "Figure", "List the cards behind one figure of the line.", Group.REPORT),
    Command(
        "report.how",
        "w",
        "How",
        "Say in full how the report is counted.",
        Group.REPORT,
        is_on_bar=True,
    ),
    Command(
        "report.csv",
        "c",
        "CSV",
        "Write the report into a file that only you may read, for a spreadsheet.",
        Group.REPORT,
        is_on_bar=True,
    ),
    Command(
        "list.open", "enter,l,right", "Open", "Open the card or the product, or show the whole activity.", Group.LISTS
    ),
    Command("list.back", "h,left", "Back", "One step back, out of the list.", Group.LISTS),
    Command("list.down", "down,j", "Down", "One line down.", Group.LISTS),
    Command("list.up", "up,k", "Up", "One line up.", Group.LISTS),
    Command("list.half_down", "ctrl+d", "Half down", "Half a page down.", Group.LISTS),
    Command("list.half_up", "ctrl+u", "Half up", "Half a page up.", Group.LISTS),
    Command("list.page_down", "pagedown,ctrl+f", "Page down", "One page down.", Group.LISTS),
    Command("list.page_up", "pageup,ctrl+b", "Page up", "One page up.", Group.LISTS),
    Command("list.first", "home,less_than_sign", "First", "To the first line.", Group.LISTS),
    Command("list.last", "end,G,greater_than_sign", "Last", "To the last line.", Group.LISTS),
    Command("desk.find", "slash,f2", "Find", "Go to the search field.", Group.EVERYWHERE),
    Command(
        "desk.command",
        "colon",
        "Command",
        "Type the name of a command, or its beginning, in place of a search; Enter does it.",
        Group.EVERYWHERE,
    ),
    Command(
        "desk.back", "escape,f3", "Back", "One step back: out of a dialog, a reply, a card, a page.", Group.EVERYWHERE
    ),
    Command(
        "desk.last",
        "minus",
        "Last card",
        "Open the card that was open before; again, and the first one is back.",
        Group.EVERYWHERE,
    ),
    Command("desk.refresh", "f5", "Refresh", "Draw the screen and read again what it shows.", Group.EVERYWHERE),
    Command("desk.products", "f6", "Products", "List the products, and change what they say.", Group.EVERYWHERE),
    Command("desk.worklists", "f7", "Worklists", "List the cards that somebody should look at.", Group.EVERYWHERE),
    Command(
        "desk.letters",
        "f8",
        "Reminders",
        "Show which reminder e-mails go in the next days, and change their texts.",
        Group.EVERYWHERE,
    ),
    Command(
        "desk.cases",
        "f9",
        "Cases",
        "List the open cases and what was done today, and go on with one.",
        Group.EVERYWHERE,
    ),
    Command(
        "desk.watch",
        "f11",
        "Watch",
        "Show who reactivates too much, for themselves or for people of the desk, and who tries codes.",
        Group.EVERYWHERE,
        Action.WATCH,
    ),
    Command(
        "desk.reports",
        "ctrl+r",
        "Reports",
        "Make a report: liability, breakage, sales and others, with plots; each figure opens its cards.",
        Group.EVERYWHERE,
        also=(
            "report liability",
            "report roll-forward",
            "report breakage",
            "report sales",
            "report expiring",
            "report reactivations",
            "report reminders",
        ),
    ),
    Command(
        "desk.bulk",
        "ctrl+t",
        "Bulk",
        "Work on many cards at once: what was done so, and a preview of what would be; a search says which cards.",
        Group.DESK,
    ),
    Command("desk.help", "f1", "Help", "Show all keys, and in the demo the cards to try.", Group.EVERYWHERE),
    Command("desk.actions", "f10,ctrl+p", "Actions", "Search all commands by name.", Group.EVERYWHERE),
    Command("desk.quit", "ctrl+q", "Quit", "Leave giftdesk.", Group.EVERYWHERE),
    Command(
        "desk.jump",
        "apostrophe,ctrl+n",
        "Jump",
        "Show a letter on each place of the screen, and go to the one whose letter is typed.",
        Group.ANYWHERE,
    ),
    Command(
        "desk.agent",
        "f12",
        "Lock",
        "Lock the screen until your password is typed; in a sandbox, choose who works here.",
        Group.ANYWHERE,
    ),
    Command(
        "desk.suspend",
        "ctrl+z",
        "Sleep",
        "Give the terminal back to the shell; its command fg brings giftdesk back as it was.",
        Group.ANYWHERE,
    ),
    Command("dialog.confirm", "enter", "Confirm", "Do what the dialog says; a paste never does.", Group.DIALOGS),
    Command("dialog.cancel", "escape,f3", "Leave", "Leave everything as it was.", Group.DIALOGS),
    Command("dialog.down", "down", "Down", "To the next field.", Group.DIALOGS),
    Command("dialog.up", "up", "Up", "To the field before.", Group.DIALOGS),
    Command(
        "dialog.page_down",
        "pagedown",
        "Page down",
        "Show more of a dialog that is higher than the screen.",
        Group.DIALOGS,
    ),
    Command("dialog.page_up", "pageup", "Page up", "Show what stands above.", Group.DIALOGS),
    Command("choice.next", "right,space,l", "Next", "Choose the next of a few.", Group.DIALOGS),
    Command("choice.previous", "left,h", "Previous", "Choose the one before.", Group.DIALOGS),
    Command(
        "field.editor",
        "ctrl+g",
        "Editor",
        "Write the text in your own editor (VISUAL, EDITOR); when it ends, the text stands in the field.",
        Group.FIELDS,
    ),
)


def in_group(group: Group) -> Iterator[Command]:
    """The commands of a group, in their order."""
    return (command for command in COMMANDS if command.group is group)


def bindings(place: str, **actions: str) -> list[Any]:
    """Textual's bindings for the commands of a place: bindings("dialog", confirm="confirm", ...)."""
    from textual.binding import Binding

    return [
        Binding(each.keys, actions[each.id.removeprefix(f"{place}.")], each.title, id=each.id)
        for each in COMMANDS
        if each.id.startswith(f"{place}.")
    ]


def over_dialogs() -> list[Any]:
    """Textual's bindings of what can be done in front of a page as well, whatever stands there."""
    from textual.binding import Binding

    return [
        Binding(each.keys, f"app.{each.id.removeprefix('desk.')}", each.title, id=each.id, show=False)
        for each in (*in_group(Group.ANYWHERE), command("desk.refresh"))
    ]


def command(id_: str) -> Command:
    """The command of that name."""
    return next(each for each in COMMANDS if each.id == id_)


def markdown_table(commands: Sequence[Command] = COMMANDS) -> str:
    """The keys of some commands as the README shows those of all."""
    rows = ["| Key | Command | What it does |", "| --- | --- | --- |"]
    for group in Group:
        rows.append(f"| | **{group.value}** | |")
        # A key that is a bar would end the cell.
        told = ((each.all_keys.replace("|", "\\|"), each) for each in commands if each.group is group)
        rows += [f"| {keys} | {each.title} | {each.help} |" for keys, each in told]
    return "\n".join(rows)
