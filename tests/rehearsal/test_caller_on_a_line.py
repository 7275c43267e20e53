"""What a caller does on a real line and nowhere else: spell a name that was misheard, key in a number."""

from tests.rehearsal.callers import HEAD, asking, caller

KNOWS = """
knows: {first_name: aisha, last_name: rahman, phone: "555 0143", confirm: that's right}
expect: {details: {last_name: Rahman}}
"""


def test_a_name_that_was_misheard_is_spelled() -> None:
    one = caller(KNOWS, on_a_line=True)
    said = one.answer(asking("phone", confirms={"last_name": "Ramen"}))
    assert said == "no, rahman, R A H M A N. 555 0143"


def test_letters_that_were_misheard_are_said_with_a_word_each() -> None:
    one = caller(KNOWS, on_a_line=True)
    one.answer(asking("phone", confirms={"last_name": "Ramen"}))
    said = one.answer(asking("confirm", confirms={"last_name": "Rahnan"}))
    assert said == (
        "no, rahman, R, as in robert. A, as in apple. H, as in henry. M, as in mary. A, as in apple. N, as in nancy"
    )


def test_a_name_whose_letters_are_asked_for_is_spelled() -> None:
    one = caller(KNOWS, on_a_line=True)
    assert one.answer(asking("last_name", phrase="reask.last_name")) == "rahman, R A H M A N"


def test_letters_that_the_file_gives_are_said_as_they_stand() -> None:
    one = caller(KNOWS.replace("last_name: rahman", "last_name: rahman r a h m a n"), on_a_line=True)
    assert one.answer(asking("last_name", phrase="reask.last_name")) == "rahman r a h m a n"


def test_a_spaniard_names_the_accent_and_says_what_a_letter_is_of() -> None:
    head = HEAD.replace("locale: en", "locale: es")
    one = caller("expect: {details: {last_name: Ruíz}}", head=head, on_a_line=True)
    asked = asking("last_name", phrase="reask.last_name")
    assert one.answer(asked) == "ruíz, R U, i con acento, Z"
    assert one.answer(asked) == "ruíz, R, de ratón. U, de uva. i con acento. Z, de zapato"


def test_a_patient_on_file_means_the_name_on_file() -> None:
    body = """
knows: {last_name: montoya}
existing: {first_name: Pilar, last_name: Montoya, date_of_birth: "1966-04-30"}
"""
    asked = asking("confirm_detail", confirms={"last_name": "Montayo"})
    assert caller(body, on_a_line=True).answer(asked) == "no, montoya, M O N T O Y A"
    assert caller(body).answer(asked) == "yes"


def test_where_hearing_is_perfect_nothing_is_spelled_unasked() -> None:
    one = caller(KNOWS)
    assert one.answer(asking("last_name", phrase="reask.last_name")) == "rahman"
    assert one.answer(asking("phone", confirms={"last_name": "Ramen"})) == "no, rahman. 555 0143"


def test_a_number_that_is_asked_for_a_third_time_is_keyed_in() -> None:
    one = caller("knows: {phone: two one two}\nexpect: {details: {phone: '+12125550143'}}", on_a_line=True)
    again = asking("phone", phrase="reask.phone")
    said = [one.answer(asking("phone")), one.answer(again), one.answer(again)]
    assert said == ["two one two", "two one two", "2125550143"]
    assert one.keys == "2125550143"
    one.answer(asking("first_name"))
    assert one.keys == ""


def test_a_birth_date_that_is_asked_for_again_is_said_in_full() -> None:
    body = "knows: {date_of_birth: seven four seventy six}\nexpect: {details: {date_of_birth: '1976-07-04'}}"
    one = caller(body, on_a_line=True)
    assert one.answer(asking("date_of_birth")) == "seven four seventy six"
    assert one.answer(asking("date_of_birth", phrase="reask.date_of_birth")) == "July 4, 1976"
    assert (
        caller(body).answer(asking("date_of_birth", phrase="reask.date_of_birth")) == "seven four seventy six"
    )


def test_of_two_names_that_were_read_back_the_wrong_one_is_named() -> None:
    one = caller(KNOWS, on_a_line=True)
    asked = asking("phone", confirms={"first_name": "Aisha", "last_name": "Ramen"})
    assert one.answer(asked) == "no, the last name is rahman, R A H M A N. 555 0143"
