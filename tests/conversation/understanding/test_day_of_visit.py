"""What only sounds like somebody who can't get in. Rule 27."""

import pytest

from lamplighter.conversation.acts import Intend
from lamplighter.conversation.understanding import Understanding
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.day_of_visit import DAY_OF_VISIT
from tests.conversation.understanding.scene import context

UNDERSTANDING = Understanding.load()


def errands(where: Context, said: str) -> set[str]:
    acts = UNDERSTANDING.understand(said, where)
    return {act.errand for act in acts if isinstance(act, Intend)} & DAY_OF_VISIT


@pytest.mark.parametrize(
    "said",
    [
        "the link to your website doesn't work",
        "I'm in the lobby of my hotel, can I book",
        "the link to reschedule isn't working",
        "I can't open the intake form",
        "the portal won't let me log in to pay my bill",
        "is there a link to book online",
        "is there a waiting room at your office",
        "I can't get in until Friday",
        "I can't get in to see anyone before June, do you have anything sooner",
        "I want to start therapy with my wife, she hasn't been before",
        "do you do video visits",
        "can I switch my appointment to video",
        "my insurance link was wrong",
        "what happens if I'm late",
        "nobody called me back yesterday",
        "I'd like to make an appointment, I'm new",
        "I'm at work, can you call me back later",
        "is your office closed on Monday",
        "she never called in my prescription",
        "how do I get to your office",
        "who do I talk to about my bill",
        "I need to cancel my video session",
        "I can't make my video appointment tomorrow",
        "are you open today",
        "I locked my keys in my car so I have to cancel",
        "I feel so alone, there is no one around",
        "there's nobody around anymore for me",
        "there is nobody here for me",
        "can someone let me in on the schedule",
        "can you let me in on how it works",
        "she didn't show up to court",
        "he never showed up to the hearing",
        "she didn't show up for her deposition",
    ],
)
def test_rule_27_what_only_sounds_like_it_is_not_taken_for_somebody_who_cannot_get_in(said: str) -> None:
    assert errands(context("en", "errand"), said) == set()


@pytest.mark.parametrize(
    "said",
    [
        "el enlace de su página no funciona",
        "el doctor no ha llegado a un diagnóstico",
        "no ha llegado la doctora a ninguna conclusión",
        "estoy en el lobby de mi hotel, ¿puedo hacer una cita?",
        "no puedo abrir el formulario",
        "¿tienen sala de espera?",
        "¿está abierto hoy?",
        "quiero hacer una cita por video",
        "no puedo ir hasta el viernes",
        "¿el consultorio está cerrado el lunes?",
        "el link para cambiar la cita no sirve",
        "nadie me llamó ayer",
        "no me ha llegado la factura",
        "necesito cancelar mi videollamada",
        "¿cómo llego a la oficina?",
        "la doctora no me mandó la receta",
        "soy paciente nueva y no sé cómo entrar",
    ],
)
def test_rule_27_the_same_holds_in_spanish(said: str) -> None:
    assert errands(context("es", "errand"), said) == set()


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "there's no one around at the office"),
        ("en", "no one is around here"),
        ("en", "nobody is around the front desk"),
        ("en", "the office is dark and nobody's around"),
        ("en", "can someone let me in, it's cold"),
        ("en", "can you let me in for my appointment"),
        ("en", "she hasn't let me in yet"),
        ("en", "she didn't show up"),
        ("en", "my therapist never showed up to our session"),
        ("en", "he didn't show up to our two o'clock"),
        ("es", "el doctor no ha llegado"),
        ("es", "la doctora no ha llegado a la cita"),
    ],
)
def test_rule_27_what_is_beside_it_is_still_taken_for_somebody_who_cannot_get_in(
    locale: str, said: str
) -> None:
    assert len(errands(context(locale, "errand"), said)) == 1
