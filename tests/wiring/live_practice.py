"""A practice that could go live as it stands: the sample with numbers that `doctor` does not know as invented.

They are nobody's all the same: no exchange begins with a zero.
"""

import re
from pathlib import Path

from tests.practice.folder import SAMPLE


def live_practice(folder: Path, name: str = "maple") -> Path:
    """The folder, with what only people can do left to do."""
    folder.mkdir(parents=True)
    for file, content in SAMPLE.items():
        text = re.sub(r"(?ms)^emergency_numbers:.*?\n(?=\S)", "", content.decode())
        text = re.sub(r"\(\d{3}\) 555-01(\d\d)", r"(212) 055-51\1", text)
        (folder / file).write_text(text.replace("id: demo", f"id: {name}"))
    return folder
