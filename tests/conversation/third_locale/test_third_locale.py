"""A further language is files, and no code: a small Portuguese, written for this test, beside English and Spanish.

What it doesn't have of its own (most of the phrasebook, what the practice says of itself) is a copy of the Spanish.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import lamplighter
from lamplighter.conversation.understanding.locale_files import LocaleUnreadable, in_folder
from lamplighter.conversation.understanding.when.lexicon import words_in

HERE = Path(__file__).parent / "pt"
PACKAGE = Path(lamplighter.__file__).parent


def run(tree: Path, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lamplighter.cli", *arguments],
        env={"PYTHONPATH": str(tree), "PATH": "", "HOME": str(tree)},
        input=given, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def add_files(package: Path) -> None:
    conversation, practice = package / "conversation", package / "practice" / "harbor_lane"
    words = conversation / "understanding" / "locales" / "pt"
    words.mkdir()
    shutil.copy(HERE / "words.yaml", words)
    shutil.copy(HERE / "when.yaml", conversation / "understanding" / "when" / "locales" / "pt.yaml")
    yaml = YAML(typ="safe")
    book = yaml.load(conversation / "phrasebook" / "es.yaml")
    for name, text in yaml.load(HERE / "phrases.yaml").items():
        book["phrases"][name] = {**_fields(book["phrases"][name]), "text": text}
    book |= {"locale": "pt-BR", "formats": {"day": "EEEE, d 'de' MMMM", "hour": "H'h'", "clock": "H'h'mm"}}
    (conversation / "phrasebook" / "pt-BR.yaml").write_text(json.dumps(book), "utf-8")
    early = (conversation / "phrasebook" / "before_signing" / "es.yaml").read_text("utf-8")
    early = early.replace("locale: es", "locale: pt-BR")
    (conversation / "phrasebook" / "before_signing" / "pt-BR.yaml").write_text(early, "utf-8")
    for name in ("answers", "packet"):
        shutil.copy(practice / f"{name}.es.yaml", practice / f"{name}.pt-BR.yaml")
    signed = practice / "practice.yaml"
    signed.write_text(
        signed.read_text("utf-8").replace("signed: [en, es]", "signed: [en, es, pt-BR]"), "utf-8"
    )


def _fields(phrase: Any) -> dict[str, Any]:
    return {} if isinstance(phrase, str) else {key: phrase[key] for key in phrase if key != "spoken"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product with a third language, where no file of code is another than here."""
    folder = tmp_path_factory.mktemp("third")
    shutil.copytree(PACKAGE, folder / "lamplighter", ignore=shutil.ignore_patterns("__pycache__"))
    add_files(folder / "lamplighter")
    return folder


@pytest.fixture(scope="module")
def played(tree: Path) -> dict[str, Any]:
    done = run(tree, "rehearse", "--json", str(HERE / "calls.yaml"))
    assert done.returncode in (0, 1), done.stderr
    return {each["id"]: each for each in json.loads(done.stdout)}


def said_by_us(call: dict[str, Any]) -> str:
    return "\n".join(each["said"] for each in call["transcript"] if each["who"] == "agent")


def test_a_first_appointment_is_booked_by_text_in_a_language_that_is_files_alone(
    played: dict[str, Any],
) -> None:
    call = played["pt-primeira-consulta"]
    assert call["failures"] == []
    said = said_by_us(call)
    assert "Tenho terça-feira, 1 de dezembro às 13h com Dra. Osei, presencial" in said
    assert "A sua consulta está marcada: terça-feira, 1 de dezembro às 13h" in said
    assert "data de nascimento 15 de maio de 1981" in said


def test_the_guard_hears_danger_in_it_and_a_person_is_rung(played: dict[str, Any]) -> None:
    assert played["pt-perigo"]["failures"] == []


def test_the_doctor_finds_no_mistake_in_a_practice_that_speaks_it(tree: Path) -> None:
    done = run(tree, "doctor", str(tree / "lamplighter" / "practice" / "harbor_lane"))
    assert "0 of them mistakes" in done.stdout


def test_the_doctor_names_file_and_line_of_a_pattern_that_is_none(tree: Path) -> None:
    words = tree / "lamplighter" / "conversation" / "understanding" / "locales" / "pt" / "more.yaml"
    words.write_text("patterns:\n  refuse: |\n    (sim\n", "utf-8")
    done = run(tree, "doctor", str(tree / "lamplighter" / "practice" / "harbor_lane"))
    words.unlink()
    assert done.returncode == 1
    assert "locales/pt/more.yaml:2: this is no pattern" in done.stdout


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("wrods:\n  common: e\n", "more.yaml:1: there is no section 'wrods'"),
        ("patterns:\n  afirm: |\n    sim\n", "more.yaml:2: English has no patterns of the name 'afirm'"),
        (
            "groups:\n  errands:\n    bok: |\n      sim\n",
            "more.yaml:3: English has no 'errands' of the name 'bok'",
        ),
        (
            "patterns:\n  refuse: |\n    n\n  affirm: |\n    sim\n",
            "more.yaml:4: patterns.affirm stands in another",
        ),
        ("\nwords:\n  common: [e, a]\n", "more.yaml:3: words.common must be text"),
        ("cues:\n  refuses: no\n", "more.yaml:2: cues.refuses must be a list of texts"),
        ("patterns: sim\n", "more.yaml:1: patterns must be text"),
        ("patterns: [\n", "more.yaml:2: "),
        ("- sim\n", "more.yaml:1: sections such as `patterns:` are expected"),
    ],
)
def test_what_nothing_reads_is_refused_with_its_file_and_line(
    tmp_path: Path, written: str, told: str
) -> None:
    (tmp_path / "more.yaml").write_text(written, "utf-8")
    shutil.copy(HERE / "words.yaml", tmp_path / "a_words.yaml")
    with pytest.raises(LocaleUnreadable, match=re.escape(told)):
        in_folder(tmp_path, "pt")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("month_first: false\nweekdays: [hoje]\n", "pt.yaml:2: there is no kind of word 'weekdays'"),
        ("weekday: [segunda]\n", "pt.yaml:1: weekday must be values with lists of phrases"),
        ("choice:\n  accept: {1: [sim]}\n", "pt.yaml:2: accept must be a list of phrases"),
        ("any: [1]\n", "pt.yaml:1: any: every phrase must be text"),
    ],
)
def test_words_of_time_that_nothing_reads_are_refused_too(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "pt.yaml").write_text(written, "utf-8")
    with pytest.raises(LocaleUnreadable, match=re.escape(told)):
        words_in(tmp_path / "pt.yaml")
