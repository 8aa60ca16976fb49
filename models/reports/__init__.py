"""Figures of the desk over time: what it owes, what happened to that, and the cards behind each figure."""
