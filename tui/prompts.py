"""What the search field says of itself: the same words when it is painted by hand and when the app paints it."""

PLACEHOLDER = "code, last four, e-mail, name, order"
ENTER = "Enter finds. A colon begins a command."
"""What stands behind the ways to search while nothing is typed."""
