"""Pictures as they come from a telephone, made into ones that may be kept: turned upright, no larger than they are read
at, and with nothing beside what they show. Where and with what they were taken is left behind.
"""

import io
import threading
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

TAKEN: Final = ("JPEG", "PNG", "WEBP")
LARGEST: Final = 15_000_000
"""Bytes of one picture; the largest that telephones make at their usual setting have ten million."""

MOST_PIXELS: Final = 50_000_000
"""What a telephone makes. A picture that says it has more is not opened: it may be a few bytes that fill a machine."""

MOST_IN_FULL: Final = 16_000_000
"""Of a kind that can be opened in full only; a JPEG as cameras make it is opened smaller from the start."""

LONGEST_SIDE: Final = 2_000
QUALITY: Final = 85
ONE_AT_A_TIME: Final = threading.Lock()
"""What is decoded takes much room: one fills a machine less than twenty do."""


class NoPicture(ValueError):
    """It can't be kept. `why`: "too_large", "too_many_pixels", "of_another_kind" or "unreadable"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def readied(content: bytes) -> bytes:
    """A JPEG of what it shows. Raises NoPicture."""
    if len(content) > LARGEST:
        raise NoPicture("too_large")
    with ONE_AT_A_TIME:
        try:
            return _redrawn(content)
        except NoPicture:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise NoPicture("too_many_pixels") from bomb
        except UnidentifiedImageError as other:
            raise NoPicture("of_another_kind") from other
        except Exception as broken:  # whatever a decoder stumbles over was sent by somebody
            raise NoPicture("unreadable") from broken


def _redrawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=TAKEN) as opened:
        if opened.width * opened.height > _most_pixels(opened):
            raise NoPicture("too_many_pixels")
        _load(opened)
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = _on_white(ImageOps.exif_transpose(opened))
    drawn = io.BytesIO()
    plain.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _most_pixels(opened: Image.Image) -> int:
    in_full = opened.format != "JPEG" or "progressive" in opened.info
    return MOST_IN_FULL if in_full else MOST_PIXELS


def _load(opened: Image.Image) -> None:
    """A JPEG is decoded no larger than it has to be."""
    if opened.format == "JPEG":
        times = max(max(opened.size) / LONGEST_SIDE, 1)
        opened.draft("RGB", (int(opened.width / times), int(opened.height / times)))
    opened.load()


def _on_white(picture: Image.Image) -> Image.Image:
    """Without what is seen through, and without whatever else a file may carry."""
    seen = picture.convert("RGBA")
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    return plain
