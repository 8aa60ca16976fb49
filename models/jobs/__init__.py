"""Work on many cards at once, in short transactions, that may be stopped and started again at any time."""
