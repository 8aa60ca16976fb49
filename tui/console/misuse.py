"""What is told of a command line that was not understood."""


class UsageError(Exception):
    """The command line was not understood; its text is one sentence, with the cure."""
