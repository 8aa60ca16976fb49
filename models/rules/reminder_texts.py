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
        html="""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Your gift card</title>
</head>
<body style="margin: 0; padding: 0; background: #f2f1ee;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background: #f2f1ee;">
<tr><td align="center" style="padding: 32px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width: 520px; background: #ffffff; border-radius: 8px; font-family: Helvetica, Arial, sans-serif;
 font-size: 16px; line-height: 1.5; color: #222222;">
<tr><td style="padding: 32px 32px 0 32px;">Hello {{name}},</td></tr>
<tr><td style="padding: 16px 32px 0 32px;">You have <strong>{{balance}}</strong> left on your gift card. The last day
to spend it is <strong>{{last_day}}</strong>, {{days_left}}.</td></tr>
<tr><td style="padding: 24px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="background: #1f3d36; border-radius: 8px; color: #ffffff;">
<tr><td style="padding: 20px 24px 0 24px; font-size: 14px; color: #cfe0da;">{{product}}</td></tr>
<tr><td style="padding: 4px 24px 0 24px; font-size: 30px; line-height: 1.3; font-weight: bold;">{{balance}}</td></tr>
<tr><td style="padding: 16px 24px 20px 24px; font-size: 14px; color: #cfe0da;">{{card}}<br>
Last day {{last_day}}</td></tr>
</table>
</td></tr>
<tr><td style="padding: 24px 32px 0 32px;">You can use it at checkout as before, for one purchase or for several.
After its last day the balance can't be spent any more.</td></tr>
<tr><td style="padding: 16px 32px 32px 32px; font-size: 14px; color: #595959;">If you have spent it meanwhile, there is
nothing you need to do.</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
""",
    )
}
"""Language -> the texts as long as nobody has set others."""
