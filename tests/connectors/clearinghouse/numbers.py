"""Control numbers that count from one: what the tests write with."""


class CountedNumbers:
    def __init__(self, first: int = 1) -> None:
        self._last: dict[str, int] = {}
        self._first = first
        self._kept: dict[str, str] = {}

    def next(self, kind: str) -> int:
        self._last[kind] = self._last.get(kind, self._first - 1) + 1
        return self._last[kind]

    def kept(self, name: str) -> str:
        return self._kept.get(name, "")

    def keep(self, name: str, value: str) -> None:
        self._kept.setdefault(name, value)
