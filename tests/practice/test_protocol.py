import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.law.states import law_files
from lamplighter.practice import sections
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import (
    ProtocolUnreadable,
    demo_key,
    languages_approved,
    last_signed,
    loads,
    loads_signature,
    sign,
    snapshot,
    verify,
)
from lamplighter.practice.sections import covers, cut
from tests.practice.approving import REPORT, approved, signed
from tests.practice.folder import SAMPLE, spoilt

LAW = {f"law/{name}": text for name, text in law_files().items()}
FILES = {
    **SAMPLE,
    **LAW,
    "phrasebook/en.yaml": b"greeting: Hello\n",
    "phrasebook/es.yaml": b"greeting: Hola\n",
}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
PROTOCOL = snapshot(FILES)
SIGNATURE = signed(PROTOCOL, KEY, "Dana Reyes", AT)


def test_the_same_files_in_another_order_are_the_same_protocol() -> None:
    assert snapshot(dict(reversed(FILES.items()))).hash == PROTOCOL.hash


@pytest.mark.parametrize("name", sorted(FILES))
def test_one_more_byte_in_any_file_is_another_protocol(name: str) -> None:
    assert snapshot({**FILES, name: FILES[name] + b"\n"}).hash != PROTOCOL.hash


def test_words_that_move_from_one_file_to_another_make_another_protocol() -> None:
    moved = {**FILES, "phrasebook/en.yaml": b"", "phrasebook/es.yaml": b"greeting: Hello\ngreeting: Hola\n"}

    assert snapshot(moved).hash != snapshot({**moved, "phrasebook/en.yaml": b"greeting: Hello\n"}).hash


def test_a_practice_with_mistakes_cannot_be_snapshot() -> None:
    with pytest.raises(PracticeProblems):
        snapshot({**FILES, **spoilt("money.yaml", "$75", "much")})


def test_a_saved_protocol_is_read_back_whole_with_its_practice() -> None:
    read = loads(PROTOCOL.dumps())

    assert read == PROTOCOL
    assert read.practice.name == "Harbor Lane Counseling"


@given(st.binary(max_size=60))
def test_any_bytes_in_a_phrasebook_survive_being_saved(content: bytes) -> None:
    protocol = snapshot({**FILES, "phrasebook/en.yaml": content})

    assert loads(protocol.dumps()).files["phrasebook/en.yaml"] == content


def test_a_saved_protocol_can_be_read_by_a_person() -> None:
    assert '"late_fee: $75' in PROTOCOL.dumps().replace("  late_fee", "late_fee")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "[" * 100_000,
        '{"format": "lamplighter protocol 1"}',
        '{"format": "lamplighter protocol 1", "files": [1]}',
        '{"format": "lamplighter protocol 1", "files": {"a/b": 3}}',
        '{"format": "lamplighter protocol 1", "files": {"a/b": {"base64": "*"}}}',
        PROTOCOL.dumps().replace("greeting: Hola", "greeting: Adios"),
        PROTOCOL.dumps().replace("late_fee: $75", "late_fee: $7500000"),
    ],
    ids=range(10),
)
def test_a_damaged_protocol_is_refused(text: str) -> None:
    with pytest.raises(ProtocolUnreadable):
        loads(text)


def test_a_signature_holds_for_its_own_protocol_only() -> None:
    changed = snapshot({**FILES, "phrasebook/es.yaml": b"greeting: Buenas\n"})

    assert verify(SIGNATURE, PROTOCOL)
    assert not verify(SIGNATURE, changed)


def test_a_signature_whose_name_time_key_or_bytes_were_changed_does_not_hold() -> None:
    other = signed(PROTOCOL, OTHER, "Dana Reyes", AT)
    forged = [
        replace(SIGNATURE, name="Somebody Else"),
        replace(SIGNATURE, at=AT + timedelta(seconds=1)),
        replace(SIGNATURE, key=other.key),
        replace(SIGNATURE, signature=other.signature),
        replace(SIGNATURE, signature="not base64"),
        replace(SIGNATURE, key=""),
        replace(SIGNATURE, role="clinician"),
        replace(SIGNATURE, report="0" * 64),
        replace(SIGNATURE, cut=SIGNATURE.cut + 1),
        replace(SIGNATURE, sections=SIGNATURE.sections[1:]),
        replace(SIGNATURE, approvals=approved(FILES, AT + timedelta(seconds=1))),
    ]

    assert not any(verify(signature, PROTOCOL) for signature in forged)


def test_files_swapped_under_a_protocol_do_not_verify() -> None:
    assert not verify(SIGNATURE, replace(PROTOCOL, files={**FILES, "phrasebook/en.yaml": b"greeting: Hi\n"}))


def test_only_trusted_keys_count_where_they_are_given() -> None:
    stranger = signed(PROTOCOL, OTHER, "A stranger", AT)

    assert verify(SIGNATURE, PROTOCOL, {SIGNATURE.key})
    assert not verify(stranger, PROTOCOL, {SIGNATURE.key})


def test_a_saved_signature_is_read_back_and_still_holds() -> None:
    read = loads_signature(SIGNATURE.dumps())

    assert read == SIGNATURE
    assert verify(read, PROTOCOL)


@pytest.mark.parametrize("broken", ["", "{}", SIGNATURE.dumps().replace("2026", "soon"), PROTOCOL.dumps()])
def test_a_damaged_signature_is_refused(broken: str) -> None:
    with pytest.raises(ProtocolUnreadable):
        loads_signature(broken)


