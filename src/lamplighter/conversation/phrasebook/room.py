"""How much room one text has: 160 plain letters (GSM 03.38), or two messages of 67 where a language needs others."""

from typing import Final

GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
ONE_OF_GSM_7, TWO_OF_UCS_2 = 160, 134


def fits(text: str) -> bool:
    return len(text) <= (ONE_OF_GSM_7 if set(text) <= GSM_7 else TWO_OF_UCS_2)
