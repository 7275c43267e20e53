"""What is asked about the practice is answered with what was asked, and with nothing that is not so."""

import pytest

from tests.rules.scenes import call, texts

ASKED = [
    ("which clinicians speak Spanish", "Luis Ortega", "Roth"),
    ("who speaks Cantonese", "Mei Tan", "Osei"),
    ("do you see couples", "Mei Tan", "age"),
    ("do you do couples counseling?", "Mei Tan", "Roth"),
    ("can Dr. Roth see my sixteen year old daughter?", "Dr. Roth sees people from age 18", "age 12"),
    ("do you have a wait list", "wait list", "suit you"),
    ("how long is your waitlist right now?", "wait list", "suit you"),
    ("¿tienen lista de espera?", "lista de espera", "le viene mejor"),
    ("¿dan superbills?", "recibo detallado", "superbill on request"),
    ("¿quién habla mandarín?", "Mei Tan", "asistente automático. "),
    ("¿atienden parejas?", "Mei Tan", "Roth"),
    ("is there a waiting list?", "wait list", "suit you"),
]


@pytest.mark.parametrize(("asked", "told", "untold"), ASKED)
def test_a_question_about_the_practice_gets_its_own_answer(asked: str, told: str, untold: str) -> None:
    made = call(asked, "chat")
    answer = " ".join(
        text for reply in made.replies[1:] or made.replies for text in (u.text for u in reply.said)
    )
    assert told in answer
    assert untold not in answer


def test_a_question_about_the_wait_list_puts_nobody_on_it() -> None:
    made = call("do you have a wait list", "chat")
    assert made.state.errand is None
    assert "answer.wait_list" in made.said
    assert texts(made)
