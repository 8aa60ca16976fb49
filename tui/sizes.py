"""How much room the screens need, and what is said where there is less."""

NEEDED = (60, 16)
"""Columns and lines. In fewer lines a card's face, its verdict and one line of its history don't fit beneath each
other; in fewer columns neither does a balance beside what it was, nor a dialog's two keys."""

WIDE = 120
"""From so many columns on, a card stands beside what was found."""
HIGH = 20
"""From so many lines on, a card has all its facts, whole sentences, and some of its history."""


def too_small(columns: int, lines: int) -> str | None:
    """Why nothing can be drawn on a terminal of that size, as a sentence; None when there is room enough."""
    if columns >= NEEDED[0] and lines >= NEEDED[1]:
        return None
    return f"giftdesk needs {NEEDED[0]} x {NEEDED[1]}; this is {columns} x {lines}."


def folded(sentence: str, columns: int, lines: int) -> list[str]:
    """A sentence in rows for a terminal of any size, broken between words where they fit; what does not fit is cut."""
    rows = [""]
    for word in sentence.split():
        if rows[-1] and len(rows[-1]) + 1 + len(word) <= columns:
            rows[-1] += f" {word}"
        else:
            rows[len(rows) - (not rows[-1]) :] = [word[at : at + columns] for at in range(0, len(word), columns)]
    return rows[:lines]
