"""How many pieces a text takes on the air: 160 plain letters, or 70 where one of them is not plain; a few less in each
where there are several (3GPP TS 23.038 and 23.040)."""

PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")


def is_plain(text: str) -> bool:
    return all(letter in PLAIN or letter in TWICE for letter in text)


def segments(text: str) -> int:
    if is_plain(text):
        return _pieces([2 if letter in TWICE else 1 for letter in text], 160, 153)
    return _pieces([len(letter.encode("utf-16-le")) // 2 for letter in text], 70, 67)


def _pieces(units: list[int], alone: int, together: int) -> int:
    """No letter is cut in two."""
    if sum(units) <= alone:
        return 1
    count, room = 1, together
    for unit in units:
        if unit > room:
            count, room = count + 1, together
        room -= unit
    return count
