"""The writes of the desk: each one transaction, judged again under the lock, carried out once per intent."""

from models.desk.breakage import break_balance
from models.desk.escalating import Escalation, escalate
from models.desk.holds import clear_flag, lift, note, raise_flag, suspend
from models.desk.loads import issue, top_up
from models.desk.people import register, set_organisation
from models.desk.products import set_product
from models.desk.reactivating import reactivate
from models.desk.spending import redeem, refund
from models.people import PersonGiven

__all__ = [
    "Escalation",
    "PersonGiven",
    "break_balance",
    "clear_flag",
    "escalate",
    "issue",
    "lift",
    "note",
    "raise_flag",
    "reactivate",
    "redeem",
    "refund",
    "register",
    "set_organisation",
    "set_product",
    "suspend",
    "top_up",
]
