"""What every text of ours must be, in every language: short enough for the longest names and days, neutral, and never
with a word for an appointment that a carrier takes for an opt-out."""

import re
from datetime import date, datetime, time, timedelta

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.room import GSM_7, fits
from lamplighter.practice.files.practice import CLINICAL, LONGEST_SENDER

BOOK = Phrasebook.load()
TEXTS = [
    (locale, name) for locale in BOOK.locales for name in BOOK.phrases(locale) if name.startswith("sms.")
]
REMINDERS = tuple(name for name in BOOK.phrases("en") if name.startswith("sms.reminder"))
OF_A_VISIT = (*REMINDERS, "sms.confirmation", "sms.moved")
LINK = "https://desk.example/v/7kQmZ2vXc9TbLw4R"
OPTED_OUT_OF = (*OF_A_VISIT, "sms.held", "sms.cancelled", "sms.waitlisted", "sms.help", "sms.started",
                 "sms.opening", "sms.opening.earlier", "sms.missed", "sms.missed.link", "sms.packet",
                 "sms.packet.again", "sms.confirmation.packet")  # fmt: skip
DAYS = [date(2026, 1, 1) + timedelta(days=each) for each in range(365)]
NEVER_IN_A_TEXT = re.compile(
    CLINICAL.pattern
    + r"|\bdr\b|doctor|nurse|social work|diagnos|medic|prescri|refill|dose|pill|patient|session|treatment|symptom"
    r"|paciente|sesi[oó]n|tratamiento|enferm|receta|s[ií]ntoma|\b(?:ICD|CPT)\b",
    re.IGNORECASE,
)
PRESSING = re.compile(
    r"\bfee|charge|penalt|no.?show|missed|you must|required|last chance|fail|disappoint|owe|[$€]"
    r"|multa|cargo|cobr|debe|obligad|falt[oóa]|[uú]ltima oportunidad|penaliz",
    re.IGNORECASE,
)


def worst(locale: str, name: str) -> list[str]:
    """The message on every day of a year at the longest times, from the longest sender."""
    wanted = BOOK.phrase(locale, name).arguments
    fixed = {
        "sender": "W" * LONGEST_SENDER,
        "practice_phone": "+12125550100",
        "code": "123456",
        "staff": "Amara Osei",
        "link": LINK,
    }
    texts = []
    for day in DAYS if "day" in wanted else DAYS[:1]:
        for clock in (time(10, 30), time(22, 30)):
            at = datetime.combine(day, clock).isoformat() + "-05:00"
            args = {each: fixed.get(each, at) for each in wanted}
            texts.append(BOOK.render(locale, name, args))
    return texts


@pytest.mark.parametrize(("locale", "name"), TEXTS)
def test_rem_02_every_text_fits_one_message_of_plain_letters_or_two_of_any(locale: str, name: str) -> None:
    """One with a link goes out only where it does (desk/reminder_words.py): those of other letters may not."""
    for text in worst(locale, name):
        linked = LINK in text and not set(text) <= GSM_7
        assert linked or fits(text), (len(text), text)


@pytest.mark.parametrize(("locale", "name"), TEXTS)
def test_prv_03_no_text_says_what_kind_of_office_it_is_or_why_anybody_comes(locale: str, name: str) -> None:
    text = worst(locale, name)[0]
    assert NEVER_IN_A_TEXT.search(text) is None, text


@pytest.mark.parametrize(("locale", "name"), TEXTS)
def test_rem_02_no_text_presses_blames_or_names_a_cost(locale: str, name: str) -> None:
    text = worst(locale, name)[0]
    assert PRESSING.search(text) is None, text


@pytest.mark.parametrize("locale", BOOK.locales)
@pytest.mark.parametrize("name", OF_A_VISIT)
def test_rem_01_a_text_about_a_visit_says_who_when_and_how_to_confirm_change_and_reach_a_person(
    locale: str, name: str
) -> None:
    text = worst(locale, name)[0]
    assert text.startswith("W" * LONGEST_SENDER + ": ")
    assert {"sender", "day", "clock", "practice_phone"} <= BOOK.phrase(locale, name).arguments
    assert re.search(r"\bC\b", text) and re.search(r"\bR\b", text)


@pytest.mark.parametrize("locale", BOOK.locales)
@pytest.mark.parametrize("name", OPTED_OUT_OF)
def test_tel_02_every_text_of_our_own_says_how_to_get_no_more(locale: str, name: str) -> None:
    assert re.search(r"\bSTOP\b", worst(locale, name)[0])


@pytest.mark.parametrize("locale", BOOK.locales)
def test_tel_07_no_phrase_makes_a_carriers_opt_out_word_a_command_for_a_visit(locale: str) -> None:
    meaning = {"en": r"STOP to opt out", "es": r"STOP(?: para|:) salir"}[locale]
    for name, phrase in BOOK.phrases(locale).items():
        for word in re.findall(r"\b(?:CANCELAR|CANCEL|END|QUIT|REVOKE|UNSUBSCRIBE|STOPALL)\b", phrase.text):
            pytest.fail(f"{name} names {word}")
        assert len(re.findall(r"\bSTOP\b", phrase.text)) == len(re.findall(meaning, phrase.text)), name


@pytest.mark.parametrize("locale", BOOK.locales)
def test_rem_01_a_first_visits_reminder_says_that_a_person_can_help(locale: str) -> None:
    helps = {"en": "A person can help you with this", "es": "Una persona le ayuda"}[locale]
    for name in REMINDERS:
        assert (helps in worst(locale, name)[0]) == name.startswith("sms.reminder.first"), name


@pytest.mark.parametrize("locale", BOOK.locales)
@pytest.mark.parametrize("tone", ["warm", "brief"])
def test_rem_02_every_tone_has_words_for_a_reminder_and_for_that_of_a_first_visit(
    locale: str, tone: str
) -> None:
    assert BOOK.has(locale, f"sms.reminder.{tone}") and BOOK.has(locale, f"sms.reminder.first.{tone}")
