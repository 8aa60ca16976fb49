"""What the rules raise when they are given something that cannot be meant. Every text is a sentence to show."""


class RuleError(ValueError):
    """Input that no rule can judge; its text is one sentence in plain words."""


class BadCode(RuleError):
    """A gift card code holds a character that no code has, or nothing at all."""


class BadAmount(RuleError):
    """A text is not an amount of money in its currency."""


class BadDate(RuleError):
    """A text is not a calendar date or instant, or a date lies outside the years 2000 to 2200."""


class BadZone(RuleError):
    """A name is not an IANA time zone."""


class BadText(RuleError):
    """A free text is too long, or holds characters that no text needs."""
