"""What the month's people write, in their own language: letters and words."""

from collections.abc import Collection
from typing import Final

from lamplighter.rehearsal.month_plan import Habit, OfferAnswer

SAYS: Final[dict[Habit, dict[str, tuple[str, ...]]]] = {
    "confirms": {"en": ("C", "c", "Confirm", "C."), "es": ("C", "c", "confirmo")},
    "in_words": {
        "en": ("yes, I'll be there", "see you then", "Yes", "sounds good"),
        "es": ("sí, ahí estaré", "confirmado", "de acuerdo", "claro que sí"),
    },
    "moves": {"en": ("R", "r", "reschedule"), "es": ("R", "r", "cambiar")},
    "cancels": {
        "en": ("I need to cancel my appointment", "please cancel my visit, I can't make it"),
        "es": ("necesito cancelar mi cita", "quiero cancelar la cita"),
    },
    "late": {"en": ("running ten minutes late",), "es": ("voy diez minutos tarde",)},
    "asks": {"en": ("where are you located?",), "es": ("¿dónde están ubicados?",)},
    "person": {
        "en": ("can I talk to a person please",),
        "es": ("quiero hablar con una persona",),
    },
    "stops": {
        "en": ("STOP", "please stop texting me", "unsubscribe"),
        "es": ("ALTO", "no me manden más mensajes", "baja"),
    },
    "cancel_alone": {"en": ("CANCEL",), "es": ("cancelar",)},
    "not_theirs": {"en": ("wrong number",), "es": ("número equivocado",)},
}
TO_AN_OFFER: Final[dict[OfferAnswer, dict[str, tuple[str, ...]]]] = {
    "yes": {"en": ("YES", "I'll take it", "1"), "es": ("sí", "la tomo", "1")},
    "no": {"en": ("NO", "no thanks"), "es": ("no", "no puedo")},
}
YES: Final = {"en": "yes", "es": "sí"}
THANKS: Final = {"en": "no, thank you", "es": "no, gracias"}
NONE_OF_THEM: Final = {"en": "none of these", "es": "ninguna de esas"}
THE_FIRST: Final = {"en": "the first one", "es": "la primera"}
ANY_TIME: Final = {"en": "any day next week", "es": "cualquier día de la próxima semana"}
THE_VISIT: Final = {"en": "visit", "es": "cita"}


def answer(asks: Collection[str], phrases: Collection[str], language: str, *, fussy: bool) -> str | None:
    """What they say to what our last words ask; None: nothing is asked of them."""
    if "sms.stopped.cancel" in phrases:
        return THE_VISIT[language]
    if "choice" in asks:
        return (NONE_OF_THEM if fussy else THE_FIRST)[language]
    if "availability" in asks:
        return ANY_TIME[language]
    if not {"confirm", "confirm_detail", "reminder_consent", "leave_message"}.isdisjoint(asks):
        return YES[language]
    return THANKS[language] if not {"anything_else", "person"}.isdisjoint(asks) else None