@pytest.mark.parametrize(("name", "at"), [(" ", AT), ("Dana Reyes", AT.replace(tzinfo=None))])
def test_a_protocol_is_signed_by_somebody_at_a_known_instant(name: str, at: datetime) -> None:
    with pytest.raises(ValueError, match="sign"):
        sign(PROTOCOL, KEY, name, at)


def test_the_last_signed_version_answers_while_a_draft_waits() -> None:
    draft = snapshot({**FILES, "phrasebook/es.yaml": b"greeting: Buenas\n"})
    newer = snapshot({**FILES, "phrasebook/es.yaml": b"greeting: Saludos\n"})
    signatures = [signed(newer, KEY, "Dana Reyes", AT + timedelta(days=1)), SIGNATURE]

    found = last_signed([draft, newer, PROTOCOL], signatures)

    assert found is not None
    assert found[0] is newer
    assert last_signed([draft], signatures) is None


def test_a_forged_later_signature_does_not_replace_the_last_good_one() -> None:
    draft = snapshot({**FILES, "phrasebook/es.yaml": b"greeting: Buenas\n"})
    forged = signed(draft, OTHER, "A stranger", AT + timedelta(days=1))

    found = last_signed([draft, PROTOCOL], [forged, SIGNATURE], {SIGNATURE.key})

    assert found == (PROTOCOL, SIGNATURE)


def test_the_demos_key_signs_for_the_sample_practice_and_for_no_other() -> None:
    other = snapshot({**FILES, **spoilt("practice.yaml", "id: demo", "id: linden")})

    assert verify(sign(PROTOCOL, demo_key(), "The demo", AT), PROTOCOL)
    assert not verify(signed(other, demo_key(), "The demo", AT), other)
    assert verify(signed(other, KEY, "Dana Reyes", AT), other)


@pytest.mark.parametrize("section", [each.id for each in cut(FILES)])
def test_a_signature_holds_only_where_every_section_was_approved(section: str) -> None:
    given = approved(FILES, AT, but=section)
    assert not verify(sign(PROTOCOL, KEY, "Dana Reyes", AT, given, report=REPORT), PROTOCOL)


def test_an_approval_of_what_a_section_said_before_does_not_carry_a_signature() -> None:
    changed = {**FILES, "phrasebook/es.yaml": b"greeting: Buenas\n"}
    protocol = snapshot(changed)
    assert not verify(sign(protocol, KEY, "Dana Reyes", AT, approved(FILES, AT), report=REPORT), protocol)


def test_a_language_is_approved_by_whoever_reads_it_and_in_a_demonstration_by_nobody() -> None:
    without_spanish = sign(PROTOCOL, KEY, "Dana Reyes", AT, approved(FILES, AT, but="words/es"))

    assert languages_approved(SIGNATURE) == {"en", "es"}
    assert languages_approved(without_spanish) == {"en"}
    assert languages_approved(sign(PROTOCOL, demo_key(), "The demo", AT)) == set()


@pytest.mark.parametrize(("version", "more"), [(1, ()), (2, ("role", "approvals"))])
def test_a_signature_that_says_less_than_it_takes_today_is_read_and_holds_for_nothing(
    version: int, more: tuple[str, ...]
) -> None:
    body = json.loads(SIGNATURE.dumps())
    old = {key: body[key] for key in ("protocol", "signed_by", "at", "key", "signature", *more)}
    read = loads_signature(json.dumps({"format": f"lamplighter signature {version}", **old}))

    assert (read.name, read.sections) == ("Dana Reyes", ())
    assert not verify(read, PROTOCOL)


def test_a_signature_without_a_safety_rehearsal_holds_for_nothing() -> None:
    assert not verify(sign(PROTOCOL, KEY, "Dana Reyes", AT, approved(FILES, AT)), PROTOCOL)


def test_the_report_that_is_kept_with_a_signature_has_to_be_the_one_that_was_signed() -> None:
    report = b"every promise was kept"
    digest = hashlib.sha256(report).hexdigest()
    signature = sign(PROTOCOL, KEY, "Dana Reyes", AT, approved(FILES, AT), report=digest)

    assert verify(signature, PROTOCOL, report=report)
    assert not verify(signature, PROTOCOL, report=b"one was not")


def test_a_release_that_cuts_a_protocol_otherwise_unsigns_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    read = loads_signature(SIGNATURE.dumps())
    monkeypatch.setattr(sections, "CUT", SIGNATURE.cut + 1)
    monkeypatch.setitem(sections._FILES, "money.yaml", "practice")
    monkeypatch.setattr(sections, "CLINICAL", frozenset(sections._TITLES))
    assert cut(FILES) != SIGNATURE.sections

    assert verify(read, PROTOCOL)


def test_a_cut_that_leaves_a_file_out_holds_for_nothing_in_any_version() -> None:
    for left in ("ladder", "words/es"):
        shorter = tuple(each for each in SIGNATURE.sections if each.id != left)
        assert not covers(shorter, SIGNATURE.cut + 1, FILES)
        assert not covers((*SIGNATURE.sections, SIGNATURE.sections[0]), SIGNATURE.cut + 1, FILES)
    assert covers(SIGNATURE.sections, SIGNATURE.cut + 1, FILES)


@pytest.mark.parametrize(
    "spoil", [{"at": "soon"}, {"role": 3}, {"reads_the_language": "yes"}, {"note": None}]
)
def test_a_signature_with_a_damaged_approval_is_refused(spoil: dict[str, object]) -> None:
    body = json.loads(SIGNATURE.dumps())
    body["approvals"][0] |= spoil
    with pytest.raises(ProtocolUnreadable, match="damaged"):
        loads_signature(json.dumps(body))
