"""A task tells staff what is so in words: no id, no code of ours."""

from lamplighter.console.task_words import details
from lamplighter.practice.sample import load_sample

GIVEN = {
    "about": "ask",
    "visit": "psychiatric_follow_up",
    "clinician": "amara_osei",
    "amount": "132.45 USD",
    "earlier_amount": "100.00 USD; 20.00 USD",
    "insurance": "healthfirst_medicaid",
    "modality": "in_person",
    "contact_channel": "sms",
    "date_of_birth": "1988-04-12",
    "self_pay": "true",
    "by": "2027-06-01",
    "promised_again": "2026-12-03 17:00",
    "trouble": "late",
    "subscriber": "spouse",
    "do_not_call_back": "true",
    "message": "it is about self_pay; true",
}


def test_a_task_tells_what_is_so_in_words_and_leaves_free_words_alone() -> None:
    assert list(details(load_sample(), GIVEN)) == [
        "Visit: psychiatric follow-up",
        "Clinician: Dr. Osei",
        "Amount: $132.45",
        "Before: amount: $100.00; $20.00",
        "Insurance: Healthfirst Medicaid",
        "Modality: in person",
        "Contact channel: text",
        "Date of birth: Apr 12, 1988",
        "Self pay: yes",
        "Last day to appeal: Tue, Jun 1, 2027",
        "Call promised anew by: Thu, Dec 3, 5:00 PM",
        "In the way: they come late",
        "Subscriber: their spouse's",
        "Do not call back: yes",
        "Message: it is about self_pay; true",
    ]


def test_what_no_file_names_any_more_stands_as_it_was_kept() -> None:
    assert list(details(load_sample(), {"visit": "gone", "by": "soon", "amount": "?"})) == [
        "Visit: gone", "Last day to appeal: soon", "Amount: ?",
    ]  # fmt: skip
