"""Files that are there whole or not at all, whatever is killed and whenever the power fails."""

import os
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600


def write_once(path: Path, content: bytes) -> bool:
    """Makes a file that only its owner may use. Whether it was made: one that another wrote meanwhile stays.

    Raises OSError.
    """
    draft = _draft(path, content, OWNER_ONLY)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def write_over(path: Path, content: bytes, mode: int = OWNER_ONLY) -> None:
    """Puts the content in the place of what is there. `mode` is for a file that is new. Raises OSError."""
    _draft(path, content, mode).replace(path)


def own_folder(folder: Path) -> None:
    """A folder that only its owner may look into, and so whatever had to be made above it. Raises OSError."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)


def _draft(path: Path, content: bytes, mode: int) -> Path:
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}.draft")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
