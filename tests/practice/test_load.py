from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lamplighter.practice.load import NEEDED, check, load, load_files
from lamplighter.practice.problems import PracticeProblems, Problem, format_problem
from lamplighter.practice.reading import LARGEST_FILE
from tests.practice.folder import SAMPLE, line, spoilt


def problems_of(files: dict[str, bytes], **more: object) -> list[Problem]:
    try:
        load_files(files, **more)  # type: ignore[arg-type]
    except PracticeProblems as found:
        return list(found.problems)
    return []


# file, what stands there, what is written instead, words of the message, words of the remedy
def dated(words: str) -> str:
    return f"youngest: 12\n    credentialing: [{{{words}}}]"


MISTAKES = [
    ("practice.yaml", "holidays: us_federal", "holiday: us_federal", '"holiday" is not known', '"holidays"'),
    ("practice.yaml", "holidays: us_federal", "holidays: french", "is not one of the choices", "us_federal"),
    ("practice.yaml", "America/New_York", "America/New York City", "not a time zone", "America/New_York"),
    ("practice.yaml", "America/New_York", "New York time", "not a time zone", "America/New_York"),
    ("practice.yaml", "phone: (212) 555-0100", "phone: 555-0100", "not a telephone number", "area code"),
    ("practice.yaml", "phone: (212) 555-0100", "phone:", "phone is empty", "Write a value"),
    ("practice.yaml", "phone: (212) 555-0100", "", "phone is missing", "Add a line `phone: ...`"),
    ("practice.yaml", "weekdays: 9:00-18:00", "weekdays: 9:00-25:00", "not a time of day", "17:30"),
    ("practice.yaml", "weekdays: 9:00-18:00", "weekdays: 18:00-9:00", "ends before it starts", "24-hour"),
    ("practice.yaml", "weekdays: 9:00-18:00", "weekdays: all day", "not a span of hours", "9:00-17:30"),
    ("practice.yaml", "weekdays: 9:00-18:00", "weekdays: 9:00-13:00, 12:00-18:00", "overlap", "one"),
    ("practice.yaml", "weekdays: 9:00-18:00", "mondays: 9:00-18:00", '"mondays" is not known', '"monday"'),
    ("practice.yaml", "weekdays: 9:00-18:00", "weekdays: closed", "never open", "one day"),
    ("practice.yaml", "  weekdays: 9:00-18:00", "  - 9:00-18:00", "hours should be a section", "name: value"),
    ("practice.yaml", "closed_dates: []", "closed_dates: [2026-02-30]", "not in the calendar", "month"),
    ("practice.yaml", "closed_dates: []", "closed_dates: [Christmas]", "not a date", "2026-12-24"),
    ("practice.yaml", "closed_dates: []", "closed_dates: [2026-12-24, 2026-12-24]", "twice", "Remove one"),
    ("practice.yaml", "state: NY", "state: New Yrok", "not a state", "New York"),
    ("practice.yaml", "[NY]", "[NY, ZZ]", "not a state", "two letters"),
    ("practice.yaml", "sender_name: HLC Office", "sender_name: HLC Therapy", "clinical word", "neutral"),
    ("practice.yaml", "sender_name: HLC Office", "", "no neutral sender_name", "sender_name"),
    ("practice.yaml", "id: demo", "id: Harbor Lane", "cannot be an id", "underscores"),
    ("practice.yaml", "hosts: [localhost, 127.0.0.1]", "hosts: [https://hlc.example]", "not a web host", "https"),
    ("practice.yaml", "signed: [en, es]", "signed: [English, es]", "not the tag of a language", '"en"'),
    ("practice.yaml", "signed: [en, es]", "signed: []", "signed is empty", "Write a value"),
    ("practice.yaml", "draft: []", "draft: [es]", "both signed and draft", "one of the two"),
    ("practice.yaml", "slots_start_at: [0, 30]", "slots_start_at: [0, 60]", "whole number", "0 to 59"),
    ("practice.yaml", "name: Harbor Lane Counseling", "name: Harbor\nname: Lane", "written twice", "Remove one"),
    ("practice.yaml", "name: Harbor Lane C", "name: FILL IN its name #", "still to be filled in", "its name"),
    ("practice.yaml", "name: Harbor Lane C", "name: &a Harbor Lane C", "anchors and aliases", "Write the value"),
    ("practice.yaml", "name: Harbor Lane C", "name: *a #", "anchors and aliases", "Write the value"),
    ("practice.yaml", "name: Harbor Lane C", "name: !x Harbor Lane C", "tags (!)", "Quote"),
    ("practice.yaml", "name: Harbor Lane C", "name: {a: b} #", "should be a single value", "in one line"),
    ("practice.yaml", "name: Harbor Lane C", "name: [a", "not YAML", "quotes"),
    ("practice.yaml", "$0.75", "$-1", "not an amount of money", "$175"),
    ("practice.yaml", "$0.75", "a dollar", "not an amount of money", "$175"),
    ("practice.yaml", "within_days: 30", "within_days: soon", "whole number", "1 to 60"),
    ("visits.yaml", "fee: $220", "fee: $22O", "not an amount of money", "$175"),
    ("visits.yaml", "fee: $220", "fee: $2200000", "more than any fee", "zeros"),
    ("visits.yaml", "then: follow_up", "then: folow_up", "not a kind of visit", '"follow_up"'),
    ("visits.yaml", "- id: follow_up", "- id: first_visit", "is taken in line", "its own id"),
    ("visits.yaml", "names: {en:", "names: {xx:", "not the tag of a language", "en, es"),
    ("visits.yaml", "new_patients: yes", "new_patients: perhaps", "neither yes nor no", "yes or no"),
    ("people.yaml", "visits: [first_visit,", "visits: [first_vist,", "not a kind of visit", '"first_visit"'),
    ("people.yaml", "meets: [in_person,", "meets: [on_the_phone,", "not a way of meeting", "in_person"),
    ("people.yaml", "licensed_in: [NY]", "sites: [harbour_lane]", "not a site", '"harbor_lane"'),
    ("people.yaml", "licensed_in: [NY]", "", "licensed_in names no state", "where they sit"),
    ("people.yaml", "licensed_in: [NY]", "licensed_in: [NY]\n    insurers: [aetnna]", "not an insurer", '"aetna"'),
    ("people.yaml", "youngest: 12", dated("insurer: aetna"), "neither a day", "begins: 2027"),
    ("people.yaml", "youngest: 12", dated("insurer: aetna, begins: 2027-02-01, ends: 2027-01-01"), "ends bef", "two"),
    ("people.yaml", "youngest: 12", dated("insurer: aetnna, begins: 2027-02-01"), "not an insurer", '"aetna"'),
    ("people.yaml", "youngest: 12", "youngest: 12\n    oldest: 11", "below the youngest", "Exchange"),
    ("people.yaml", "- id: luis_ortega", "- id: amara_osei", "is taken in line", "its own id"),
    ("people.yaml", "name: Luis Ortega", "name: Amara Osei", "called the same", "spoken_name"),
    ("people.yaml", "gender: woman", "gender: lady", "not one of the choices", "woman"),
    ("people.yaml", "phone: (212) 555-0104", "", "on call without a telephone", "people.yaml"),
    ("people.yaml", "gender: woman", "hours: {tuesday: 9-12}\n    gender: woman", "not a time", "9:00"),
    ("people.yaml", "visits: [first_visit, follow_up, couples]", "visits: [follow_up]", "nobody", "couples"),
    ("insurance.yaml", "class: medicaid", "class: medicad", "not one of the choices", '"medicaid"'),
    ("insurance.yaml", "[Oxford Health Plans,", "[United,", "already what callers say", "one insurer"),
    ("money.yaml", "least: 2, most: 6", "least: 6, most: 2", "fewer than the least", "Exchange"),
    ("money.yaml", "smallest_instalment: $25", "smallest_instalment: $50", "cannot be split", "Raise"),
    ("money.yaml", "never_for: [medicaid]", "never_for: [medicare]", "Medicaid is not", "Add medicaid"),
    ("money.yaml", "hsa_card", "hsa card, bitcoin", "not one of the choices", "Known here"),
    ("ladder.yaml", "crisis: [front_desk,", "crisis: [front_dsk,", "not one of the people", '"front_desk"'),
    ("ladder.yaml", "  clinical: [roth, treating_clinician]", "", "clinical is missing", "Add a line"),
    ("ladder.yaml", "[roth, treating_clinician]", "[roth]", "have nobody by day", "about"),
    ("ladder.yaml", ", answering_service, lifeline]", "]", "somebody who may not answer", "988"),
    ("ladder.yaml", "answering_service, lifeline]", "lifeline, answering_service]", "behind 988", "the end"),
    ("ladder.yaml", "on_call: [amara_osei,", "on_call: [amara_ossei,", "not a clinician", '"amara_osei"'),
    ("ladder.yaml", "on_call: [", "# [", "nobody is", "List clinicians"),
    ("ladder.yaml", "on_call_from: 2026-01-05", "", "no first week", "on_call_from"),
    ("ladder.yaml", "    phone: (212) 555-0102", "", "phone is missing", "Add a line"),
    ("ladder.yaml", "[front_desk, office_manager, osei]", "[[front_desk, manager]]", "one of the people", "office"),
    ("ladder.yaml", "[on_call_clinician, answering_service,", "[[on_call_clinician, answering_service],",
     "rung together with others", "out of the brackets"),
    ("ladder.yaml", "[front_desk, office_manager, osei]", "[[], front_desk, osei]", "empty brackets", "take them out"),
    ("ladder.yaml", "[front_desk, office_manager, osei]", "[[front_desk, osei], osei]", "twice", "Remove one"),
    ("ladder.yaml", "[front_desk, office_manager, osei]", "[[[front_desk]], osei]", "single value", "crisis"),
    ("ladder.yaml", "seconds: 20", "seconds: 0", "whole number", "5 to 120"),
    ("answers.es.yaml", "parking:", "parkings:", '"parkings" is not known', '"parking"'),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message", "remedy"), MISTAKES, ids=[m[3] for m in MISTAKES])
def test_a_mistake_is_named_with_its_file_its_line_and_a_remedy(
    file: str, old: str, new: str, message: str, remedy: str
) -> None:
    found = [p for p in problems_of(spoilt(file, old, new)) if message in p.message and remedy in p.remedy]

    assert found, [format_problem(p) for p in problems_of(spoilt(file, old, new))]
    assert found[0].line > 0


def test_the_line_is_the_one_with_the_mistake() -> None:
    (problem,) = problems_of(spoilt("people.yaml", "gender: man", "gender: gentleman"))

    assert problem.line == line("people.yaml", "gender: man")


def test_every_mistake_is_found_at_once_and_in_order() -> None:
    files = spoilt("practice.yaml", "state: NY", "state: XX") | {
        "visits.yaml": spoilt("visits.yaml", "fee: $220", "fee: free")["visits.yaml"].replace(
            b"$175", b"dear"
        ),
        "money.yaml": spoilt("money.yaml", "superbills: yes", "superbill: yes")["money.yaml"],
    }

    found = [(p.file, p.line) for p in problems_of(files)]

    assert found == [("money.yaml", 13), ("practice.yaml", 7), ("visits.yaml", 7), ("visits.yaml", 14)]


def test_a_mistake_in_one_file_raises_none_about_what_refers_to_it() -> None:
    found = problems_of({**SAMPLE, "people.yaml": b"clinicians: ["})

    assert {p.file for p in found} == {"people.yaml"}


@pytest.mark.parametrize("file", NEEDED)
def test_a_missing_file_is_named(file: str) -> None:
    found = problems_of({name: text for name, text in SAMPLE.items() if name != file})

    assert (file, "the file is missing") in [(p.file, p.message) for p in found]


def test_a_file_with_a_slip_in_its_name_is_told_what_it_was_meant_to_be() -> None:
    files = {**SAMPLE, "insurence.yaml": SAMPLE["insurance.yaml"]}

    (problem,) = problems_of(files)

    assert problem.file == "insurence.yaml"
    assert '"insurance.yaml"' in problem.remedy


@pytest.mark.parametrize(
    ("content", "where", "message"),
    [
        (b"", 0, "the file is empty"),
        (b"# nothing but a remark\n", 0, "the file is empty"),
        (b"id: demo\nname: \x00", 2, "NUL byte"),
        (b"id: demo\nname: Caf\xe9", 2, "not UTF-8"),
        (b"\xff\xfei\x00d\x00", 1, "NUL byte"),
        (b"- one\n- two\n", 1, "should consist of lines"),
        (b"x" * (LARGEST_FILE + 1), 0, "larger than"),
        (b"[" * 100_000, 1, "nested too deeply"),
        (b"a: " + b"{a: " * 100, 1, "nested too deeply"),
        (b"a:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 20)), 12, "nested too deeply"),
        (b"- " * 20_000, 0, "nested too deeply"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "anchors and aliases"),
        (b"a: 1\n---\nb: 2\n", 2, "not YAML"),
        (b"? [a, b]\n: c\n", 1, "a name should be"),
        (b"a: !!python/object:os.system x\n", 1, "tags (!)"),
    ],
)
def test_a_file_that_is_no_such_file_is_said_to_be_so(content: bytes, where: int, message: str) -> None:
    found = [p for p in problems_of({**SAMPLE, "money.yaml": content}) if p.file == "money.yaml"]

    assert message in found[0].message
    assert found[0].line == where


def test_a_byte_order_mark_does_no_harm() -> None:
    assert problems_of({name: b"\xef\xbb\xbf" + text for name, text in SAMPLE.items()}) == []


def test_a_language_signed_without_a_phrasebook_is_a_mistake() -> None:
    (problem,) = problems_of(SAMPLE, phrasebooks={"en", "fr"})

    assert (problem.file, problem.line) == ("practice.yaml", line("practice.yaml", "signed:"))
    assert "es is signed, but there is no phrasebook" in problem.message


def test_a_folder_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    (problem,) = check(tmp_path / "nowhere")

    assert "no such folder" in problem.message


def test_what_is_not_a_plain_file_is_named_and_read_no_further(tmp_path: Path) -> None:
    for name, text in SAMPLE.items():
        (tmp_path / name).write_bytes(text)
    for name in ("money.yaml", "ladder.yaml"):
        (tmp_path / name).unlink()
    (tmp_path / "money.yaml").symlink_to(tmp_path / "ladder.yaml")
    (tmp_path / "ladder.yaml").symlink_to(tmp_path / "money.yaml")
    (tmp_path / "referrals.yaml").mkdir()

    found = [(p.file, p.message) for p in check(tmp_path)]

    assert found == [
        (f, "this cannot be read as a file") for f in ("ladder.yaml", "money.yaml", "referrals.yaml")
    ]


def test_problems_are_raised_together_and_read_as_place_mistake_and_remedy(tmp_path: Path) -> None:
    for name, text in spoilt("money.yaml", "late_fee: $75", "late_fee: much").items():
        (tmp_path / name).write_bytes(text)

    with pytest.raises(PracticeProblems) as raised:
        load(tmp_path)

    assert str(raised.value) == (
        'money.yaml:3: late_fee: "much" is not an amount of money\n    Write dollars: $175 or $0.75.'
    )


ODD = st.text(alphabet="abc:-[]{}#&*!|>'\"%@`,?~ \n\t\\0192$xu\u2028é🦊", max_size=200).map(str.encode)
SPLICED = st.builds(
    lambda name, at, cut, new: (
        name,
        SAMPLE[name][: at % len(SAMPLE[name])] + new + SAMPLE[name][at + cut :],
    ),
    st.sampled_from(sorted(SAMPLE)),
    st.integers(0, 10_000),
    st.integers(0, 200),
    st.one_of(ODD, st.binary(max_size=20)),
)
ANY = st.tuples(
    st.sampled_from([*sorted(SAMPLE), "referrals.yaml"]),
    st.one_of(
        ODD, st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))
    ),
)


