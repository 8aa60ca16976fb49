"""How a card, its verdict and its history read on a screen: pure functions from sheets to content."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from tui.command_line import Offered
from tui.later import hand_overs, money, telling, wording, worklists
from tui.later import status as statuses
from tui.pieces import joined, padded, piece
from tui.sizes import HIGH

if TYPE_CHECKING:
    from models.card_lines import CardLine
    from models.finding import Found
    from models.histories import ActivityLine, SpoiledLine
    from models.records import Person
    from models.rules.status import Status
    from models.rules.validity import BusinessTime
    from models.sheets import CardSheet
    from models.worklists import Counted

# Status -> sign and style. The word and the sign say it too, so that colour is never alone.
_STATUS: Final[dict[str, tuple[str, str]]] = {
    "active": ("●", "bold $text-success"),
    "inactive": ("○", "bold $text-warning"),
    "suspended": ("‖", "bold $text-warning"),
    "expired": ("✗", "bold $text-error"),
    "cancelled": ("⊘", "bold $text-error"),
}
_GOOD: Final = frozenset({"reinstate", "retry"})
_LABEL: Final = "$foreground 70%"
_LABEL_CELLS: Final = 9
_NAME_CELLS: Final = 49
_LEFT_CELLS: Final = 51
_WIDE_ENOUGH: Final = 60
_VIP: Final = " ★ VIP"
# A card's face: from so many cells on its facts stand side by side, on so many lines; where they stand beneath each
# other, they take more on a high screen.
_SIDE_BY_SIDE: Final = 78
_LINES: Final = 6
_LINES_BENEATH: Final = 3
_TIME_OF_DAY_FROM: Final = 66
_TITLE_CELLS: Final = 15
_KEYS_CELLS: Final = 11


def status(of: Status) -> Content:
    """A status as sign and word."""
    sign, style = _STATUS[of]
    return Content.styled(f"{sign} {of.value.upper()}", style)


def face_lines(width: int, screen_lines: int) -> int:
    """How many lines a card's face has: more where its facts stand beneath each other, and there is room for that."""
    return _LINES if width >= _SIDE_BY_SIDE or screen_lines < HIGH else _LINES + _LINES_BENEATH


def card_face(sheet: CardSheet, width: int, lines: int = _LINES) -> Content:
    """The lines that are always in the same place: who, how much, until when, flags and holds."""
    if width >= _SIDE_BY_SIDE:
        rows = [_columns(*each) for each in _facts(sheet)]
    else:
        (_, *left), (_, *right) = zip(*((left, right) for left, right, _ in _facts(sheet, _LABEL_CELLS)), strict=True)
        product, bought, rules, notes, sent_on = right
        half = width // 2
        beneath = [_columns(product, rules, half), _columns(bought, notes, half), sent_on]
        rows = [_name_and_holder(sheet, width), *left, *beneath]
    return joined(row.truncate(width, ellipsis=True) for row in rows[:lines])


def card_facts(sheet: CardSheet) -> str:
    """The same, each on a line of its own and nothing cut off."""
    return "\n".join(" ".join(fact.plain.split()) for left, right, _ in _facts(sheet) for fact in (left, right))


def _facts(sheet: CardSheet, cells: int = 8) -> tuple[tuple[Content, Content, int], ...]:
    """What stands side by side, and in how many cells the left one; the labels at the right take so many cells."""
    return (
        (_name_and_status(sheet), _holder(sheet.holder), _NAME_CELLS),
        (_balance(sheet), _labelled("Product", sheet.product_name, label_cells=cells), _LEFT_CELLS),
        (_last_day(sheet), _labelled("Bought", _bought(sheet), label_cells=cells), _LEFT_CELLS),
        (_email(sheet), _rules(sheet, cells), _LEFT_CELLS),
        (_flags(sheet), _labelled("Notes", _notes(sheet), label_cells=cells), _LEFT_CELLS),
        (_hold(sheet), _labelled("Sent on", hand_overs.in_short(sheet), label_cells=cells), _LEFT_CELLS),
    )


