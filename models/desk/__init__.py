"""The writes of the desk: each one transaction, judged again under the lock, carried out once per intent."""

from models.desk.adjusting import adjust
from models.desk.approving import approve, refuse_approval, withdraw_approval
from models.desk.breakage import break_balance
from models.desk.cancelling import cancel
from models.desk.cases import (
    add_to_case,
    close_case,
    complete_intake,
    keep_checkout,
    leave_case,
    open_case,
    reopen_case,
)
from models.desk.correcting import correct_person
from models.desk.escalating import escalate
from models.desk.extending import extend
from models.desk.handed_over import close_escalation, see_answer, take_escalation
from models.desk.holds import clear_flag, lift, note, raise_flag, suspend
from models.desk.letters import settle_letter
from models.desk.loads import issue, top_up
from models.desk.lookups import lift_lookups
from models.desk.merging import merge_people
from models.desk.passwords import set_password
from models.desk.people import register, set_organisation
from models.desk.policy import set_policy
from models.desk.products import restore_product, retire_product, set_product
from models.desk.quotas import raise_quota
from models.desk.reactivating import reactivate
from models.desk.removing import remove_person
from models.desk.replacing import replace
from models.desk.restricting import restrict
from models.desk.saying import say
from models.desk.settling import settle_reminder
from models.desk.spending import redeem, refund
from models.desk.texts import set_template
from models.desk.transferring import transfer
from models.desk.watching import see_alarms
from models.people import PersonGiven
from models.rules.escalations import Answer, Escalation

__all__ = [
    "Answer",
    "Escalation",
    "PersonGiven",
    "add_to_case",
    "adjust",
    "approve",
    "break_balance",
    "cancel",
    "clear_flag",
    "close_case",
    "close_escalation",
    "complete_intake",
    "correct_person",
    "escalate",
    "extend",
    "issue",
    "keep_checkout",
    "leave_case",
    "lift",
    "lift_lookups",
    "merge_people",
    "note",
    "open_case",
    "raise_flag",
    "raise_quota",
    "reactivate",
    "redeem",
    "refund",
    "refuse_approval",
    "register",
    "remove_person",
    "reopen_case",
    "replace",
    "restore_product",
    "restrict",
    "retire_product",
    "say",
    "see_alarms",
    "see_answer",
    "set_organisation",
    "set_password",
    "set_policy",
    "set_product",
    "set_template",
    "settle_letter",
    "settle_reminder",
    "suspend",
    "take_escalation",
    "top_up",
    "transfer",
    "withdraw_approval",
]
