"""What a person dials for somebody in danger at another place: read, looked over, and found by an address."""

from dataclasses import replace
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.emergency import number_at
from lamplighter.practice.load import load_files
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.sample import load_sample
from tests.practice.folder import SAMPLE, spoilt
from tests.rules.scenes import NOON

ENTRY = "  - city: Brooklyn\n    phone: (718) 555-0190\n"


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("14 Harbor Lane, Brooklyn, New York", "+17185550190"),
        ("2 Elm Street, New York, NY 10001", "+12125550191"),
        ("9 Mill Road, Great Neck, Nassau County, NY", "+15165550192"),
        ("77 Quay Street, Brooklyn, NY 10301", "+17185550193"),
        ("77 Quay Street, Staten Island, NY 10301-1234", "+17185550193"),
        ("3 Canal Street, New York", None),
        ("3 Canal Street, Brooklyn 11201", "+17185550190"),
        ("1 Brooklyn Avenue, Albany", None),
        ("", None),
        (None, None),
    ],
)
def test_the_number_is_the_one_of_the_first_place_that_the_address_names(
    address: str | None, phone: str | None
) -> None:
    found = number_at(load_sample(), address)
    assert (found.phone if found else None) == phone


@pytest.mark.parametrize("number", ["911", "9-1-1", "988", "112", "555-0190", "+44 20 7946 0018"])
def test_a_short_number_or_one_that_has_no_ten_digits_is_refused(number: str) -> None:
    with pytest.raises(PracticeProblems) as found:
        load_files(spoilt("practice.yaml", "(718) 555-0190", f'"{number}"'))
    assert len(found.value.problems) == 1


@pytest.mark.parametrize("entry", ["  - phone: (718) 555-0190\n", ENTRY + "    county: Kings\n"])
def test_a_number_is_for_one_place(entry: str) -> None:
    with pytest.raises(PracticeProblems) as found:
        load_files(spoilt("practice.yaml", ENTRY, entry))
    assert "place" in found.value.problems[0].message


def gaps_found(folder: Path, files: dict[str, bytes]) -> list[str]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found = examine(folder, NOON.date())
    return [each.severity for each in found if "emergency services" in each.message]


def test_a_site_of_which_nobody_wrote_the_number_down_is_a_warning(tmp_path: Path) -> None:
    assert gaps_found(tmp_path, SAMPLE) == []
    assert gaps_found(tmp_path, spoilt("practice.yaml", "city: Brooklyn", "city: Buffalo")) == ["warning"]


def test_whose_signed_files_name_none_is_answered_all_the_same() -> None:
    bare = replace(load_sample(), emergency_numbers=())
    assert number_at(bare, "14 Harbor Lane, Brooklyn") is None
