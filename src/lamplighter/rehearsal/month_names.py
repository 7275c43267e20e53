"""Names and numbers of people who do not exist."""

from typing import Final

FIRST: Final = (
    "Odette", "Barnaby", "Clementine", "Ignatius", "Perpetua", "Cosmo", "Wilhelmina", "Fitz", "Saffron", "Leopold",
    "Marisol", "Thaddeus", "Ximena", "Horatio", "Philippa", "Anselmo", "Rosalind", "Evaristo", "Tabitha", "Casimir",
    "Dulcinea", "Percival", "Guadalupe", "Ferdinand", "Hyacinth", "Bonifacio", "Araminta", "Quentin", "Yolanda",
    "Zebedee", "Isadora", "Mortimer", "Nicanor", "Ottoline", "Ulysses", "Valentina", "Wendell", "Esperanza",
    "Jasper", "Keziah",
)  # fmt: skip
LAST: Final = (
    "Featherstonehaugh", "Marmalade", "Quillfeather", "Thistledown", "Underhill", "Vanderplume", "Wobblesworth",
    "Campoalegre", "Thimblewick", "Applewhite", "Lanternfield", "Buenrostro", "Pennywhistle", "Castellanueva",
    "Merriweather", "Dosaguas", "Figglesworth", "Montealto", "Brambleby", "Piedrablanca", "Snodgrass",
    "Valdeflores", "Tumbleweed", "Rioseco", "Butterworth", "Camposanto", "Winterbottom", "Altamirano",
    "Honeycutt", "Tresvientos", "Hollyhock", "Penalba", "Marblethorpe", "Solarriba", "Nettleship", "Robledal",
    "Cobblepot", "Fuenteclara", "Larkspur", "Villaserena", "Gooseberry", "Montenegrete", "Drinkwater",
    "Casasola", "Puddifoot", "Arcoverde", "Ravenscroft", "Llanoverde", "Mockridge", "Altozano",
)  # fmt: skip
HERE: Final = (
    "718", "917", "646", "347", "929", "332", "516", "914", "631", "845", "518", "315", "585", "607", "716", "838",
    "680", "934",
)  # fmt: skip
ELSEWHERE: Final = ("213", "312", "305", "502", "713", "206", "808", "602", "615", "404", "303", "503", "702")
"""Where else a number may be from: with another clock, or with two."""

A_HUNDRED: Final = 100


def phone_of(number: int, *, elsewhere: bool) -> str:
    """No two numbers give one phone. Raises ValueError where there are no more invented ones."""
    code, line = number // A_HUNDRED, number % A_HUNDRED
    codes = ELSEWHERE if elsewhere and code < len(ELSEWHERE) else HERE
    if code >= len(codes):
        raise ValueError("a month has no more people than there are invented numbers for")
    return f"+1{codes[code]}55501{line:02d}"
