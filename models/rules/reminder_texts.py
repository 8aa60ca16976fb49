"""The e-mail that reminds somebody of a balance about to stop: its fields, and what it says as giftdesk comes."""

from collections.abc import Mapping
from typing import Final

from models.rules.templates import Field, Texts

REMINDER_FIELDS: Final[Mapping[str, Field]] = {
    "name": Field("the name of the person, as on file", "there", "Ada Lovelace"),
    "balance": Field("what is left on the card, with its currency", "a balance", "25.00 GBP"),
    "last_day": Field("the last day on which it can be spent", "its last day", "Fri 20 Nov 2026"),
    "days_left": Field("when that is, seen from the day of the e-mail", "soon", "in 14 days"),
    "product": Field("what the card was sold as", "gift card", "Classic 50"),
    "card": Field("the card by its last characters", "on file", "···· ···· ···· J773"),
}

_HTML: Final = """\
<!DOCTYPE html>
<html lang="LANGUAGE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>TITLE</title>
</head>
<body style="margin: 0; padding: 0; background: #f2f1ee;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background: #f2f1ee;">
<tr><td align="center" style="padding: 32px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width: 520px; background: #ffffff; border-radius: 8px; font-family: Helvetica, Arial, sans-serif;
 font-size: 16px; line-height: 1.5; color: #222222;">
<tr><td style="padding: 32px 32px 0 32px;">HELLO</td></tr>
<tr><td style="padding: 16px 32px 0 32px;">LEFT</td></tr>
<tr><td style="padding: 24px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="background: #1f3d36; border-radius: 8px; color: #ffffff;">
<tr><td style="padding: 20px 24px 0 24px; font-size: 14px; color: #cfe0da;">{{product}}</td></tr>
<tr><td style="padding: 4px 24px 0 24px; font-size: 30px; line-height: 1.3; font-weight: bold;">{{balance}}</td></tr>
<tr><td style="padding: 16px 24px 20px 24px; font-size: 14px; color: #cfe0da;">{{card}}<br>
LAST_DAY {{last_day}}</td></tr>
</table>
</td></tr>
<tr><td style="padding: 24px 32px 0 32px;">AS_BEFORE</td></tr>
<tr><td style="padding: 16px 32px 32px 32px; font-size: 14px; color: #595959;">MEANWHILE</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


def _html(**said: str) -> str:
    """The HTML of the e-mail, with what it says in the places of the words in capitals."""
    html = _HTML
    for place, words in said.items():
        html = html.replace(place.upper(), words)
    return html


REMINDER_TEXTS: Final[Mapping[str, Texts]] = {
    "en": Texts(
        subject="Your gift card: {{balance}} to spend until {{last_day}}",
        text="""\
Hello {{name}},

You have {{balance}} left on your gift card. The last day to spend it is
{{last_day}}, {{days_left}}.

  Gift card      {{product}}
  Card number    {{card}}
  Balance        {{balance}}
  Last day       {{last_day}}

You can use it at checkout as before, for one purchase or for several. After
its last day the balance can't be spent any more.

If you have spent it meanwhile, there is nothing you need to do.
""",
        html=_html(
            language="en",
            title="Your gift card",
            hello="Hello {{name}},",
            left="You have <strong>{{balance}}</strong> left on your gift card. The last day\n"
            "to spend it is <strong>{{last_day}}</strong>, {{days_left}}.",
            last_day="Last day",
            as_before="You can use it at checkout as before, for one purchase or for several.\n"
            "After its last day the balance can't be spent any more.",
            meanwhile="If you have spent it meanwhile, there is\nnothing you need to do.",
        ),
    ),
    "de": Texts(
        subject="Ihre Geschenkkarte: noch {{balance}}, gültig bis {{last_day}}",
        text="""\
Guten Tag {{name}},

auf Ihrer Geschenkkarte sind noch {{balance}}. Der letzte Tag, an dem Sie
das Guthaben ausgeben können, ist {{last_day}}, {{days_left}}.

  Geschenkkarte  {{product}}
  Kartennummer   {{card}}
  Guthaben       {{balance}}
  Letzter Tag    {{last_day}}

Sie können es wie bisher an der Kasse einlösen, auf einmal oder nach und
nach. Nach dem letzten Tag kann es nicht mehr ausgegeben werden.

Falls Sie es inzwischen ausgegeben haben, brauchen Sie nichts zu tun.
""",
        html=_html(
            language="de",
            title="Ihre Geschenkkarte",
            hello="Guten Tag {{name}},",
            left="auf Ihrer Geschenkkarte sind noch <strong>{{balance}}</strong>. Der letzte Tag,\n"
            "an dem Sie das Guthaben ausgeben können, ist <strong>{{last_day}}</strong>, {{days_left}}.",
            last_day="Letzter Tag",
            as_before="Sie können es wie bisher an der Kasse einlösen, auf einmal oder nach und nach.\n"
            "Nach dem letzten Tag kann es nicht mehr ausgegeben werden.",
            meanwhile="Falls Sie es inzwischen ausgegeben haben,\nbrauchen Sie nichts zu tun.",
        ),
    ),
}
"""Language -> the texts as long as nobody has set others."""

REMINDER_FALL_BACKS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "name": "liebe Kundin, lieber Kunde",
        "balance": "ein Guthaben",
        "last_day": "der letzte Tag",
        "days_left": "bald",
        "product": "Geschenkkarte",
        "card": "wie bei uns verzeichnet",
    },
}
"""Language -> what is written where a card or a person has no such thing; in English the fields say it."""
