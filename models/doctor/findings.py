"""A finding: one thing that was looked at, how bad it is, and its cure."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    health: Health
    told: str
    """What was found, as a phrase."""
    cure: str | None = None
    """What to do about it, as a sentence; None when all is well."""


def ok(subject: str, told: str) -> Finding:
    """All is well."""
    return Finding(subject, Health.OK, told)


def warn(subject: str, told: str, cure: str) -> Finding:
    """Work goes on, but somebody should see to it."""
    return Finding(subject, Health.WARN, told, cure)


def bad(subject: str, told: str, cure: str) -> Finding:
    """Work can't go on like this."""
    return Finding(subject, Health.BAD, told, cure)