def place(found: Found | None, *, is_choosing: bool) -> str:
    """What the find pane shows, for the top bar."""
    if is_choosing:
        return "worklists"
    if found is not None and isinstance(found, worklists.Listed) and found.worklist is not None:
        return f"worklists > {found.worklist.title}"
    return "find"


def trail(sheet: CardSheet | None, place: str = "find") -> str:
    """Where the agent is, for the top bar."""
    if sheet is None:
        return place
    at = sheet.as_of
    return f"{place} > card" if at is None else f"{place} > card > {wording.moment(at.at, sheet.business)}"


def verdict_heading(sheet: CardSheet | None) -> str:
    """What stands over the verdict: that it is one, and of which time when that is not the present."""
    if sheet is None or sheet.when is None:
        return "Verdict"
    return f"{sheet.when[0].upper()}{sheet.when[1:]}"


def _columns(left: Content, right: Content, left_width: int) -> Content:
    left = left.truncate(left_width - 1, ellipsis=True)
    return Content.assemble(left, Content(" " * (left_width - left.cell_length)), right)


def _labelled(label: str, text: str, style: str = "", label_cells: int = _LABEL_CELLS) -> Content:
    return Content.assemble(Content.styled(label.ljust(label_cells), _LABEL), piece(text, style))


def _name_and_status(sheet: CardSheet) -> Content:
    return Content.assemble(piece(sheet.code_masked, "bold"), "   ", status(sheet.status), piece(_since(sheet)))


def _name_and_holder(sheet: CardSheet, width: int) -> Content:
    """The same in a short form, and whose it is: of those words a long name is cut before the VIP mark."""
    masked = sheet.code_masked.split()
    name = Content.assemble(piece(f"{masked[0]} {masked[-1]}  ", "bold"), status(sheet.status), piece(_since(sheet)))
    holder = sheet.holder
    if holder is None:
        return Content.assemble(name, "  ", _holder(None))
    mark = Content.styled(_VIP, "bold $text-accent") if holder.is_vip else Content("")
    room = max(1, width - name.cell_length - mark.cell_length - 2)
    who = piece(holder.shown_name, "bold").truncate(room, ellipsis=True)
    house = piece(f"  {wording.shortened(holder.organisation)}" if holder.organisation else "")
    return Content.assemble(name, "  ", who, mark, house)


def _since(sheet: CardSheet) -> str:
    """How long it is so, or still is; nothing of another time than the present."""
    now = sheet.judged_at
    if sheet.as_of is not None:
        return ""
    if sheet.status is statuses.Status.EXPIRED and sheet.cut_off_at is not None:
        return f" {_ago(now - sheet.cut_off_at)}"
    if sheet.status is statuses.Status.SUSPENDED and sheet.suspended_at is not None:
        return f" {_ago(now - sheet.suspended_at)}"
    if sheet.status is statuses.Status.INACTIVE:
        return f" for {wording.span(sheet.active_from_at - now)} more"
    if sheet.status is statuses.Status.ACTIVE and sheet.cut_off_at is not None and sheet.cut_off_at > now:
        return f" {wording.span(sheet.cut_off_at - now)} left"
    return ""


def _ago(length: timedelta) -> str:
    return "just now" if length < timedelta(minutes=1) else f"{wording.span(length)} ago"


def _holder(holder: Person | None) -> Content:
    if holder is None:
        return piece("Nobody on file", _LABEL)
    parts = [piece(holder.shown_name, "bold")]
    if holder.organisation:
        parts.append(piece(f"  {wording.shortened(holder.organisation)}"))
    if holder.is_vip:
        parts.append(Content.styled(_VIP, "bold $text-accent"))
    return Content.assemble(*parts)


