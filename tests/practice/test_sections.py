"""The protocol cut into sections that somebody approves: each file in exactly one, no approval of another content."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.practice.approvals import (
    LONGEST_NOTE,
    ApprovalWrong,
    approve,
    counts,
    of_these,
    read_approval,
    unapproved,
)
from lamplighter.practice.load import NEEDED, OPTIONAL
from lamplighter.practice.protocol import snapshot
from lamplighter.practice.review import review
from lamplighter.practice.sections import CUT, Section, cut, section_of
from lamplighter.wiring.lines import protocol_of
from tests.practice.approving import approved, signed
from tests.practice.folder import SAMPLE
from tests.practice.test_protocol import FILES, KEY

AT = datetime(2026, 12, 1, 15, tzinfo=UTC)
NAMES = [
    "ladder.yaml",
    "answers.es.yaml",
    "packet.es.yaml",
    "phrasebook/es.yaml",
    "law/states.toml",
    "what/ever.txt",
    "x",
]


def section(name: str, files: dict[str, bytes] = FILES) -> Section:
    return next(each for each in cut(files) if each.id == name)


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=30)), st.binary(max_size=9)
    )
)
def test_every_file_of_a_snapshot_stands_in_exactly_one_section(files: dict[str, bytes]) -> None:
    assert sorted(name for each in cut(files) for name in each.files) == sorted(files)


def test_nothing_that_a_practice_signs_today_is_among_the_other_files() -> None:
    files = protocol_of(SAMPLE).files
    assert {section_of(name) for name in (*NEEDED, *OPTIONAL)}.isdisjoint({"other"})
    assert [each.id for each in cut(files)] == [
        "ladder", "practice", "people", "money", "answers/en", "answers/es", "packet/en", "packet/es",
        "words/en", "words/es", "routes", "law", "parties",
    ]  # fmt: skip


def test_whoever_changes_the_cut_raises_its_version() -> None:
    """What was signed under version 1 is held against this very table; what it could not hold changes nothing."""
    names = sorted(
        {
            *NEEDED,
            *OPTIONAL,
            "answers.es.yaml",
            "packet.es.yaml",
            "phrasebook/es.yaml",
            "law/a",
            "hand_over/a",
            "x/y",
        }
    )
    told = [(each.id, each.files, each.approved_by) for each in cut(dict.fromkeys(names, b""))]
    assert (CUT, hashlib.sha256(repr(told).encode()).hexdigest()[:16]) == (1, "042fb8327989c6fc")


def test_a_file_that_nobody_thought_of_is_shown_and_has_to_be_approved() -> None:
    files = {**FILES, "fax/covers.yaml": b"Dear"}
    assert section("other", files).files == ("fax/covers.yaml",)
    assert [each.id for each in unapproved(cut(files), approved(FILES, AT))] == ["other"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_one_more_byte_in_a_file_undoes_the_approval_of_its_section_and_of_no_other(name: str) -> None:
    changed = {**FILES, name: FILES[name] + b"\n"}
    assert [each.id for each in unapproved(cut(changed), approved(FILES, AT))] == [section_of(name)]


@pytest.mark.parametrize("name", ["ladder", "words/es"])
def test_what_is_rung_and_said_in_a_crisis_takes_a_clinician(name: str) -> None:
    owner = approve(section(name), "Rosa Ferro", "owner", AT, reads=True)
    clinician = approve(section(name), "Dr. Amara Osei", "clinician", AT, reads=True)
    assert not counts(owner, section(name))
    assert counts(clinician, section(name))


def test_the_rest_takes_an_owner_and_no_clinician_approves_it_alone() -> None:
    assert counts(approve(section("money"), "Rosa Ferro", "owner", AT), section("money"))
    assert not counts(approve(section("money"), "Dr. Amara Osei", "clinician", AT), section("money"))


def test_words_are_approved_only_by_somebody_who_says_that_they_read_the_language() -> None:
    with pytest.raises(ApprovalWrong, match="words in Spanish"):
        approve(section("words/es"), "Dr. Amara Osei", "clinician", AT)
    assert not approve(section("ladder"), "Dr. Amara Osei", "clinician", AT, reads=True).reads


@pytest.mark.parametrize(
    ("name", "role", "at", "note", "wrong"),
    [
        (" ", "owner", AT, "", "named person"),
        ("Rosa\x07", "owner", AT, "", "named person"),
        ("Rosa Ferro", "biller", AT, "", "approves nothing"),
        ("Rosa Ferro", "owner", AT.replace(tzinfo=None), "", "no zone"),
        ("Rosa Ferro", "owner", AT, "x" * (LONGEST_NOTE + 1), "at most"),
    ],
)
def test_an_approval_is_somebodys_in_a_role_at_an_instant(
    name: str, role: str, at: datetime, note: str, wrong: str
) -> None:
    with pytest.raises(ApprovalWrong, match=wrong):
        approve(section("money"), name, role, at, note=note)


def test_an_approval_is_read_back_as_it_was_given() -> None:
    given = approve(section("words/es"), "Dr. Amara Osei", "clinician", AT, note="twice", reads=True)
    assert read_approval(given.statement()) == given
    assert of_these(cut(FILES), [given, given]) == (given,)


def test_a_section_that_did_not_change_since_it_was_signed_keeps_its_approval() -> None:
    protocol = snapshot(FILES)
    files = {**FILES, "ladder.yaml": FILES["ladder.yaml"] + b"# a draft\n", "fax/covers.yaml": b"Dear"}
    found = review(files, (protocol, signed(protocol, KEY, "Rosa Ferro", AT)), [])
    states = {each.section.id: (each.state, each.approved) for each in found}
    assert states.pop("ladder") == ("changed", False)
    assert states.pop("other") == ("new", False)
    assert set(states.values()) == {("unchanged", True)}


def test_what_was_signed_and_is_gone_is_shown_with_its_last_words() -> None:
    protocol = snapshot(FILES)
    files = {name: content for name, content in FILES.items() if name != "phrasebook/es.yaml"}
    gone = review(files, (protocol, signed(protocol, KEY, "Rosa Ferro", AT)), [])[-1]
    [file] = gone.side_by_side()
    assert (gone.section.title, gone.state, file.is_gone) == ("Words in Spanish", "gone", True)
    assert [row.was for row in file.rows] == ["greeting: Hola"]


def test_before_the_first_signature_everything_is_new_and_shown_whole() -> None:
    found = {each.section.id: each for each in review(FILES, None, [])}
    assert {each.state for each in found.values()} == {"new"}
    [file] = found["ladder"].side_by_side()
    assert [row.now for row in file.rows] == FILES["ladder.yaml"].decode().splitlines()


def test_a_change_stands_beside_what_it_was_with_the_lines_around_it() -> None:
    protocol = snapshot(FILES)
    changed = FILES["ladder.yaml"].replace(b"(212) 555-0102", b"(212) 555-0192")
    given = (protocol, signed(protocol, KEY, "Rosa Ferro", AT))
    found = {each.section.id: each for each in review({**FILES, "ladder.yaml": changed}, given, [])}
    [file] = found["ladder"].side_by_side()
    [row] = [row for row in file.rows if row.kind == "changed"]
    assert (row.was.strip(), row.now.strip()) == ("phone: (212) 555-0102", "phone: (212) 555-0192")
    assert row.was_line == row.now_line > 1
    assert [row.kind for row in file.rows] == [
        "left_out",
        *["same"] * 3,
        "changed",
        *["same"] * 3,
        "left_out",
    ]
    total = sum(row.left_out or 1 for row in file.rows)
    assert total == len(changed.decode().splitlines())
