"""Six digits of an authenticator app, and recovery codes on paper. Each opens once."""

import io
import re
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

STEP = 30  # seconds that a code of the app lasts
EITHER_SIDE = 1  # steps that a telephone's clock may be off
RECOVERY_CODES = 10
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_MOST = 64  # characters of a code that are looked at

_NUMBER = re.compile(r"\s*([0-9]{1,2})[\s-]")
_hasher = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
"""A code is some 59 random bits, which nobody guesses at any speed; a word that people choose would need more."""


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, name: str, practice: str) -> str:
    """What an authenticator app reads, as text."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=practice)


def picture(text: str) -> str:
    """The same as a picture, as SVG that stands in a page by itself."""
    import segno

    drawn = io.BytesIO()
    segno.make_qr(text).save(
        drawn, kind="svg", xmldecl=False, svgns=True, scale=5, border=3, light="#fff", dark="#000",
        omitsize=True, svgclass="qr", lineclass=None,
    )  # fmt: skip
    return drawn.getvalue().decode()


def step_of(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The time step whose code this is, later than the step `after`; None where it is none of now."""
    digits = "".join(code[:_MOST].split())
    now = int(at.timestamp()) // STEP
    app = pyotp.TOTP(secret)
    found = None
    for step in range(now - EITHER_SIDE, now + EITHER_SIDE + 1):
        right = secrets.compare_digest(app.generate_otp(step).encode(), digits.encode("utf-8", "replace"))
        if right and step > after and found is None:
            found = step
    return found


def new_recovery() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes to write down, and their hashes to keep. A code begins with its number, so that one hash is tried."""
    codes = tuple(
        f"{number}-{_letters()}-{_letters()}-{_letters()}" for number in range(1, RECOVERY_CODES + 1)
    )
    return codes, tuple(_hasher.hash(_plain(code)) for code in codes)


def _letters() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))


def recovery_place(code: str, hashes: tuple[str, ...]) -> int | None:
    """Where in `hashes` this code's stands; None where it is none, or was used. Takes as long either way."""
    number = _NUMBER.match(code[:_MOST])
    place = int(number[1]) - 1 if number else -1
    kept = hashes[place] if 0 <= place < len(hashes) else ""
    return place if _fits(kept or _NOBODYS, code) and kept else None


def _fits(kept: str, code: str) -> bool:
    try:
        return _hasher.verify(kept, _plain(code))
    except (VerificationError, InvalidHashError):
        return False


def _plain(code: str) -> str:
    return (
        "".join(letter for letter in code[:_MOST].upper() if letter.isalnum())
        .encode("utf-8", "replace")
        .decode()
    )


def nobodys(code: str) -> None:
    """As long as a right name takes, so that a wrong one is not told by the time."""
    _fits(_NOBODYS, code)


_NOBODYS = "$argon2id$v=19$m=8192,t=1,p=1$bm9ib2R5J3Mgc2FsdA$3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
