"""How files as they really come are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.connectors.clearinghouse.x12 import X12Error, read_documents
from lamplighter.connectors.clearinghouse.x12.envelope import read
from tests.connectors.clearinghouse.x12.texts import HEAD, answer

PLAIN = answer("EB*1**30**LANTERN OPEN~EB*B*IND*A6***27*20****N*Y~")


def content(text: str | bytes) -> object:
    (document,) = read_documents(text)
    return document.content


@pytest.mark.parametrize(
    "untidy",
    [
        ("\ufeff" + PLAIN).encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace("~", "~\r\n").encode(),
        PLAIN.replace("~", "~\n      ").encode(),
        PLAIN.replace("~", "\n").encode(),
        PLAIN.replace("~", "\r\n").encode(),
        ("from our mailbox:\n" + PLAIN).encode(),
        PLAIN.replace(" " * 10, "").replace(" " * 5, "").encode(),
        PLAIN.replace("*261130*0900*", "*1130*0900*", 1).encode(),
        PLAIN.replace("~", "\x1d").replace("*", "\x1f").encode(),
        PLAIN.replace("*", "|").encode(),
        PLAIN.replace("EB*", "EB\x00*").encode(),
        (PLAIN + "\x1a").encode(),
        PLAIN.replace("~EB*", "~eb*").replace("~HL*", "~Hl*").encode(),
        (PLAIN[: PLAIN.index("*00501*")] + PLAIN[PLAIN.index("*0*T*") :]).encode(),
    ],
    ids=[
        "byte-order mark",
        "UTF-16",
        "a line each",
        "indented",
        "lines instead of a terminator",
        "CRLF instead of a terminator",
        "something before it",
        "a header without its padding",
        "a damaged date",
        "control characters",
        "bars",
        "NUL",
        "an end-of-file mark",
        "tags in lower case",
        "two elements of the header missing",
    ],
)
def test_an_untidy_file_says_what_the_tidy_one_says(untidy: bytes) -> None:
    assert content(untidy) == content(PLAIN)


def test_a_name_that_is_not_utf_8_is_read_as_latin_1_and_said() -> None:
    (document,) = read_documents(PLAIN.replace("QUILL", "PEÑA").encode("latin-1"))
    assert document.content.members[0].party.last_name == "PEÑA"


def test_a_4010_envelope_round_a_5010_body_is_read_with_its_repetitions() -> None:
    older = PLAIN.replace("*^*00501*", "*U*00401*").replace("EB*1**30*", "EB*1**30^MH*")
    (document,) = read_documents(older)
    assert document.content.members[0].benefits[0].services == ("30", "MH")


def test_several_interchanges_in_one_file_are_all_read() -> None:
    documents = read_documents(PLAIN + "\n" + PLAIN.replace("T-1", "T-2"))
    assert [document.content.reference for document in documents] == ["T-1", "T-2"]


def test_a_transaction_set_without_an_envelope_is_read_and_said() -> None:
    bare = PLAIN[PLAIN.index("ST*") : PLAIN.index("GE*")]
    (document,) = read_documents(bare)
    (row, _) = document.content.members[0].benefits
    assert (row.plan, row.number) == ("LANTERN OPEN", 16)


@pytest.mark.parametrize("end", ["\n", "\r\n", "~", "~\n", "'"])
def test_a_transaction_set_without_an_envelope_is_read_whatever_ends_its_segments(end: str) -> None:
    bare = PLAIN[PLAIN.index("ST*") : PLAIN.index("GE*")].replace("NORA", "NO'RA" if end == "\n" else "NORA")
    (document,) = read_documents(bare.replace("~", end))
    assert len(document.content.members[0].benefits) == 2


def test_a_transaction_set_without_a_group_is_remarked_on() -> None:
    without = PLAIN.replace(PLAIN[PLAIN.index("GS*") : PLAIN.index("ST*")], "").replace("GE*1*42~", "")
    (document,) = read_documents(without)
    assert "segment 2 (ST): no GS stands before it" in [str(remark) for remark in document.remarks]


def test_thousands_of_acknowledgements_in_one_file_are_all_read() -> None:
    isa = HEAD[: HEAD.index("GS*")]
    assert len(read_documents(f"{isa}TA1*1*261130*0900*A*000~IEA*0*000000042~\n" * 3000)) == 3000


def test_a_version_in_other_digits_than_ours_is_none() -> None:
    assert content(PLAIN.replace("*00501*", "*00\u00b901*", 1)) == content(PLAIN)


def test_neither_a_name_nor_a_birth_date_is_shown_where_an_answer_is_printed() -> None:
    (member,) = content(PLAIN).members
    assert not any(word in repr((member, member.party)) for word in ("QUILL", "1981", "LH0001", "NORA"))


@pytest.mark.parametrize(
    ("broken", "number", "tag"),
    [
        (PLAIN[: PLAIN.index("EB*B")], 18, "EB"),
        (PLAIN[: PLAIN.index("~SE*") + 1], 19, "EB"),
        (PLAIN.replace("BHT*", "B*HT*"), 4, "?"),
        (PLAIN.replace("ST*271*0001*005010X279A1~", ""), 3, "BHT"),
        (PLAIN.replace("ST*271", "ST*"), 3, "ST"),
        (PLAIN.replace("ST*271", "ST*999999"), 3, "ST"),
        (HEAD[: HEAD.index("GS*")] + "IEA*0*000000042~", 2, "IEA"),
    ],
    ids=[
        "cut in the middle",
        "without SE",
        "no tag",
        "without ST",
        "ST without a kind",
        "unknown kind",
        "empty",
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_segment_named(broken: str, number: int, tag: str) -> None:
    with pytest.raises(X12Error) as refused:
        read_documents(broken)
    assert (refused.value.number, refused.value.tag) == (number, tag)


@pytest.mark.parametrize(
    "nothing", [b"", b"  \n", b"hello", b"ISA", b"ISA*", b"ISA*00*", b"{}", b"\x00\x00", b"\xff\xfe"]
)
def test_what_is_no_x12_is_refused(nothing: bytes) -> None:
    with pytest.raises(X12Error):
        read_documents(nothing)


def test_an_error_never_repeats_what_a_segment_holds() -> None:
    with pytest.raises(X12Error) as refused:
        read_documents(PLAIN.replace("BHT*", "Nora Quill*"))
    assert "Quill" not in str(refused.value)


def test_counts_and_numbers_that_do_not_agree_are_remarked_on_and_read() -> None:
    wrong = PLAIN.replace("*0001~GE*1*42", "*0009~GE*2*43").replace("SE*", "SE*9")
    (interchange,) = read(wrong)
    assert [(remark.tag, remark.number) for remark in interchange.remarks] == [
        ("SE", 20), ("SE", 20), ("GE", 21), ("GE", 21),
    ]  # fmt: skip
    assert content(wrong) == content(PLAIN)


def read_or_refused(raw: bytes | str) -> bool:
    """Whether it was one of the two; whatever else happens, happens to the test."""
    try:
        return bool(read_documents(raw))
    except X12Error:
        return True


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(raw: bytes) -> None:
    assert read_or_refused(raw)


@given(st.lists(st.tuples(st.integers(0, len(PLAIN)), st.integers(0, 12), st.text(max_size=4)), max_size=6))
def test_no_damage_to_an_answer_makes_it_fail_in_another_way(damage: list[tuple[int, int, str]]) -> None:
    text = PLAIN
    for place, length, put in damage:
        text = text[:place] + put + text[place + length :]
    assert read_or_refused(text)
