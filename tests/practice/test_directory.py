from dataclasses import replace
from pathlib import Path

import pytest

from lamplighter.practice.directory import Directory, UnknownPractice, load_directory
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.sample import load_sample
from tests.practice.folder import SAMPLE, spoilt

SAMPLE_PRACTICE = load_sample()
LINDEN = replace(
    SAMPLE_PRACTICE,
    id="linden",
    phone="+16125550100",
    numbers=("+16125550100", "+16125550101"),
    hosts=("localhost", "desk.linden.example"),
)
DIRECTORY = Directory([SAMPLE_PRACTICE, LINDEN])


def test_a_practice_is_found_by_any_of_its_numbers_and_hosts() -> None:
    assert DIRECTORY.by_number("+16125550101") is LINDEN
    assert DIRECTORY.by_number("+12125550100") is SAMPLE_PRACTICE
    assert DIRECTORY.by_host("desk.linden.example") is LINDEN
    assert DIRECTORY.by_host("Desk.Linden.example:8443") is LINDEN
    assert DIRECTORY.by_id("linden") is LINDEN


@pytest.mark.parametrize(
    "host", ["", ":", "elsewhere.example", "linden.example", "desk.linden.example.evil.example"]
)
def test_a_host_that_is_nobodys_leads_to_nobody(host: str) -> None:
    with pytest.raises(UnknownPractice):
        DIRECTORY.by_host(host)


@pytest.mark.parametrize("number", ["", "+12125550199", "2125550100"])
def test_a_number_that_is_nobodys_leads_to_nobody(number: str) -> None:
    with pytest.raises(UnknownPractice):
        DIRECTORY.by_number(number)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"numbers": ("+12125550100",)}, "the number +12125550100"),
        ({"hosts": ("desk.linden.example",), "id": "third", "numbers": ()}, "the host desk.linden.example"),
        ({"id": "demo"}, 'the id "demo"'),
    ],
)
def test_two_practices_cannot_share_what_callers_reach_them_by(changes: dict[str, object], what: str) -> None:
    third = replace(LINDEN, **changes)  # type: ignore[arg-type]

    with pytest.raises(PracticeProblems, match="already leads to") as raised:
        Directory([SAMPLE_PRACTICE, LINDEN, third] if third.id == "third" else [SAMPLE_PRACTICE, third])

    assert what in str(raised.value)


def test_a_folder_of_practices_is_read_whole_or_with_the_mistakes_of_all(tmp_path: Path) -> None:
    for name, files in {"demo": SAMPLE, "bad": spoilt("money.yaml", "$75", "much")}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_bytes(text)

    with pytest.raises(PracticeProblems) as raised:
        load_directory(tmp_path)
    assert [problem.file for problem in raised.value.problems] == ["bad/money.yaml"]

    (tmp_path / "bad" / "money.yaml").write_bytes(SAMPLE["money.yaml"])
    with pytest.raises(PracticeProblems, match='the id "demo"'):
        load_directory(tmp_path)
