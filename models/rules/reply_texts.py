"""What the replies say as giftdesk comes: subject and text of each, in every language."""

from collections.abc import Mapping
from typing import Final

_SUBJECT: Final = {"en": "Your gift card", "de": "Ihre Geschenkkarte"}

_ENGLISH: Final = {
    "handed_over": (
        "Thank you for your patience. I've passed your gift card on to our payments team, who will look into it. We'll "
        "write to you as soon as we know more."
    ),
    "answered": (
        "Thank you for your patience. Our payments team has looked into your gift card: {{outcome}}.[[ {{balance}} can "
        "be spent[[, up to and including {{last_day}}]].]] If anything still goes wrong, just tell us and we'll help."
    ),
    "waiting": (
        "Thank you for your patience. I've asked a colleague to decide about your gift card, and there is nothing you "
        "need to do for now. We'll write to you as soon as we know more."
    ),
    "replaced": (
        "I've checked your gift card: a new card has replaced it, with a code that ends in {{other_card}}, and what "
        "was on the old one has been moved there. Please use the new code; the old one can't be used any more. If you "
        "haven't received it, just tell us."
    ),
    "active_again": (
        "Thank you for getting in touch. I've looked into your gift card, and it is active again: {{balance}} is ready "
        "to spend[[, up to and including {{last_day}}]]. Please try your purchase once more; the balance is taken off "
        "at checkout. If anything still goes wrong, just tell us and we'll help."
    ),
    "lifted": (
        "Thank you for your patience. We've finished checking your gift card, and it can be used again: {{balance}} is "
        "ready to spend[[, up to and including {{last_day}}]]. Please try your purchase once more; if anything still "
        "goes wrong, just tell us and we'll help."
    ),
    "active": (
        "Thank you for getting in touch. I've checked your gift card: it is active, with {{balance}} to spend[[, up to "
        "and including {{last_day}}]]. Please try again at checkout, typing the code exactly as it is printed. If it "
        "is still refused, let us know what the message says and we'll have it looked into."
    ),
    "expired": (
        "I've checked your gift card, and I'm sorry to say that it expired[[ at the end of {{last_day}}]]. A balance "
        "that has passed its expiry date can't be brought back, which I know is disappointing. If another way to pay "
        "would help you today, I'm glad to assist."
    ),
    "too_early": (
        "Thank you for getting in touch. Your gift card is in order, but it becomes valid only on {{first_day}}; until "
        "then nobody can use it, which also protects you against misuse.[[ From then on {{balance}} can be spent[[, up "
        "to and including {{last_day}}]].]]"
    ),
    "spent": (
        "I've checked your gift card: it has been used up. The last {{amount}} was spent on {{day}}[[ at {{place}}]]. "
        "If you don't recognise that purchase, please tell us and we'll have it checked."
    ),
    "moved": (
        "I've checked your gift card: there is nothing left on it, because the last {{amount}} was moved to another "
        "gift card on {{day}}. If you didn't expect that, please tell us and we'll have it checked."
    ),
    "taken_off": (
        "I've checked your gift card: there is nothing left on it, because the last {{amount}} was taken off on "
        "{{day}}. If you didn't expect that, please tell us and we'll have it checked."
    ),
    "never_loaded": (
        "I've checked your gift card: it is valid, but there has never been any money on it. We'll find out why."
    ),
    "arrived_empty": (
        "I've checked your gift card: it is valid, but there was nothing on it when we took it over. We'll find out "
        "why."
    ),
    "paid_back": (
        "I've checked your gift card: its order was cancelled and the money went back to whoever paid for it, so the "
        "card can't be used any more. If you think that's a mistake, please tell us."
    ),
    "cancelled": (
        "I've checked your gift card: its order was cancelled, so the card can't be used any more. If you think that's "
        "a mistake, please tell us."
    ),
    "looked_into": (
        "Thank you for getting in touch. I'm looking into your gift card and will come back to you shortly; there is "
        "nothing you need to do for now."
    ),
    "unknown": (
        "Thank you for getting in touch. I've looked for your gift card, but there is none with the code that you gave "
        "us. Please send us the code once more, exactly as it is printed, or a picture of the card."
    ),
}

