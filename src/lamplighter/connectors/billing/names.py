"""Under what an account is found: the name and birth date, compared as people on file are."""

import unicodedata
from datetime import date

Place = tuple[str, str, date]


def place(first_name: str, last_name: str, born: date) -> Place:
    return _plain(first_name), _plain(last_name), born


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
