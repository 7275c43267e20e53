from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.phrasebook.book import Phrasebook, core_files, files
from lamplighter.practice.sentences import AGAIN, Draft, ToRead, chapters
from lamplighter.practice.to_read import as_text, to_read
from lamplighter.wiring.lines import WAYS

EN = {"phrasebook/en.yaml": b"phrases:\n  hours: We are open today.\n"}
ROUTES = Path("src/lamplighter/conversation/ways.yaml").read_bytes()


def read(files: dict[str, bytes]) -> ToRead:
    found = to_read(files)
    assert found is not None
    return found


def of(*said: str) -> ToRead:
    return ToRead(tuple(chapters([Draft("", f"s{n}", tuple(each.split())) for n, each in enumerate(said)])))


@pytest.mark.parametrize("locale", sorted(files()))
def test_every_sentence_that_a_caller_can_hear_stands_whole_in_what_is_read(locale: str) -> None:
    reading = read({f"phrasebook/{locale}.yaml": files()[locale]})
    shown = {each.whole for chapter in reading.chapters for each in chapter.sentences}

    for phrase in Phrasebook.load().phrases(locale).values():
        if not phrase.id.startswith("before_signing"):
            assert {" ".join(phrase.text.split()), " ".join(phrase.spoken.split())} <= shown, phrase.id


@pytest.mark.parametrize("locale", sorted(core_files()))
def test_the_twelve_safety_sentences_are_read_whole_in_every_language(locale: str) -> None:
    (chapter,) = read({f"core/{locale}.yaml": core_files()[locale]}).chapters

    assert len(chapter.sentences) == 12
    assert all(each.whole for each in chapter.sentences)


SENTENCE = st.lists(
    st.sampled_from(["we", "will", "not", "call", "you", "back", "today", "or", "ever"]),
    min_size=1,
    max_size=14,
)


@given(st.lists(SENTENCE, max_size=8))
def test_pieces_are_the_sentence_and_what_is_read_again_stands_so_in_the_one_that_is_named(
    said: list[list[str]],
) -> None:
    sentences = [each for chapter in of(*map(" ".join, said)).chapters for each in chapter.sentences]
    before: dict[str, str] = {}

    for words, each in zip(said, sentences, strict=True):
        assert each.whole == " ".join(words)
        for piece in each.pieces:
            if piece.again:
                assert len(piece.words.split()) >= AGAIN
                assert f" {piece.words} " in f" {before[each.like]} "
        before[each.id] = each.whole


def test_a_word_that_turns_a_sentence_round_is_new_however_much_of_it_stood_before() -> None:
    (chapter,) = of(
        "Somebody of ours will call you back today.", "Somebody of ours will not call you back today."
    ).chapters
    first, second = chapter.sentences

    assert [piece.words for piece in second.pieces if not piece.again] == ["not"]
    assert (first.new_words, second.new_words) == (8, 1)


def test_where_hand_overs_go_is_read_as_the_ten_reasons_without_expressions() -> None:
    text = as_text(read({WAYS: ROUTES}))

    assert "[violence at home] goes by home; first ladder; then the domestic violence line and 911" in text
    assert "of the guard's patterns" in text
    assert "(?" not in text
    assert "\\b" not in text


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"phrasebook/en.yaml": b"phrases: [a, b]\n"},
        {"phrasebook/en.yaml": b"phrases: {hours: {text: [a]}}\n"},
        {"phrasebook/en.yaml": b"hello"},
        {"phrasebook/en.yaml": b"phrases: {a: 'b"},
        {WAYS: b"routes: {self-harm: {first: ladder}}\n"},
        {"money.yaml": b"late_fee: $75\n"},
        {**EN, "money.yaml": b"late_fee: $75\n"},
    ],
)
def test_what_is_of_another_form_is_read_as_its_file(files: dict[str, bytes]) -> None:
    assert to_read(files) is None
