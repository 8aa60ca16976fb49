"""The desk and the dialogs in front of it."""
