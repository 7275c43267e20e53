"""What a few words mean in answer to a text, in English and in Spanish: TEL-06 and TEL-07."""

import pytest

from lamplighter.conversation.answers import found_in, meant_by_cancel, of_reminders_alone

STOP = """STOP|Stop.|stop!!|  sToP |END|quit|Quit.|revoke|OPT OUT|opt-out|optout|unsubscribe|stop all|STOPALL|ALTO
¡Alto!|Baja.|leave me alone|Leave me alone!|déjenme en paz
please stop texting me|Stop sending me texts|stop with the reminders
stop these messages please|can you stop texting me|i want you to stop messaging this number|quit texting me
don't text me anymore|Do not contact me again|do not text this number|please don't send me any more messages
i don't want any more texts|I don't want to receive texts|no more reminders please|take me off your list|opt me out
remove my number from your list|take me off the texts|I revoke my consent|lose my number|please dont text me
I dont want texts|STOP TEXTING THIS NUMBER|unsubscribe me|I'd like to opt out|please stop contacting me
don’t text me|no me manden más mensajes|No me escriban más|dejen de mandarme mensajes|ya no quiero recibir mensajes
no quiero que me manden mensajes|no más mensajes|quiten mi número|denme de baja|quiero darme de baja
no me envíe recordatorios|bórrenme de su lista|no quiero más recordatorios|por favor dejen de escribirme|parar"""
OTHER = {
    "cancel": "CANCEL|cancel.|Please cancel|Cancelar|CANCELE",
    "start": "START|unstop|Start.|opt in|inicio",
    "help": "HELP|info|Ayuda|información",
    "confirm": "C|c.|C!|Confirm|confirmo",
    "move": "R|r.|reschedule|cambiar",
    "confirm_if_first": "yes|Ok|I'll be there|sí|👍",
    "not_theirs": "I don't know any Sam|you have the wrong number|nobody here by that name|there is no Sam here"
    "|this is not Sam's number|número equivocado|aquí no hay ninguna Sam|no conozco a nadie con ese nombre"
    "|no conozco a ninguna Corinne",
    "angry": "this is ridiculous|how dare you|I'm sick of you|esto es inaceptable|fuck off",
}
NOTHING = """he won't stop texting me|my ex keeps texting me|don't stop texting me|I can't stop contacting him
tell him to stop texting me|she needs to stop messaging him|I'll stop by, text me the address|take me off the wait list
please don't text me before nine|don't text me at work|can you text me|don't forget to text me
I want to stop the appointment|no me enviaron el enlace|no me mandaron el mensaje|no soy paciente nuevo
I don't know what time|I don't know when|I don't know any good time|cancel my appointment|I need help with my bill
the bus stop near you|at the end of the month|I quit my job|can i come at 3 instead|no quiero la cita
i don't know if i can make it|sáquenme de la lista de espera|quiero cambiar la cita|no text arrived
no me escriban antes de las nueve|I changed my number|he is not answering|is this about the texts
no more|no más|basta|y|change it"""


def each(lines: str) -> list[str]:
    return [words for line in lines.splitlines() for words in line.split("|")]


@pytest.mark.parametrize("words", each(STOP))
def test_tel_06_every_way_of_saying_stop_is_heard(words: str) -> None:
    found = found_in(words, "sms")
    assert found is not None and found.meaning == "stop"


@pytest.mark.parametrize(
    "words", ["please stop texting me", "no me manden más mensajes", "take me off your list"]
)
@pytest.mark.parametrize("channel", ["voice", "chat"])
def test_tel_06_it_is_heard_in_words_on_every_channel(words: str, channel: str) -> None:
    found = found_in(words, channel)
    assert found is not None and found.meaning == "stop"


@pytest.mark.parametrize(
    "words", ["stop", "end", "quit", "cancel", "c", "r", "help", "start", "wrong number"]
)
def test_tel_07_a_single_word_that_is_said_aloud_is_not_a_text_message(words: str) -> None:
    assert found_in(words, "voice") is None and found_in(words, "chat") is None


@pytest.mark.parametrize(
    ("meaning", "words"), [(m, words) for m, line in OTHER.items() for words in each(line)]
)
def test_tel_07_a_letter_or_a_word_means_what_carriers_and_our_reminders_say(
    meaning: str, words: str
) -> None:
    found = found_in(words, "sms")
    assert found is not None and found.meaning == meaning


@pytest.mark.parametrize("words", each(NOTHING))
def test_tel_06_what_only_sounds_like_it_is_left_to_understanding(words: str) -> None:
    assert found_in(words, "sms") is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [("Visit", "visit"), ("my appointment.", "visit"), ("cita", "visit"), ("no", "texts"), ("hello", None)],
)
def test_tel_07_what_was_meant_by_cancel_is_heard(words: str, meant: str | None) -> None:
    assert meant_by_cancel(words) == meant


def test_tel_06_of_a_sentence_only_the_words_that_say_it_are_found() -> None:
    found = found_in("my brother reads these so please stop texting me, he works nights", "sms")
    assert found is not None and found.words == "stop texting"


@pytest.mark.parametrize(
    "words", ["a" * 60_000, "stop " * 20_000, "don't want " * 10_000, "\x00", "", "\u202estop"]
)
def test_words_of_any_length_are_read_in_no_time(words: str) -> None:
    found = found_in(words, "sms")
    assert found is None or len(found.words) < 40


@pytest.mark.parametrize(
    ("words", "alone"),
    [
        ("a text, please. yes, that's fine. no, I don't need reminders", True),
        ("por mensaje, sí, y recordatorios no quiero", True),
        ("I don't want reminders or texts", False),
        ("stop texting me, no reminders", False),
        ("don't text me", False),
    ],
)
def test_whoever_is_asked_about_reminders_and_wants_none_has_refused_no_other_text(
    words: str, alone: bool
) -> None:
    assert of_reminders_alone(words) is alone
