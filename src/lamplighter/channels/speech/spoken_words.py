"""How each language is said aloud and heard: `spoken/<language>.yaml`, read strictly. English has every name, and says
what each is for; a language leaves out what it has not, and then only what is the same everywhere is done."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lamplighter.conversation.understanding.locale_files import page_of, wrong_in

FOLDER: Final = files(__package__) / "spoken"
_SHAPES: Final[Mapping[str, type]] = {
    "caller": str,
    "hums": list,
    "letter_by": str,
    "abbreviated": list,
    "silence": list,
    "examples": dict,
    "digits": dict,
    "aloud": dict,
}
_ALOUD: Final[Mapping[str, type]] = {
    "email": dict,
    "money": dict,
    "time": dict,
    "ordinals": dict,
    "years": dict,
    "replace": list,
}


@cache
def spoken_languages() -> tuple[str, ...]:
    """The languages that have a file, by name."""
    return tuple(
        sorted(file.name.removesuffix(".yaml") for file in FOLDER.iterdir() if file.name.endswith(".yaml"))
    )


@cache
def spoken_words(locale: str) -> Mapping[str, Any]:
    """What is known of the language of a BCP 47 tag; empty where it has no file. Raises LocaleUnreadable."""
    language = locale.partition("-")[0]
    if language not in spoken_languages():
        return {}
    file = FOLDER / f"{language}.yaml"
    page = page_of(file)
    for path, found, shapes in (((), page, _SHAPES), (("aloud",), page.get("aloud", {}), _ALOUD)):
        for name, value in found.items():
            if name not in shapes:
                raise wrong_in(
                    file, (*path, name), f"there is no {name!r} here; known are {', '.join(shapes)}"
                )
            if not isinstance(value, shapes[name]):
                raise wrong_in(file, (*path, name), f"{name} must be a {shapes[name].__name__}")
    return page


def of_every_language(name: str) -> tuple[str, ...]:
    """What the files list under a name, whatever is spoken."""
    found = (spoken_words(language).get(name, ()) for language in spoken_languages())
    return tuple(each for listed in found for each in ([listed] if isinstance(listed, str) else listed))
