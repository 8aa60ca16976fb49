"""Amounts of money: integers in minor units, read and written in the decimals of their currency."""

import re
from typing import Final

from models.rules.errors import BadAmount

_TWO_DECIMALS: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN "
    "NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP "
    "STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
)
_NO_DECIMALS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS: Final = "BHD IQD JOD KWD LYD OMR TND"

# ISO 4217: how many decimals each currency has.
DECIMALS: Final[dict[str, int]] = {
    name: places
    for places, names in ((2, _TWO_DECIMALS), (0, _NO_DECIMALS), (3, _THREE_DECIMALS))
    for name in names.split()
}

# Large enough for any card, small enough for every engine's integers.
LARGEST_MINOR: Final = 10**12

_AMOUNT: Final = r"(?P<sign>-?)(?P<whole>[0-9]{1,13})(?:\.(?P<decimals>[0-9]+))?"


def check_currency(currency: str) -> str:
    """The currency's ISO 4217 letters in upper case. Raises BadAmount for one that does not exist."""
    name = currency.strip().upper()
    if name not in DECIMALS:
        raise BadAmount(f"There is no currency called {currency.strip()[:10]!r}; use its three letters, like GBP.")
    return name


def parse_amount(text: str, currency: str) -> int:
    """Minor units of an amount written with a decimal point, like 12.50. Raises BadAmount, never rounds."""
    places = DECIMALS.get(currency)
    if places is None:
        currency = check_currency(currency)
        places = DECIMALS[currency]
    match = re.fullmatch(_AMOUNT, text.strip(), re.ASCII)
    if match is None:
        raise BadAmount(f"{text.strip()[:30]!r} is not an amount; write it like {_example(places)}.")
    decimals = match["decimals"] or ""
    if len(decimals) > places:
        most = "none" if places == 0 else f"{places} at most"
        raise BadAmount(f"{text.strip()[:30]} has too many decimals; {currency} has {most}.")
    minor = int(match["whole"] + decimals.ljust(places, "0"))
    if minor > LARGEST_MINOR:
        raise BadAmount(f"{text.strip()[:30]} {currency} is more than a gift card can hold.")
    return -minor if match["sign"] else minor


def parse_positive(text: str, currency: str) -> int:
    """Minor units of an amount above zero. Raises BadAmount."""
    minor = parse_amount(text, currency)
    if minor <= 0:
        raise BadAmount("The amount must be more than zero.")
    return minor


def parse_correction(text: str, currency: str) -> int:
    """Minor units of an amount to add (+5.00, or without a sign) or to take away (-5.00). Raises BadAmount."""
    trimmed = text.strip()
    minor = parse_amount(trimmed[1:] if re.match(r"\+[0-9]", trimmed) else trimmed, currency)
    if minor == 0:
        raise BadAmount("The amount must be more or less than zero.")
    return minor


def _example(places: int) -> str:
    return "12" if places == 0 else f"12.{'5'.ljust(places, '0')}"


def format_minor(minor: int, currency: str) -> str:
    """An amount in minor units as a decimal text without its currency: 1250 GBP is 12.50."""
    places = DECIMALS.get(currency, 2)
    digits = str(abs(minor)).rjust(places + 1, "0")
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"
    return f"-{text}" if minor < 0 else text


def format_money(minor: int, currency: str) -> str:
    """An amount in minor units with its currency: 1250 GBP is '12.50 GBP'."""
    return f"{format_minor(minor, currency)} {currency}"


def grouped_minor(minor: int, currency: str) -> str:
    """An amount in minor units with its thousands apart, without its currency: 125000 GBP is 1,250.00."""
    whole, point, decimals = format_minor(abs(minor), currency).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{point}{decimals}"


def grouped_money(minor: int, currency: str) -> str:
    """A sum of many cards, its thousands apart, with its currency: 125000 GBP is '1,250.00 GBP'."""
    return f"{grouped_minor(minor, currency)} {currency}"
