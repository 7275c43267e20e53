"""Brings a practice of every kind from nothing to signed by the commands alone, and writes how long each step took into
docs/going-live.md.

The answers are invented. Whoever reads is not timed: what there is to read is counted in words.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from lamplighter.cli import app
from lamplighter.practice.filling import ask_all, gaps_in
from lamplighter.practice.new import KINDS
from lamplighter.wiring.doctor import today

NAME = "Ada Reyes"
PLAIN = {
    "The state": "NY",
    "The number that people call": "(212) 555-0{}",
    "The time zone": "",
    "The address": "3 Linden Street, Albany, New York",
    "Your name": NAME,
}
PAGE = Path("docs/going-live.md")
HEAD = (
    "| template | lines that only you know | made, filled in and checked | safety rehearsal | approved and signed "
    "| words to read | words in the files |\n|---|---|---|---|---|---|---|"
)
LEFT_OUT = ("law/ai_laws.toml", "law/crisis_lines.toml", "law/states.toml")  # told in words by law/here.txt


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        os.environ["LAMPLIGHTER_DATA"] = f"{place}/data"
        key = Path(place) / "key.pem"
        lamplighter("review", "--new-key", str(key))
        keep([HEAD, *(row(Path(place) / kind, kind, key) for kind in KINDS)])
    return 0


def keep(lines: list[str]) -> None:
    before, start, rest = PAGE.read_text("utf-8").partition("<!-- measured -->\n")
    _, end, after = rest.partition("<!-- /measured -->")
    PAGE.write_text("".join((before, start, *(line + "\n" for line in lines), end, after)), "utf-8")


def row(folder: Path, kind: str, key: Path) -> str:
    lamplighter("practice", "new", str(folder), "--kind", kind, "--name", "Linden Therapy", "--no-ask")
    fields = len(gaps_in(folder))
    made = timed(lambda: fill_in(folder))
    played = timed(lambda: lamplighter("review", str(folder), "--rehearse"))
    told = lamplighter("review", str(folder))
    sections = re.findall(r"^open (\S+) .*\n +takes the (\w+)", told, re.MULTILINE)
    words = sum(len(shown(folder, section).split()) for section, _ in sections)
    first = sum(len(read_first(folder, section).split()) for section, _ in sections)
    signed = timed(lambda: approve_and_sign(folder, sections, key))
    took = " | ".join(f"{seconds:.0f} s" for seconds in (made, played, signed))
    return f"| {kind} | {fields} | {took} | {round(first, -2)} | {round(words, -2)} |"


def fill_in(folder: Path) -> None:
    ask_all(folder, answer, print)
    prove(folder / "outage.yaml")
    lamplighter("doctor", str(folder))


def prove(outage: Path) -> None:
    """As if somebody had switched the machine off, called, and been answered."""
    text = re.sub(r"# proven_on: .*", f"proven_on: {today()}", outage.read_text("utf-8"))
    outage.write_text(text.replace("# proven_by:", "proven_by:"), "utf-8")


def answer(question: str, suggested: str) -> str:
    asked = question.partition(" (such as")[0]
    if asked in PLAIN:
        return PLAIN[asked].format(200)
    if suggested:
        return ""
    if "fee" in asked:
        return "$140"
    if "credential" in asked:
        return "LCSW"
    number = 201 + sum(map(ord, asked)) % 700
    return f"Clinician {number}" if "name" in asked else f"(212) 555-0{number}"


def approve_and_sign(folder: Path, sections: list[tuple[str, str]], key: Path) -> None:
    for section, role in sections:
        reads = ["--reads"] if section.startswith("words/") else []
        lamplighter(
            *("review", str(folder), "--section", section, "--approve", "--name", NAME, "--role", role),
            *reads,
        )
    lamplighter("review", str(folder), "--sign", "--name", NAME, "--role", "owner", "--key", str(key))


def read_first(folder: Path, section: str) -> str:
    """What nobody has read who reads on from the start: of words the sentences, without what stood in one before."""
    text = lamplighter("review", str(folder), "--section", section, "--sentences")
    if "‹" not in text:
        return shown(folder, section)
    return re.sub(r"‹[^›]*›|^\[[^\]]*\]", "", text, flags=re.MULTILINE)


def shown(folder: Path, section: str) -> str:
    """The files of a section, without the numbers of their lines."""
    text = lamplighter("review", str(folder), "--section", section)
    parts = re.split(r"^(\S+\.\w+) \(new\)\n", text, flags=re.MULTILINE)[1:]
    read = [content for name, content in zip(parts[::2], parts[1::2], strict=True) if name not in LEFT_OUT]
    return re.sub(r"^ *\d+ ", "", "\n".join(read), flags=re.MULTILINE)


def timed(step: Callable[[], object]) -> float:
    start = time.monotonic()
    step()
    return time.monotonic() - start


def lamplighter(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    if done.exit_code:
        raise SystemExit(f"lamplighter {' '.join(words)}: {done.output}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
