"""Small exports in Toggle's format, made as a shop would have lived them."""

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path


def _names(header: str) -> list[str]:
    return header.split(",")


CARD_COLUMNS = _names(
    "Card ID,Creation Date,Card Unique Code,Unique Code Alias,Gift Name,Order ID,Current Balance,Recipient Name,"
    "Recipient Email,First top up value,First top up reversed,Sold in site,Last redemption date,Last redemption value,"
    "Last redemption site,Transaction discount types,Transaction discounts value,Transaction promotions,"
    "Card initial balance discount value,Consent type"
)
LINE_COLUMNS = _names(
    "Card ID,Line Item ID,Gift Name,Experience Description,Unit,Toggle Card Unique Number,Line Item Type,Value,"
    "Adjustment Date,Merchant,Order ID,Sales Channel,Fulfilment Method,Notes,User,Transaction ID,"
    "Merchant Transaction Reference,Total Associated Transaction Value,Postage Price,Transaction Discount Value,"
    "Reverse Line Item ID,Reverse by Line Item ID"
)
LIABILITY_COLUMNS = _names(
    "Order ID,Card ID,Creation Date,Card Unique Code,Unique Code Alias,Product Name,Experience sub-category,"
    "Value at 210526 00:00 (UTC),Discount Value at 210526 00:00 (UTC),Expiry as of 210526 00:00 (UTC),"
    "Initial Top Up Value,Initial Discount Type"
)
NAMES = ("cards.csv", "balance_adjustments.csv", "liability.csv")

Cells = dict[str, str]


@dataclass
class Export:
    """The rows of the three files; a test may spoil any cell before they are written."""

    cards: list[Cells] = field(default_factory=list)
    lines: list[Cells] = field(default_factory=list)
    liability: list[Cells] = field(default_factory=list)
    currency_places: int = 2

    def card(self, number: int = 1, *, expiry: str = "2026-10-31", **cells: str) -> Cells:
        """A card without any money; further names are cells of the cards file, with _ for a blank."""
        card_id, code = str(500_000 + number), f"633{number:06}7654321987"
        given = {name.replace("_", " "): text for name, text in cells.items()}
        card = dict.fromkeys(CARD_COLUMNS, "") | {
            "Card ID": card_id,
            "Creation Date": "2025-11-03 10:15:00",
            "Card Unique Code": code,
            "Gift Name": "Classic 50",
            "Order ID": str(70_000 + number),
            "Current Balance": "0.00",
            "Sold in site": "Leeds",
            **given,
        }
        self.cards.append(card)
        self.liability.append(
            dict.fromkeys(LIABILITY_COLUMNS, "")
            | {
                name: card[name]
                for name in ("Card ID", "Order ID", "Creation Date", "Card Unique Code", "Unique Code Alias")
            }
            | {"Product Name": card["Gift Name"], LIABILITY_COLUMNS[7]: "0.00", LIABILITY_COLUMNS[9]: expiry}
        )
        return card

    def line(self, card: Cells, type_: str, value: str, at: str, *, reverses: str = "", **cells: str) -> Cells:
        """A line item; the card's balance and value follow."""
        given = {name.replace("_", " "): text for name, text in cells.items()}
        line = dict.fromkeys(LINE_COLUMNS, "") | {
            "Card ID": card["Card ID"],
            "Line Item ID": str(900_001 + len(self.lines)),
            "Gift Name": card["Gift Name"],
            "Toggle Card Unique Number": card["Card Unique Code"],
            "Line Item Type": type_,
            "Value": value,
            "Adjustment Date": at,
            "Merchant": "Example Inns",
            "Order ID": card["Order ID"],
            "Reverse Line Item ID": reverses,
            **given,
        }
        self.lines.append(line)
        balance = Decimal(card["Current Balance"]) + Decimal(value)
        card["Current Balance"] = self.liability_of(card)[LIABILITY_COLUMNS[7]] = f"{balance:.{self.currency_places}f}"
        return line

    def sold(self, number: int = 1, value: str = "50.00", *, expiry: str = "2026-10-31", **cells: str) -> Cells:
        """A card sold on 3 November 2025 for a value."""
        card = self.card(number, expiry=expiry, **cells)
        self.line(card, "sale", value, card["Creation Date"])
        return card

    def liability_of(self, card: Cells) -> Cells:
        """The card's row in the liability file."""
        return next(row for row in self.liability if row["Card ID"] == card["Card ID"])

    def expires(self, card: Cells, expiry: str) -> None:
        """Tell another expiry in the liability file."""
        self.liability_of(card)[LIABILITY_COLUMNS[9]] = expiry

    def write(self, folder: Path, *, encoding: str = "utf-8-sig", separator: str = ",") -> tuple[Path, Path, Path]:
        """Write the three files; folders are made as needed."""
        folder.mkdir(exist_ok=True)
        tables = ((CARD_COLUMNS, self.cards), (LINE_COLUMNS, self.lines), (LIABILITY_COLUMNS, self.liability))
        paths = [folder / name for name in NAMES]
        for path, (columns, rows) in zip(paths, tables, strict=True):
            text = io.StringIO()
            writer = csv.DictWriter(text, columns, delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
            path.write_bytes(text.getvalue().encode(encoding))
        return paths[0], paths[1], paths[2]
