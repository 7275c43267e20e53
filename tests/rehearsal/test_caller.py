from tests.rehearsal.callers import HEAD, asking, caller

SPANISH = HEAD.replace("locale: en", "locale: es")


def test_everything_asked_in_one_breath_is_answered_in_that_order() -> None:
    one = caller("""knows: {first_name: "it's maya", last_name: okafor}""")
    assert one.answer(asking("last_name", "first_name")) == "okafor. it's maya"


def test_two_phrases_of_one_turn_are_one_question() -> None:
    one = caller("""knows: {first_name: maya, phone: "555 0143"}""")
    assert one.answer(asking("first_name") + asking("phone", "first_name")) == "maya. 555 0143"


def test_a_list_advances_with_each_time_it_is_asked_and_its_last_entry_repeats() -> None:
    one = caller("knows: {last_name: [okafor, o k a f o r]}")
    assert [one.answer(asking("last_name")) for _ in range(3)] == ["okafor", "o k a f o r", "o k a f o r"]


def test_nothing_asked_is_nothing_answered() -> None:
    assert caller().answer(asking()) is None


def test_a_detail_not_known_is_not_known_in_the_callers_language() -> None:
    assert caller().answer(asking("email")) == "I don't know"
    assert caller(head=SPANISH).answer(asking("email")) == "no sé"


def test_exceptions_have_answers_of_their_own() -> None:
    one = caller()
    assert one.answer(asking("errand")) == "hello"
    assert one.answer(asking("anything_else")) == "no, thank you"
    assert one.answer(asking("person")) == "no, thank you"
    assert (
        one.answer(asking("waitlist", "plan_check", "reminder_consent", "leave_message"))
        == "yes. yes. yes. yes"
    )
    assert one.answer(asking("organisation")) == "I'd rather not say"
    assert one.answer(asking("confirm_detail")) == "yes"
    assert one.answer(asking("confirm")) == "I don't know"


def test_an_exception_that_is_known_is_answered_from_what_is_known() -> None:
    assert caller("knows: {waitlist: nah}").answer(asking("waitlist")) == "nah"


def test_the_code_that_arrived_is_read_back_and_one_that_did_not_is_not_known() -> None:
    assert caller(code="4 8 2 9").answer(asking("identity_code")) == "4 8 2 9"
    assert caller().answer(asking("identity_code")) == "I don't know"


# -- read-backs ------------------------------------------------------------------------------------------------------

WRONG = """
knows: {last_name: [okafor, o k a f o r], phone: "555 0143", confirm: that's right}
expect: {details: {last_name: Okafor}}
"""


def test_a_wrong_read_back_is_corrected_before_the_rest_of_the_answer() -> None:
    one = caller(WRONG)
    assert one.answer(asking("last_name")) == "okafor"
    assert one.answer(asking("phone", confirms={"last_name": "Okefor"})) == "no, o k a f o r. 555 0143"


def test_a_right_read_back_is_passed_over_whatever_its_case() -> None:
    assert caller(WRONG).answer(asking("phone", confirms={"last_name": "okafor"})) == "555 0143"


def test_a_correction_stands_in_place_of_the_yes() -> None:
    one = caller(WRONG)
    assert one.answer(asking("confirm", confirms={"last_name": "Okefor"})) == "no, okafor"
    assert one.answer(asking("confirm_detail", confirms={"last_name": "Okefor"})) == "no, o k a f o r"
    assert one.answer(asking("confirm", confirms={"last_name": "Okafor"})) == "that's right"


def test_several_wrong_details_are_corrected_in_the_order_they_were_read() -> None:
    one = caller(
        "knows: {last_name: okafor, phone: five}\nexpect: {details: {last_name: Okafor, phone: '+12125550143'}}"
    )
    confirms = {"phone": "+12125550134", "last_name": "Okafer"}
    assert one.answer(asking("confirm", confirms=confirms)) == "no, five. okafor"


def test_a_wrong_detail_that_is_asked_again_too_is_answered_once() -> None:
    one = caller(WRONG)
    assert one.answer(asking("last_name", confirms={"last_name": "Okefor"})) == "no, okafor"


def test_an_expectation_that_is_not_read_back_corrects_nothing() -> None:
    assert caller(WRONG).answer(asking("phone", confirms={"first_name": "Mia"})) == "555 0143"


# -- offers ----------------------------------------------------------------------------------------------------------

OFFER = """knows: {availability: evenings, choice: the second one}"""


def test_an_offer_before_the_wish_was_asked_is_answered_with_the_wish() -> None:
    one = caller(OFFER)
    assert [one.answer(asking("choice")) for _ in range(2)] == ["evenings", "the second one"]


def test_an_offer_after_the_wish_was_asked_is_chosen_from() -> None:
    one = caller(OFFER)
    assert one.answer(asking("availability")) == "evenings"
    assert one.answer(asking("choice")) == "the second one"


def test_a_caller_without_a_wish_chooses_from_the_first_offer() -> None:
    assert caller("knows: {choice: the first}").answer(asking("choice")) == "the first"


# -- interrupts ------------------------------------------------------------------------------------------------------

TWO = """
knows: {insurance: aetna, phone: "555 0143", choice: the first, confirm: "yes"}
interrupts:
- {when_asked: insurance, says: how much is it}
- {when_asked: phone, says: why do you need that}
"""


def test_an_interrupt_replaces_the_whole_answer_once() -> None:
    one = caller(TWO)
    assert one.answer(asking("insurance")) == "how much is it"
    assert one.answer(asking("insurance")) == "aetna"


def test_of_two_due_the_first_in_the_file_is_said_and_the_other_waits_for_its_detail() -> None:
    one = caller(TWO)
    assert one.answer(asking("phone", "insurance")) == "how much is it"
    assert one.answer(asking("insurance")) == "aetna"
    assert one.answer(asking("phone")) == "why do you need that"
    assert one.answer(asking("phone")) == "555 0143"


def test_an_interrupt_whose_detail_was_never_asked_is_said_at_the_summary() -> None:
    one = caller(TWO)
    said = [one.answer(asking("confirm")) for _ in range(3)]
    assert said == ["how much is it", "why do you need that", "yes"]


def test_without_a_summary_it_is_said_at_the_goodbye() -> None:
    one = caller(TWO)
    assert [one.at_goodbye() for _ in range(3)] == ["how much is it", "why do you need that", None]


def test_an_interrupt_that_waited_in_vain_for_its_asked_detail_is_not_said_at_the_goodbye() -> None:
    one = caller(TWO)
    one.answer(asking("phone", "insurance"))
    assert one.at_goodbye() is None


def test_an_interrupt_for_the_wish_is_said_at_the_first_offer_and_the_wish_at_the_next() -> None:
    one = caller(OFFER + "\ninterrupts: [{when_asked: availability, says: do you do video}]")
    assert [one.answer(asking("choice")) for _ in range(3)] == [
        "do you do video",
        "evenings",
        "the second one",
    ]


def test_an_interrupt_for_what_comes_last_waits_for_it() -> None:
    one = caller("knows: {confirm: sure}\ninterrupts: [{when_asked: anything_else, says: where are you}]")
    assert one.answer(asking("confirm")) == "sure"
    assert one.answer(asking("anything_else")) == "where are you"


def test_the_second_participants_details_are_their_own() -> None:
    one = caller("knows: {first_name: ana, second.first_name: luis}")
    assert one.answer(asking("second.first_name", "first_name")) == "luis. ana"
