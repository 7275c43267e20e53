import pytest

from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.sameness import same, shown
from lamplighter.rehearsal.traces import contains

PRACTICE = load_sample()


@pytest.mark.parametrize(
    ("detail", "one", "other"),
    [
        ("last_name", "O'Connor-Smith", "oconnor smith"),
        ("last_name", "Nuñez", "nun\u0303ez"),
        ("phone", "+12125550143", "(212) 555-0143"),
        ("clinician", "luis_ortega", "Luis Ortega"),
        ("clinician", "Dr. Osei", "Amara Osei"),
        ("insurance", "unitedhealthcare", "United Healthcare"),
        ("insurance", "empire", "Empire BlueCross BlueShield"),
        ("modality", "telehealth", "video"),
        ("modality", "in_person", "in person"),
        ("leave_message", "true", "yes"),
        ("contact_channel", "sms", "text"),
        ("contact_channel", "voice", "phone"),
        ("contact_channel", "call", "phone"),
        ("state", "NY", "New York"),
        ("second.last_name", "DE LA CRUZ", "de la Cruz"),
        ("visit_kind", "first_visit", "first visit"),
    ],
)
def test_the_same_value_written_another_way_is_the_same(detail: str, one: str, other: str) -> None:
    assert same(detail, one, other, PRACTICE)
    assert same(detail, other, one, PRACTICE)


@pytest.mark.parametrize(
    ("detail", "one", "other"),
    [
        ("last_name", "Okafor", "Okafer"),
        ("last_name", "Nuñez", "Nunez"),
        ("phone", "+12125550143", "+12125550134"),
        ("date_of_birth", "1990-03-04", "1990-04-03"),
        ("insurance", "aetna", "cigna"),
        ("leave_message", "true", "no"),
        ("contact_channel", "text", "phone"),
    ],
)
def test_another_value_is_another(detail: str, one: str, other: str) -> None:
    assert not same(detail, one, other, PRACTICE)


def test_insurers_and_clinicians_are_shown_by_name() -> None:
    assert shown("insurance", "empire", PRACTICE) == "Empire BlueCross BlueShield"
    assert shown("clinician", "mei_tan", PRACTICE) == "Mei Tan"
    assert shown("first_name", "Mei", PRACTICE) == "Mei"


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("About your Divorce.", "divorce", True),
        ("One moment please", "mom", False),
        ("the 15th of  december", "of december", True),
        ("(555) 0143", "555", True),
        ("Muñoz", "munoz", False),
        ("a.b", "a+b", False),
    ],
)
def test_words_are_found_whole(text: str, words: str, found: bool) -> None:
    assert contains(text, words) is found
