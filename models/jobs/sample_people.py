"""Who buys and gets the cards of a sample: names of many scripts, organisations, places; invented, all of them."""

from random import Random
from typing import Final

from models.people import PersonGiven

_GIVEN_NAMES: Final = (
    "Ada Aisha Alice Amara Ana Andrés Anneli Beatriz Ben Björn Björk Chidi Chloé Clémence Dan Dara Diego Eilidh Elif "
    "Emre Eoin Esme Eva Fatima Fay Finn François Freya Grace Gwen Hamza Hana Harriet Idris Imani Ines Isla Ivo Jack "
    "Jamal Jana Jaroslav João Jürgen Kamala Katarzyna Kofi Lars Layla Leo Lin Lucía Magnus Mairéad Malik Marek Maria "
    "Mei Mia Mirela Noor Nuala Ola Oliver Omar Oskar Owen Pádraig Priya Rafał Ravi Renée Rhys Rosa Ruth Saoirse Sara "
    "Sean Siân Sofía Søren Tamsin Tariq Théo Tomás Tove Uma Vera Wei Yara Yusuf Zara Zoë Žofie Ömer"
)
_FAMILY_NAMES: Final = (
    "Adeyemi Ahmed Andersson Åkesson Bakker Bauer Begum Bianchi Björnsdóttir Brown Byrne Campbell Çelik Chen Clarke "
    "Costa Cruz Davies Dvořák Diallo Dubois Edwards Eriksen Evans Fernández Fischer Fitzgerald García Green Gupta "
    "Hansen Harris Hassan Hughes Ibrahim Ilić Ivanova Jackson Jensen Johnson Jones Kaya Kelly Khan Kim Kovács "
    "Kowalska Kumar Larsen Lewis Lindqvist López Lovelace Łukasik MacLeod Mahmood Martin Mbeki Mensah Meyer Moreau "
    "Morgan Müller Murphy Nakamura Nguyễn Nielsen Novák O'Brien O'Neill Okafor Okonkwo Olsen Owusu Patel Pérez Petrov "
    "Popescu Quinn Rahman Ramírez Rasmussen Reid Roberts Rossi Roux Ryan Sato Schmidt Shah Silva Singh Smith Suzuki "
    "Taylor Thomas Tóth Turner Ueda Varga Walker Wang Watson Williams Wilson Wright Yılmaz Young Zhang Zieliński"
)
_GIVEN: Final = _GIVEN_NAMES.split()
_FAMILY: Final = _FAMILY_NAMES.split()
# Other scripts, each with given and family names in the order in which they are written.
_ELSEWHERE: Final = (
    (("Мария", "Иван", "Олена", "Борис"), " ", ("Петрова", "Шевченко", "Димитров", "Коваль")),
    (("Ελένη", "Νίκος", "Δήμητρα"), " ", ("Παπαδοπούλου", "Γεωργίου", "Οικονόμου")),
    (("محمد", "ليلى", "يوسف"), " ", ("الحسن", "منصور", "خليل")),
    (("נועה", "דוד", "יעל"), " ", ("כהן", "לוי", "מזרחי")),
    (("王", "李", "张", "陈"), "", ("伟", "秀英", "小明", "丽")),
    (("佐藤", "鈴木", "高橋"), " ", ("さくら", "健太", "陽子")),
    (("김", "이", "박"), "", ("민준", "서연", "지우")),
    (("प्रिया", "अर्जुन", "लक्ष्मी"), " ", ("शर्मा", "पटेल", "नायर")),
    (("สมชาย", "สุดา"), " ", ("ใจดี", "แสงทอง")),
)
_DOMAINS: Final = ("example.org", "example.com", "example.net", "mail.example", "post.example")

ORGANISATIONS: Final = tuple(
    f"{first} {second}"
    for first in ("Northwind", "Harbour", "Juniper", "Kestrel", "Meridian", "Old Mill", "Silverbirch", "Tamarind")
    for second in ("Group", "Hotels", "Legal", "Schools", "Studios")
)
"""Every other one is a VIP."""

PLACES: Final = ("Leeds", "Bath", "York", "Brighton", "Web shop", "Cardiff", "Aberdeen", "Zürich", "Αθήνα")
NOTES: Final = (
    "Called about the balance; told them.",
    "Wrote from another address, the name matches.",
    "Asked for an extension – declined under the policy.",
    "Voucher was printed badly, sent again.",
    "La cliente parle français; réponse envoyée.",
    "Wants to know where the card can be spent.",
)


def invent(rng: Random, unlike: int) -> PersonGiven:
    """Somebody with a name, an address or both; the number keeps addresses apart."""
    chance = rng.random()
    name = None if chance < 0.03 else _elsewhere(rng) if chance < 0.12 else _name(rng)
    if name is not None and rng.random() < 0.1:
        return PersonGiven(name)
    local = "".join(letter for letter in (name or "").lower() if letter.isascii() and letter.isalpha())
    return PersonGiven(name, f"{local[:12] or 'guest'}{unlike}@{_DOMAINS[int(rng.random() * len(_DOMAINS))]}")


def _name(rng: Random) -> str:
    given, family = _GIVEN[int(rng.random() * len(_GIVEN))], _FAMILY[int(rng.random() * len(_FAMILY))]
    if rng.random() < 0.25:
        family = f"{family}-{_FAMILY[int(rng.random() * len(_FAMILY))]}"
    return f"{given} {family}"


def _elsewhere(rng: Random) -> str:
    first, between, second = _ELSEWHERE[int(rng.random() * len(_ELSEWHERE))]
    return f"{first[int(rng.random() * len(first))]}{between}{second[int(rng.random() * len(second))]}"
