"""Output for any Textual app: what the terminal shows is remembered cell by cell, and only what differs is sent."""