@settings(max_examples=150)
@given(st.one_of(SPLICED, ANY))
@example(("money.yaml", b"%YAML 9.9\n---\na: b"))
@example(("money.yaml", b'a: "\\U00110000"'))
@example(("money.yaml", b'a: "\\ud800"'))
@example(("money.yaml", b"%TAG ! x\n--- !\xc3\xa9 a"))
@example(("money.yaml", b"<<: a"))
@example(("money.yaml", b"? |\n  a\n: b"))
def test_nothing_written_in_a_file_raises_anything_but_problems(spoil: tuple[str, bytes]) -> None:
    name, content = spoil

    problems = problems_of({**SAMPLE, name: content})

    assert all(p.message.isprintable() and p.remedy.isprintable() and p.line >= 0 for p in problems)


@settings(max_examples=20)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=40))
def test_no_file_name_raises_anything_but_problems(name: str) -> None:
    assert all(p.message for p in problems_of({**SAMPLE, name: b"a: b"}))


def test_places_to_refer_people_to_are_read_where_the_file_is_there() -> None:
    text = b"referrals:\n  - {name: Cobble Center, phone: (212) 555-0155, insurers: [fidelis], languages: [en, ru]}\n"

    (referral,) = load_files({**SAMPLE, "referrals.yaml": text}).referrals

    assert (referral.name, referral.phone, referral.insurers) == (
        "Cobble Center",
        "+12125550155",
        ("fidelis",),
    )
    assert problems_of({**SAMPLE, "referrals.yaml": text.replace(b"fidelis", b"fidels")})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("hours.yaml", None),
        ("notes.txt", None),
        ("peple.yaml", "people.yaml"),
        ("people.yml", "people.yaml"),
        ("ladders.yaml", "ladder.yaml"),
    ],
)
def test_a_file_that_nothing_reads_is_taken_for_another_only_where_its_own_name_is_near(
    name: str, meant: str | None
) -> None:
    (problem,) = problems_of({**SAMPLE, name: b"a: b"})

    assert problem.file == name
    assert problem.remedy.startswith(f'Rename it to "{meant}"?' if meant else "Take it out of the folder")
