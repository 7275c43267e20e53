"""BIL-01: nothing says what something owed was for, and no amount of it is said before it is known who asks."""

import re
from dataclasses import fields

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Person, Visit
from lamplighter.practice import packet
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CHANNELS, Channel, House

BOOK = Phrasebook.load()
PHRASES = [(locale, name) for locale in BOOK.locales for name in BOOK.phrases(locale)]
OWED = re.compile(
    r"\bbalance|\bowe[sd]?\b|amount due|past due|outstanding|invoice|your bill\b|statement"
    r"|\bsaldo|adeud|\bdeuda|factura pendiente|cantidad pendiente",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"[$€]|\bfees?\b|\bcharg|\bbill|\bpays?\b|\bpaying|\bcosts?\b|cargo|cobr|\bpag|cuesta|tarifa|factur", re.I
)
WHAT_FOR = re.compile(
    r"diagnos|procedure|\bCPT\b|\bICD\b|\bcode for\b|psych|psiq|psic|therap|terap|counsel|consejer|\bsession|sesi[oó]n"
    r"|treat|tratamiento|medic(?!aid|are)|evaluat|evaluaci|\bDr\b|doctor|\{clinician|\{visit_kind",
    re.IGNORECASE,
)
PRICES = {"fee", "fee_later"}
"""What may be said of money: what the practice charges anybody, from its files. What one person owes has a place in
`bill.` phrases alone, which an errand says once it is known who asks (`test_billing.py`)."""

ASKS = {
    "en": ("How much do I owe?", "What's my balance?", "Maya Quillfeather, March 3 1991, how much is my bill?"),
    "es": ("¿Cuánto debo?", "¿Cuál es mi saldo?", "Maya Quillfeather, 3 de marzo de 1991, ¿de cuánto es mi cuenta?"),
}  # fmt: skip


def test_bil_01_what_speaks_of_something_owed_says_balance_and_never_what_for() -> None:
    texts = [BOOK.phrase(locale, name).text for locale, name in PHRASES]
    owed = [text for text in texts if OWED.search(text)]
    assert [text for text in owed if not re.search(r"\bbalance|\bsaldo", text, re.IGNORECASE)] == []
    assert [text for text in owed if WHAT_FOR.search(text)] == []


def test_bil_01_the_lint_sees_the_words_that_it_is_for() -> None:
    owed = {(locale, name) for locale, name in PHRASES if OWED.search(BOOK.phrase(locale, name).text)}
    assert {(each, name) for each in BOOK.locales for name in ("answer.payment_plans", "bill.owes")} <= owed
    assert all(name.startswith(("answer.payment_plans", "bill.")) for _, name in owed)
    for said in (
        "Your balance for the psychiatric evaluation",
        "Saldo de la sesión",
        "balance for {visit_kind, select",
    ):
        assert OWED.search(said) and WHAT_FOR.search(said)
    assert not WHAT_FOR.search("The balance on your account of December 3; Medicaid, Medicare")


def test_bil_01_no_sentence_has_a_place_for_an_amount_that_one_person_owes() -> None:
    named = re.compile(r"amount|balance|owed|due_amount|total|sum|price|fee")
    for locale, name in PHRASES:
        found = {each for each in BOOK.phrase(locale, name).arguments if named.search(each)}
        assert found <= PRICES, name
    kept = {field.name for kind in (Person, Visit) for field in fields(kind)}
    assert not {each for each in kept if named.search(each)}, "nothing of it is kept that could be said"


def test_bil_01_no_message_that_goes_out_names_an_amount_or_a_bill() -> None:
    out = [BOOK.phrase(locale, name) for locale, name in PHRASES if name.startswith(("sms.", "email."))]
    assert len(out) > 100
    assert [phrase.text for phrase in out if PRICES & phrase.arguments] == []
    named = re.compile(r"[$€]|\bbill|\bbalance|\bsaldo|factur", re.IGNORECASE)
    assert [phrase.text for phrase in out if named.search(phrase.text)] == []


def test_bil_01_the_papers_say_nothing_of_what_a_price_is_for() -> None:
    practice = load_sample()
    spoken_of = 0
    for piece in practice.packet.pieces:
        for locale in practice.languages_signed:
            paper = packet.paper(practice, piece, locale)
            assert paper is not None
            for block in paper.blocks:
                for said in (block.text, *block.items):
                    if MONEY.search(said):
                        spoken_of += 1
                        assert WHAT_FOR.search(said) is None, said
    assert spoken_of > 8


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", list(ASKS))
def test_bil_01_whoever_asks_what_they_owe_hears_no_amount_of_theirs_and_nothing_of_what_for(
    channel: Channel, locale: str
) -> None:
    house = House()
    call = house.call(channel)
    practice = house.practice
    public = {f"${kind.fee.amount:,.0f}" for kind in practice.visit_kinds} | {"$75", "$60"}
    for words in ASKS[locale]:
        reply = call.say(words)
        for said in reply.said:
            assert set(re.findall(r"\$[\d,.]*\d", said.text)) <= public, said.text
            assert WHAT_FOR.search(said.text) is None, said.text
