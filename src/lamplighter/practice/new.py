"""Makes the folder of a new practice from a template of its kind; what only its owner knows is left open."""

import json
import re
import unicodedata
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from lamplighter.practice.files.practice import SENDER
from lamplighter.practice.values import NAME, Unreadable

TEMPLATES: Final = files("lamplighter.practice").joinpath("templates")
KINDS: Final = {
    "solo": ("a therapist who works alone", ("common", "solo")),
    "group": ("several clinicians with a front desk", ("common", "team", "group")),
    "psychiatry": ("a clinic that prescribes", ("common", "team", "psychiatry")),
    "community": ("a community centre", ("common", "team", "community")),
    "university": ("a university's counseling service", ("common", "team", "university")),
}
"""What each kind is, and the folders its files come from: a later one's parts take the place of an earlier one's."""

NEUTRAL_SENDER: Final = "The Office"
_PART: Final = re.compile(r"^([a-z_]+):", re.MULTILINE)


class CannotCreate(Exception):
    """The folder was not made; the message says why and what to do."""


def create(folder: Path, name: str, kind: str, day: date) -> tuple[Path, ...]:
    """Writes the files into `folder`, which may exist only if it is empty. Returns their paths.

    `name` is what the practice is called, `kind` one of KINDS, `day` today. Raises CannotCreate, and then nothing is
    left half made.
    """
    if kind not in KINDS:
        raise CannotCreate(f'There is no template "{kind}". Choose one of {", ".join(KINDS)}.')
    words = _words(_name(name), day)
    contents = {file: _filled(text, words) for file, text in template(kind).items()}
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CannotCreate(f"{folder} is not empty; nothing was written. Choose a new folder.")
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_write(folder / file, text) for file, text in sorted(contents.items()))
    except (OSError, ValueError) as wrong:
        raise CannotCreate(f"{folder} cannot be written: {wrong}. Choose another folder.") from wrong


def template(kind: str) -> dict[str, str]:
    """The files of a kind, name to text, put together from its folders."""
    made: dict[str, str] = {}
    for layer in KINDS[kind][1]:
        for entry in TEMPLATES.joinpath(layer).iterdir():
            text = entry.read_text("utf-8")
            made[entry.name] = overlaid(made[entry.name], text) if entry.name in made else text
    return made


def overlaid(under: str, over: str) -> str:
    """A file with the parts of another in place of its own of the same name; further ones come at its end.

    A part is a name at the margin with what is indented below it, and the comment right above it.
    """
    parts = _parts(under)
    for name, text in _parts(over).items():
        if name or text.strip():
            parts[name] = text if name not in parts else text.rstrip("\n") + _gap(parts[name])
    return "".join(part if part.endswith("\n") else part + "\n" for part in parts.values())


def _gap(text: str) -> str:
    """The empty lines at the end of a part, with the end of its last line."""
    return text[len(text.rstrip("\n")) :]


def _parts(text: str) -> dict[str, str]:
    """By name, in order; under no name what stands before the first."""
    starts = [(found[1], _with_its_comment(text, found.start())) for found in _PART.finditer(text)]
    ends = [start for _, start in starts[1:]] + [len(text)]
    head = text[: starts[0][1]] if starts else text
    return {"": head} | {name: text[start:end] for (name, start), end in zip(starts, ends, strict=True)}


def _with_its_comment(text: str, start: int) -> int:
    """Where the comment begins that stands right above `start`."""
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text.startswith("#", above):
            break
        start = above
    return start


def _name(written: str) -> str:
    try:
        return NAME.read(written)
    except Unreadable as wrong:
        raise CannotCreate(f"The name cannot be used: {wrong.message}. {wrong.remedy}") from wrong


def _write(path: Path, text: str) -> Path:
    with path.open("x", encoding="utf-8") as stream:
        stream.write(text)
    return path


def _words(name: str, day: date) -> dict[str, str]:
    """What stands in the templates between two @, and what is written there."""
    return {
        "id": _id(name),
        "name": json.dumps(name, ensure_ascii=False),
        "sender": json.dumps(_sender(name)),
        "winter_break": f"[{', '.join(each.isoformat() for each in _winter_break(day))}]",
    }


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@([a-z_]+)@", lambda found: words.get(found[1], found[0]), text)


def _id(name: str) -> str:
    """Small letters and underscores made of the name: `Río Office` is `rio_office`."""
    joined = re.sub(r"[^a-z0-9]+", "_", _plain(name).lower()).strip("_")[:60].strip("_")
    return joined if re.match(r"[a-z]", joined) else f"practice_{joined}".strip("_")


def _sender(name: str) -> str:
    """The initials and "Office", which says nothing of what kind of office it is."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", _plain(name)))[:5].upper()
    try:
        return SENDER.read(f"{initials} Office") if initials else NEUTRAL_SENDER
    except Unreadable:
        return NEUTRAL_SENDER


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _winter_break(day: date) -> list[date]:
    """The next days from Christmas Eve to New Year's Day, as a start."""
    eve = date(day.year - (day.month == 1 and day.day == 1), 12, 24)
    return [eve + timedelta(days=ahead) for ahead in range(9)]
