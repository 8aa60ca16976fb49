"""Why is it zero, at the command line: one sentence for the agent, one for the customer, and the activity."""

from cli.clerk import LATER, Clerk


def test_what_emptied_a_card_is_told(clerk: Clerk) -> None:
    """When, where, for which order and by whom; below it the activity, whole."""
    code = clerk.issues("50.00")
    clerk.does("redeem", code, "--amount", "50.00", "--place", "Bath", "--order", "777")
    clerk.does("note", code, "customer called")
    told = clerk.does("why", code)
    assert told.startswith(
        "Nothing is left: the last 50.00 GBP was spent on 21 May 2026 13:00 at Bath, order 777. "
        "Booked by mia, activity 2.\nFor the customer: The last 50.00 GBP was spent on 21 May 2026 at Bath.\n\n"
    )
    assert "Amount         -50.00 GBP" in told


def test_a_card_with_money_has_nothing_to_explain(clerk: Clerk) -> None:
    code = clerk.issues("50.00")
    assert clerk.is_refused("why", code) == "The balance is not zero: there is 50.00 GBP on the card."
    assert clerk.asks("show", code)["emptied"] is None


def test_a_balance_that_nobody_has_booked_yet_has_expired_all_the_same(clerk: Clerk) -> None:
    """Before and after the expiry run the answer is the same activity, with its number only when it has one."""
    code = clerk.issues("50.00")
    clerk.now = LATER
    unbooked = clerk.asks("why", code)
    assert unbooked["emptied"] == {
        "kind": "breakage",
        "amount_minor": 5000,
        "at": "2026-11-21T03:00:00Z",
        "place": None,
        "order_ref": None,
        "number": None,
    }
    assert unbooked["activity"] is None
    assert unbooked["sentence"].endswith("The expiry run has not booked it yet.")
    clerk.does("expire")
    booked = clerk.asks("why", code)
    assert booked["emptied"] == {**unbooked["emptied"], "number": 2}
    assert booked["activity"]["kind"] == "breakage"
    assert clerk.asks("show", code)["emptied"] == booked["emptied"]


def test_why_it_was_zero_then(clerk: Clerk) -> None:
    """At an instant between the cut-off and the run it was the cut-off, not what was spent long before."""
    code = clerk.issues("50.00")
    clerk.does("redeem", code, "--amount", "20.00")
    clerk.now = LATER
    clerk.does("expire")
    clerk.does("reactivate", code)
    assert clerk.is_refused("why", code) == "The balance is not zero: there is 30.00 GBP on the card."
    then = clerk.asks("why", code, "--at", "2026-11-21T03:30:00Z")
    assert (then["emptied"]["kind"], then["emptied"]["amount_minor"]) == ("breakage", 3000)


def test_an_unknown_code_is_refused(clerk: Clerk) -> None:
    assert clerk.is_refused("why", "2345 6789 2345 678T").startswith("No card answers to this code.")
