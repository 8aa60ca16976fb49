"""The books: what happened to what the desk owes, as text for plain-text accounting tools."""
