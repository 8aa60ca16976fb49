"""Other systems' tables of cards, as small as can be, to be spoilt cell by cell."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.jobs.dated_codes import dated_codes
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.remarks import Remark, Remarks
from models.unit import Session
from models.updates.importing import update_cards

Cells = dict[str, str]
Brought = tuple[list[Remark], list[Remark], int]


@dataclass(frozen=True)
class Shop:
    """A format: its header, exactly, two cards, and what some of its columns are called."""

    mapping: str
    header: str
    first: Mapping[str, str]
    second: Mapping[str, str]
    called: Mapping[str, str]
    """What is in a column -> its header."""
    amounts: str = "decimal"
    dates: str = "iso"
    currency: str | None = None
    """Given beside a table that tells none."""
    separator: str = ","

    @property
    def columns(self) -> list[str]:
        """The names in the header."""
        return [name.strip() for name in self.header.split(",")]

    def rows(self) -> list[Cells]:
        """Both cards, with every cell."""
        return [dict.fromkeys(self.columns, "") | dict(row) for row in (self.first, self.second)]

    def text(self, rows: list[Cells], separator: str | None = None) -> str:
        """The table."""
        file = io.StringIO()
        writer = csv.DictWriter(file, self.columns, delimiter=separator or self.separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return file.getvalue()

    def place(self, line: int, column: str) -> str:
        """Where a problem stands, as it is told."""
        return f"cards.csv, line {line}, column {self.called[column]}"

    def bring(self, session: Session, path: Path, *, is_commit: bool = True) -> Brought:
        """Bring a table in: the problems, the warnings, and how many cards it tells of."""
        mapping = read_mapping(self.mapping)
        if mapping.brings == "updates":
            told = update_cards(session, path, mapping, currency=self.currency, is_commit=is_commit).told
            return told.problems.listed, told.warnings.listed, len(told.updates)
        if mapping.brings == "days":
            problems = Remarks()
            found = list(dated_codes(path, mapping, session.store, problems))
            return problems.listed, [], len(found)
        report = import_mapped(session, path, mapping, currency=self.currency, is_commit=is_commit)
        return list(report.problems), list(report.warnings), report.cards


SHOPS = (
    Shop(
        "pretix",
        "Gift card code, Test mode card, Creation date, Expiry date, Special terms and conditions, Currency, "
        "Current value, Created in order, Last invoice number of order, Last invoice date of order",
        {
            "Gift card code": "ABCDEFGH23456789",
            "Test mode card": "No",
            "Creation date": "2025-11-03",
            "Expiry date": "2026-12-31",
            "Currency": "EUR",
            "Current value": "25.00",
        },
        {
            "Gift card code": "ZZZZEFGH23456789",
            "Test mode card": "No",
            "Creation date": "2025-11-03",
            "Expiry date": "2026-12-31",
            "Currency": "EUR",
            "Current value": "12.50",
        },
        {
            "code": "Gift card code",
            "balance": "Current value",
            "expires": "Expiry date",
            "issued": "Creation date",
            "currency": "Currency",
            "text": "Special terms and conditions",
        },
        separator=";",
    ),
    Shop(
        "spree",
        "Code, Amount, Amount Used, Amount Remaining, Currency, Status, Expires At, Customer Email, "
        "Customer First Name, Customer Last Name, Created At, Updated At",
        {
            "Code": "ABC123XYZ",
            "Amount": "$50.00",
            "Amount Remaining": "$50.00",
            "Currency": "USD",
            "Status": "Active",
            "Expires At": "2026-12-31",
            "Created At": "2025-12-01 10:00:00",
        },
        {
            "Code": "DEF456UVW",
            "Amount": "$50.00",
            "Amount Remaining": "$12.50",
            "Currency": "USD",
            "Status": "Active",
            "Expires At": "2026-12-31",
            "Created At": "2025-12-01 10:00:00",
        },
        {
            "code": "Code",
            "balance": "Amount Remaining",
            "expires": "Expires At",
            "issued": "Created At",
            "currency": "Currency",
            "text": "Customer First Name",
        },
        amounts="money",
    ),
    Shop(
        "pw-gift-cards",
        "number,balance,expiration_date,recipient_email",
        {"number": "ABCD-EFGH-IJKL-MNOP", "balance": "25.00", "expiration_date": "2026-12-31"},
        {"number": "QRST-EFGH-IJKL-MNOP", "balance": "12.50", "expiration_date": "2026-12-31"},
        {"code": "number", "balance": "balance", "expires": "expiration_date"},
        currency="GBP",
    ),
    Shop(
        "gift-up",
        "Balance, Code, Purchaser Name, Purchaser Email, Recipient Name, Recipient Email, Initial Balance, Price, "
        "Item Name, Description, Terms, Message, Tip, Issued On, Expires On, Valid From",
        {"Code": "GU1234567890", "Balance": "25.00", "Issued On": "2026-01-05", "Expires On": "2027-01-04"},
        {"Code": "GU1234567891", "Balance": "12.50", "Issued On": "2026-01-05", "Expires On": "2027-01-04"},
        {
            "code": "Code",
            "balance": "Balance",
            "expires": "Expires On",
            "issued": "Issued On",
            "text": "Recipient Name",
        },
        currency="GBP",
    ),
    Shop(
        "commerce-layer",
        "code, currency_code, balance_cents, balance_max_cents, status, single_use, rechargeable, distribute_discount, "
        "image_url, expires_at, recipient_email, reference, reference_origin, gift_card_recipient_id, market_id",
        {
            "code": "32db311a-75d9-4c17-9e34",
            "currency_code": "GBP",
            "balance_cents": "2500",
            "status": "active",
            "expires_at": "2026-12-31T12:00:00.000Z",
        },
        {
            "code": "42db311a-75d9-4c17-9e34",
            "currency_code": "GBP",
            "balance_cents": "1250",
            "status": "active",
            "expires_at": "2026-12-31T12:00:00.000Z",
        },
        {
            "code": "code",
            "balance": "balance_cents",
            "expires": "expires_at",
            "currency": "currency_code",
            "text": "reference",
        },
        amounts="minor",
    ),
    Shop(
        "shopfront",
        "code, balance, outlet, original, expiry",
        {"code": "AbCdEf123", "balance": "£25.00", "expiry": "31/12/2026"},
        {"code": "GhIjKl456", "balance": "12.50", "expiry": "31/12/2026"},
        {"code": "code", "balance": "balance", "expires": "expiry", "text": "outlet"},
        amounts="money",
        dates="decide",
        currency="GBP",
    ),
    Shop(
        "shopify",
        "Id, Last Characters, Customer Name, Email, Recipient Name, Recipient Email, Order Name, Date Issued, Send At, "
        "Expires On, Initial Balance, Current Balance, Currency, Expired?, Enabled?, Disabled At, "
        "Issuing Staff Member, Note, Message",
        {
            "Last Characters": "6789",
            "Email": "max@example.org",
            "Initial Balance": "50.00",
            "Current Balance": "25.00",
            "Currency": "GBP",
            "Expires On": "2027-12-31",
        },
        {
            "Last Characters": "4321",
            "Email": "max@example.org",
            "Initial Balance": "50.00",
            "Current Balance": "12.50",
            "Currency": "GBP",
            "Expires On": "2027-12-31",
        },
        {
            "code": "Last Characters",
            "balance": "Current Balance",
            "expires": "Expires On",
            "currency": "Currency",
            "text": "Note",
        },
        amounts="money",
        dates="decide",
    ),
    Shop(
        "erply",
        "code, expiry",
        {"code": "ABCDEFGHIJKL", "expiry": "2027-01-31"},
        {"code": "0123456789AB", "expiry": "2027-01-31"},
        {"code": "code", "expires": "expiry"},
    ),
)
"""Their headers exactly, as the systems' own pages and sources name them."""
