"""What we stand on is written down: a package that nobody explained does not come in."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "dependencies.md"


def name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found.group().lower()


def direct_dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], project["build-system"]["requires"]]
    groups += project["project"]["optional-dependencies"].values()
    groups += project["dependency-groups"].values()
    return {name(requirement) for group in groups for requirement in group}


def explained() -> dict[str, list[str]]:
    """The rows of the page's package tables: name to its other cells."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
    ]
    return {row[0]: row[1:] for row in rows if len(row) == 5 and row[0] not in {"package", "---"}}


def test_every_direct_dependency_is_explained_and_nothing_else_is() -> None:
    assert set(explained()) == direct_dependencies()


def test_each_row_says_what_for_the_licence_the_last_release_and_what_would_replace_it() -> None:
    assert [package for package, cells in explained().items() if not all(cells)] == []


def test_the_lock_file_names_no_source_but_the_public_index() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([^/\"]+)", lock))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_what_the_lock_pins_is_what_the_project_asks_for() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"] for package in lock["package"]}
    asked = {re.sub(r"[-_.]+", "-", package) for package in direct_dependencies()}
    assert asked - locked == {"hatchling"}
