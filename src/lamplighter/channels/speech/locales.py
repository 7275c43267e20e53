"""Which languages this machine can hear and speak by itself, and how well it is known to."""

from dataclasses import dataclass
from enum import Enum


class Ear(Enum):
    """How far the recogniser on this machine may be trusted in a language."""

    ON = "on"  # voice calls on by default
    CONFIRM = "confirm"  # usable if every detail is read back; not on by default
    NO = "no"  # keypad, text or a person instead


@dataclass(frozen=True, slots=True)
class SpokenLocale:
    """`whisper` and `espeak` are those programs' names for the language; `voices` are Kokoro's, best first."""

    ear: Ear
    whisper: str
    espeak: str
    voices: tuple[str, ...] = ()


LOCALES = {
    "en": SpokenLocale(Ear.ON, "en", "en-us", ("af_heart", "af_bella", "am_michael")),
    "en-GB": SpokenLocale(Ear.ON, "en", "en-gb", ("bf_emma",)),
    "es": SpokenLocale(Ear.ON, "es", "es-419", ("ef_dora", "em_alex")),
    "pt": SpokenLocale(Ear.ON, "pt", "pt-br", ("pf_dora",)),
    "fr": SpokenLocale(Ear.CONFIRM, "fr", "fr-fr", ("ff_siwis",)),
    "it": SpokenLocale(Ear.CONFIRM, "it", "it", ("if_sara",)),
    "de": SpokenLocale(Ear.CONFIRM, "de", "de"),
    "ko": SpokenLocale(Ear.CONFIRM, "ko", "ko"),
    "ru": SpokenLocale(Ear.CONFIRM, "ru", "ru"),
    "zh": SpokenLocale(Ear.CONFIRM, "zh", "cmn"),
    "ja": SpokenLocale(Ear.NO, "ja", "ja"),
    "pl": SpokenLocale(Ear.NO, "pl", "pl"),
    "vi": SpokenLocale(Ear.NO, "vi", "vi"),
    "uk": SpokenLocale(Ear.NO, "uk", "uk"),
    "ar": SpokenLocale(Ear.NO, "ar", "ar"),
    "fa": SpokenLocale(Ear.NO, "fa", "fa"),
    "ur": SpokenLocale(Ear.NO, "ur", "ur"),
    "hi": SpokenLocale(Ear.NO, "hi", "hi"),
    "bn": SpokenLocale(Ear.NO, "bn", "bn"),
    "pa": SpokenLocale(Ear.NO, "pa", "pa"),
    "gu": SpokenLocale(Ear.NO, "gu", "gu"),
    "te": SpokenLocale(Ear.NO, "te", "te"),
    "ht": SpokenLocale(Ear.NO, "ht", "ht"),
    "yue": SpokenLocale(Ear.NO, "yue", "yue"),
}


class LanguageNotSpoken(ValueError):
    """This machine cannot hear or speak the language: take keys, text or a person instead."""


def spoken(locale: str) -> SpokenLocale:
    """What is known of a BCP 47 tag, the nearest shorter tag standing in. Raises LanguageNotSpoken."""
    tag = "yue" if locale.startswith(("zh-Hant-HK", "zh-HK")) else locale
    while tag:
        if tag in LOCALES:
            return LOCALES[tag]
        tag = tag.rpartition("-")[0]
    raise LanguageNotSpoken(f"no speech for {locale} on this machine")