def _balance(sheet: CardSheet) -> Content:
    broken = ""
    if sheet.broken_minor and sheet.broken_at is not None:
        at = wording.short_moment(sheet.broken_at, sheet.business)
        broken = f"  ({money.format_minor(sheet.broken_minor, sheet.currency)} broken {at})"
    return Content.assemble(
        _labelled("Balance", money.format_money(sheet.balance_minor, sheet.currency), "bold"), piece(broken)
    )


def _last_day(sheet: CardSheet) -> Content:
    text = wording.last_day(sheet.last_day_on)
    if sheet.cut_off_at is not None:
        verb = "stopped" if sheet.cut_off_at <= sheet.judged_at else "stops"
        text += f"  {verb} {wording.weekday_moment(sheet.cut_off_at, sheet.business)}"
    return _labelled("Last day", text)


def _bought(sheet: CardSheet) -> str:
    if sheet.bought_at is None:
        return f"as ···· {sheet.came_from.last_four}" if sheet.came_from is not None else "unknown"
    day = wording.day(sheet.business.date_of(sheet.bought_at))
    return f"{day}, {sheet.bought_place}" if sheet.bought_place else day


def _email(sheet: CardSheet) -> Content:
    return _labelled("E-mail", sheet.holder.email or "none" if sheet.holder else "none")


def _flags(sheet: CardSheet) -> Content:
    if not sheet.flags:
        return _labelled("Flags", "none")
    newest = sheet.flags[0]
    return _labelled("Flags", f"⚑ {len(sheet.flags)} open: {newest.reason} ({newest.actor})", "bold $text-warning")


def _rules(sheet: CardSheet, cells: int) -> Content:
    """How long a load lives, and where alone it is spent."""
    where = sheet.facts.limits.where
    rules = _labelled("Rules", sheet.product_rules, label_cells=cells)
    return rules if where is None else Content.assemble(rules, piece(f", only {where}", "bold $text-warning"))


def _hold(sheet: CardSheet) -> Content:
    """Whether it is on hold, and whether one person alone may spend it."""
    restricted = sheet.restricted_to
    only = "" if restricted is None else f"only for {restricted.shown_name}"
    if sheet.suspended_at is None:
        free = _labelled("On hold", "no")
        return Content.assemble(free, piece(f"; {only}", "bold $text-warning")) if only else free
    held = f"{sheet.suspended_reason or ''} ({sheet.suspended_by or ''})"
    return _labelled("On hold", "; ".join(part for part in (only, held) if part), "bold $text-warning")


def verdict(sheet: CardSheet, beneath: str = "") -> Content:
    """The verdict's sentence, and what stands beneath it; it wraps."""
    if sheet.as_of is not None:
        return piece(f"Judged then: {sheet.diagnosis.reason}")
    style = "bold $text-success" if sheet.diagnosis.verdict in _GOOD else "bold"
    if sheet.waiting is not None:
        style = "bold $text-warning"
    reason = piece(sheet.diagnosis.reason, style)
    return joined((reason, piece(beneath, "$text-accent"))) if beneath else reason


def rule(label: str, width: int, right: str = "") -> Content:
    """A line across with a heading in it, and a hint at its right."""
    end = f" {right} ──" if right else ""
    head = f"── {label} "
    line = "─" * max(0, width - cell_len(head) - cell_len(end))
    return Content.assemble(
        Content.styled("── ", _LABEL), Content.styled(label, "bold"), Content.styled(f" {line}{end}", _LABEL)
    )


def _notes(sheet: CardSheet) -> str:
    return f"{sheet.notes or 'none'}{'' if sheet.is_whole else ' of late'}"


