"""What may be wrong with the role that a desk on a server is worked at with: too many rights, or too few."""

from models.doctor.findings import Finding, bad, ok, warn
from models.engine import DeskDatabase
from models.server.rights import shown


def look_at_rights(database: DeskDatabase) -> Finding:
    """Whether the server itself keeps history from being rewritten by whoever works here; within a connection."""
    from models.server.granting import listed, standing

    stands = standing(database)
    role, cure = shown(stands.role), "Let the desk's owner run: giftdesk grant --role"
    if stands.above is not None:
        return warn(
            "rights",
            f"{role} {stands.above}: it can switch off what keeps history",
            f"Work as a role of its own, and keep this one for giftdesk migrate. {cure} NAME",
        )
    if stands.too_few:
        return bad("rights", f"{role} lacks {listed(stands.too_few)}, so that some work fails", f"{cure} {role}")
    if stands.too_many:
        return warn(
            "rights",
            f"{role} has {listed(stands.too_many)}, which no work needs",
            f"{cure} {role}, and take it out of roles that may do so.",
        )
    return ok("rights", f"{role} can {'only read' if stands.only_reads else 'add to history, and never change it'}")