_GERMAN: Final = {
    "handed_over": (
        "Vielen Dank für Ihre Geduld. Ich habe Ihre Geschenkkarte an unser Zahlungsteam weitergegeben, das sie prüft. "
        "Wir schreiben Ihnen, sobald wir mehr wissen."
    ),
    "answered": (
        "Vielen Dank für Ihre Geduld. Unser Zahlungsteam hat Ihre Geschenkkarte geprüft. {{outcome}}.[[ Sie können "
        "noch {{balance}} ausgeben[[, und zwar bis einschließlich {{last_day}}]].]] Sollte weiterhin etwas nicht "
        "gelingen, sagen Sie uns einfach Bescheid, wir helfen gern."
    ),
    "waiting": (
        "Vielen Dank für Ihre Geduld. Über Ihre Geschenkkarte entscheidet noch jemand aus unserem Team; Sie brauchen "
        "im Moment nichts zu tun. Wir schreiben Ihnen, sobald wir mehr wissen."
    ),
    "replaced": (
        "Ich habe Ihre Geschenkkarte geprüft: Eine neue Karte hat sie ersetzt, deren Code auf {{other_card}} endet; "
        "das Guthaben der alten liegt jetzt dort. Bitte verwenden Sie den neuen Code, der alte gilt nicht mehr. Falls "
        "Sie ihn nicht erhalten haben, sagen Sie uns bitte Bescheid."
    ),
    "active_again": (
        "Vielen Dank für Ihre Nachricht. Ich habe Ihre Geschenkkarte geprüft, und sie gilt wieder: Sie können "
        "{{balance}} ausgeben[[, und zwar bis einschließlich {{last_day}}]]. Bitte versuchen Sie Ihren Einkauf noch "
        "einmal; das Guthaben wird an der Kasse abgezogen. Sollte weiterhin etwas nicht gelingen, sagen Sie uns "
        "einfach Bescheid, wir helfen gern."
    ),
    "lifted": (
        "Vielen Dank für Ihre Geduld. Die Prüfung Ihrer Geschenkkarte ist abgeschlossen, Sie können sie wieder "
        "verwenden: Es stehen {{balance}} bereit[[, und zwar bis einschließlich {{last_day}}]]. Bitte versuchen Sie "
        "Ihren Einkauf noch einmal; sollte etwas nicht gelingen, sagen Sie uns einfach Bescheid, wir helfen gern."
    ),
    "active": (
        "Vielen Dank für Ihre Nachricht. Ich habe Ihre Geschenkkarte geprüft: Sie ist gültig, und Sie können "
        "{{balance}} ausgeben[[, und zwar bis einschließlich {{last_day}}]]. Bitte versuchen Sie es an der Kasse noch "
        "einmal und geben Sie den Code genau so ein, wie er gedruckt ist. Wird er wieder abgelehnt, teilen Sie uns "
        "bitte mit, was die Meldung sagt; wir lassen es dann prüfen."
    ),
    "expired": (
        "Ich habe Ihre Geschenkkarte geprüft. Leider ist sie[[ am {{last_day}}]] abgelaufen. Ein Guthaben, dessen "
        "Gültigkeit vorbei ist, können wir nicht zurückholen; ich verstehe, dass das enttäuschend ist. Wenn Ihnen "
        "heute eine andere Art zu zahlen hilft, unterstütze ich Sie gern."
    ),
    "too_early": (
        "Vielen Dank für Ihre Nachricht. Mit Ihrer Geschenkkarte ist alles in Ordnung, sie gilt aber erst ab "
        "{{first_day}}; vorher kann niemand sie verwenden, was auch Sie vor Missbrauch schützt.[[ Ab dann können Sie "
        "{{balance}} ausgeben[[, und zwar bis einschließlich {{last_day}}]].]]"
    ),
    "spent": (
        "Ich habe Ihre Geschenkkarte geprüft: Sie ist aufgebraucht. Die letzten {{amount}} wurden am {{day}} "
        "ausgegeben[[ ({{place}})]]. Wenn Sie diesen Einkauf nicht kennen, sagen Sie uns bitte Bescheid; wir lassen "
        "ihn dann prüfen."
    ),
    "moved": (
        "Ich habe Ihre Geschenkkarte geprüft: Es ist nichts mehr darauf, denn die letzten {{amount}} wurden am {{day}} "
        "auf eine andere Geschenkkarte übertragen. Wenn Sie das nicht erwartet haben, sagen Sie uns bitte Bescheid; "
        "wir lassen es dann prüfen."
    ),
    "taken_off": (
        "Ich habe Ihre Geschenkkarte geprüft: Es ist nichts mehr darauf, denn die letzten {{amount}} wurden am {{day}} "
        "abgebucht. Wenn Sie das nicht erwartet haben, sagen Sie uns bitte Bescheid; wir lassen es dann prüfen."
    ),
    "never_loaded": (
        "Ich habe Ihre Geschenkkarte geprüft: Sie ist gültig, es war aber noch nie ein Guthaben darauf. Wir gehen der "
        "Sache nach."
    ),
    "arrived_empty": (
        "Ich habe Ihre Geschenkkarte geprüft: Sie ist gültig, es war aber nichts darauf, als wir sie übernommen haben. "
        "Wir gehen der Sache nach."
    ),
    "paid_back": (
        "Ich habe Ihre Geschenkkarte geprüft: Ihre Bestellung wurde storniert, und das Geld ging an die Person zurück, "
        "die bezahlt hat; die Karte gilt deshalb nicht mehr. Wenn Sie das für einen Irrtum halten, sagen Sie uns bitte "
        "Bescheid."
    ),
    "cancelled": (
        "Ich habe Ihre Geschenkkarte geprüft: Ihre Bestellung wurde storniert, die Karte gilt deshalb nicht mehr. Wenn "
        "Sie das für einen Irrtum halten, sagen Sie uns bitte Bescheid."
    ),
    "looked_into": (
        "Vielen Dank für Ihre Nachricht. Ich prüfe Ihre Geschenkkarte und melde mich in Kürze wieder bei Ihnen; Sie "
        "brauchen im Moment nichts zu tun."
    ),
    "unknown": (
        "Vielen Dank für Ihre Nachricht. Ich habe Ihre Geschenkkarte gesucht, aber es gibt keine mit dem Code, den Sie "
        "uns genannt haben. Bitte schicken Sie uns den Code noch einmal, genau so, wie er gedruckt ist, oder ein Bild "
        "der Karte."
    ),
}

REPLY_TEXTS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    name: {"en": (_SUBJECT["en"], text), "de": (_SUBJECT["de"], _GERMAN[name])} for name, text in _ENGLISH.items()
}
"""Name of a reply -> language -> its subject and text."""

FOUND: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "corrected": "its balance has been corrected",
        "repaired": "what stood in the way at checkout has been put right",
        "replaced": "you will get another card in its place",
        "nothing_wrong": "nothing was found to be wrong with it",
        "declined": "what you asked for can't be done",
    },
    "de": {
        "corrected": "Das Guthaben wurde berichtigt",
        "repaired": "Was an der Kasse im Weg stand, ist behoben",
        "replaced": "Sie erhalten an ihrer Stelle eine andere Karte",
        "nothing_wrong": "Es wurde kein Fehler gefunden",
        "declined": "Was Sie wünschen, ist leider nicht möglich",
    },
}
"""What Payments Support answered, as a customer may read it, by language; the other answers are for the desk."""