def history_line(line: ActivityLine, currency: str, business: BusinessTime, width: int) -> Content:
    """One activity: when, what, how much, what was left, where or by whom; in little room without the time of day."""
    at = wording.moment(line.effective_at, business).rjust(17)
    if width < _TIME_OF_DAY_FROM:
        at = wording.day(business.date_of(line.effective_at)).rjust(11)
    if line.moves_money:
        sign = "+" if line.amount_minor > 0 else ""
        amount = f"{sign}{money.format_minor(line.amount_minor, currency)}".rjust(10)
        left = money.format_minor(line.balance_after_minor, currency).rjust(10)
        tail = "  ".join(
            part
            for part in (line.place or line.actor, telling.order(line), telling.other_card_of(line), line.reason or "")
            if part
        )
        style = "$text-success" if line.amount_minor > 0 else ""
        return Content.assemble(
            piece(f"{at}  "), piece(padded(line.kind.words, 13)), piece(amount, style), piece(f"{left}  "), piece(tail)
        )
    return Content.assemble(
        piece(f"{at}  "),
        piece(padded(line.kind.words, 13)),
        piece(f"{line.actor}: ", _LABEL),
        piece(telling.said(line)),
    )


def spoiled_line(line: SpoiledLine) -> Content:
    """An activity of which nothing can be shown, and why."""
    return piece(f"{'!'.rjust(17)}  {line.wrong}", "$text-error")


def result_line(line: CardLine, width: int) -> Content:
    """One card in the list of results: who holds it; else what one person is to it, or what is the matter with it."""
    who = ", ".join(_roles(line)) or line.remark or _holder_of(line)
    amount = money.format_money(line.balance_minor, line.currency).rjust(14)
    last = wording.day(line.last_day_on) if line.last_day_on else "never"
    sign, style = _STATUS[line.status]
    head = Content.assemble(
        piece(line.last_four.ljust(5), "bold"),
        Content.styled(f"{sign} {line.status.value.ljust(10)}", style),
        piece(amount),
    )
    if width < _WIDE_ENOUGH:
        return Content.assemble(head, piece(f"  {who}")).truncate(width, ellipsis=True)
    rest = f"{padded(who, 20)}  {line.product_name}" if line.remark is None else line.remark
    tail = f"  {last.rjust(11)}  {rest}"
    return Content.assemble(head, piece(tail)).truncate(width, ellipsis=True)


def candidate_line(line: CardLine, width: int) -> Content:
    """One card that a code may have been meant for: whose it is, and what differs."""
    sign, style = _STATUS[line.status]
    name = padded(_holder_of(line), 20 if width >= _WIDE_ENOUGH else 14)
    head = Content.assemble(piece(line.last_four.ljust(5), "bold"), Content.styled(sign, style))
    return Content.assemble(head, piece(f" {name}  {line.remark or ''}")).truncate(width, ellipsis=True)


def candidate(line: CardLine) -> str:
    """The same as a sentence, for the one that the cursor is on."""
    return f"{_holder_of(line)}: {line.remark or ''}. Confirm it with the customer."


def worklist_line(counted: Counted, width: int) -> Content:
    """One worklist and how much is on it."""
    count = piece(counted.in_words.rjust(6), "bold" if counted.count else _LABEL)
    return Content.assemble(count, piece(f"  {counted.worklist.title}")).truncate(width, ellipsis=True)


def command_line(offered: Offered, width: int) -> Content:
    """One command: its title, its keys, and what it does or why not."""
    each, style = offered.command, "dim" if offered.refusal is not None else ""
    lead = f"{each.title.ljust(_TITLE_CELLS)} {each.all_keys.ljust(_KEYS_CELLS)} "
    return Content.assemble(piece(lead, style or "bold"), piece(offered.sentence, style)).truncate(width, ellipsis=True)


def _holder_of(line: CardLine) -> str:
    if line.holder is None:
        return "nobody on file"
    return f"{line.holder.shown_name} ★" if line.holder.is_vip else line.holder.shown_name


def _roles(line: CardLine) -> tuple[str, ...]:
    """What a person is to a card; by which role they came to hold it can be left out."""
    return ("holder", *line.roles[2:]) if "holder" in line.roles else line.roles


def clock_face(now: datetime, business: BusinessTime) -> str:
    """The time on the wall of the business: 14:02."""
    return f"{now.astimezone(business.tz):%H:%M}"
