"""The languages beyond English and Spanish: short answers ring nobody, danger in other words does."""

import pytest

from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.conversation.guard.letters import foreign, language_of

SHORT = {
    "ar": ["نعم", "لا", "الثلاثاء", "أحمد الخطيب", "15", "شكراً"],
    "bn": ["হ্যাঁ", "না", "মঙ্গলবার", "রহিম শেখ", "12/04/1990", "dhonnobad"],
    "de": ["ja", "nein danke", "Dienstag", "Anna Schmidt", "halb drei", "Tschüss"],
    "fa": ["بله", "نه", "سه‌شنبه", "رضا محمدی", "merci", "12"],
    "fr": ["oui", "non merci", "mardi", "Jean Dupont", "à demain", "deux"],
    "gu": ["હા", "ના", "મંગળવાર", "કિરણ પટેલ", "aabhar", "4"],
    "hi": ["हाँ", "नहीं", "मंगलवार", "राम शर्मा", "haan ji", "4"],
    "ht": ["wi", "non mesi", "madi", "Jan Batis", "dakò", "2"],
    "it": ["sì", "no grazie", "martedì", "Mario Rossi", "a domani", "due"],
    "ja": ["はい", "いいえ", "火曜日", "田中", "hai", "3時"],
    "ko": ["네", "아니요", "화요일", "김민수", "ne", "3시"],
    "pa": ["ਹਾਂ", "ਨਹੀਂ", "ਮੰਗਲਵਾਰ", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "haanji", "5"],
    "pl": ["tak", "nie dziękuję", "wtorek", "Jan Kowalski", "do jutra", "dwa"],
    "pt-BR": ["sim", "não obrigada", "terça-feira", "João Silva", "até amanhã", "duas"],
    "ru": ["да", "нет спасибо", "вторник", "Иван Петров", "da", "два"],
    "te": ["అవును", "వద్దు", "మంగళవారం", "రవి కుమార్", "sare", "3"],
    "tl": ["opo", "hindi po", "Martes", "Juan Santos", "salamat", "dalawa"],
    "uk": ["так", "ні дякую", "вівторок", "Іван Коваль", "tak", "два"],
    "ur": ["جی", "نہیں", "منگل", "علی خان", "haan ji", "4"],
    "vi": ["dạ", "không", "thứ ba", "Nguyễn Văn An", "cam on", "3 giờ"],
    "zh-Hans": ["是", "不用", "星期二", "王伟", "hao de", "三点"],
    "zh-Hant-HK": ["係", "唔使", "星期二", "陳大文", "hai", "三點"],
}


@pytest.mark.parametrize(("locale", "said"), [(locale, said) for locale in SHORT for said in SHORT[locale]])
def test_a_short_answer_rings_nobody(guard: Guard, locale: str, said: str) -> None:
    assert guard.check(said, locale, "voice") == Verdict("clear")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "si je m'endormais ce soir et que je ne me réveillais plus, ça arrangerait tout le monde"),
        ("de", "wenn ich morgen nicht mehr aufwache, vermisst mich ohnehin keiner"),
        ("it", "ho scritto le lettere a tutti, stasera salgo sul ponte"),
        ("vi", "tôi viết thư cho các con xong rồi, sợi dây để sẵn trong nhà kho"),
        ("bn", "চিঠিগুলো লিখে রেখেছি, দড়িটাও তৈরি"),
    ],
)
def test_danger_in_words_that_no_pattern_has_is_heard(guard: Guard, locale: str, said: str) -> None:
    assert guard.interim(said, locale, "voice").verdict == "clear"
    assert guard.check(said, locale, "voice").verdict == "crisis"


@pytest.mark.parametrize(
    ("spoken", "said", "verdict"),
    [
        ("vi", "상담원 바꿔 주세요", "human"),
        ("de", "соедините меня с живым человеком", "human"),
        ("fr", "أريد أن أتكلم مع شخص حقيقي", "human"),
    ],
)
def test_a_wish_for_a_person_is_heard_in_other_letters_whatever_the_contact_speaks(
    guard: Guard, spoken: str, said: str, verdict: str
) -> None:
    assert guard.check(said, spoken, "sms").verdict == verdict


def test_danger_in_other_letters_is_heard_in_an_english_contact(guard: Guard) -> None:
    assert guard.check("я больше не хочу жить", "en", "sms").verdict == "crisis"
    assert guard.check("मैं मरना चाहता हूँ", "es", "voice").verdict == "crisis"


@pytest.mark.parametrize(
    "said",
    ["je ne veux plus vivre, c'est fini pour moi", "ich will nicht mehr leben, ich kann nicht mehr"],
)
def test_danger_in_another_language_is_heard_in_an_english_contact(guard: Guard, said: str) -> None:
    assert guard.check(said, "en", "voice").verdict == "crisis"


def test_only_what_is_hardly_english_or_spanish_counts_as_foreign() -> None:
    assert foreign("je ne veux plus vivre") and foreign("gusto ko nang mamatay")
    assert not foreign("I'd like to move my appointment to Tuesday")
    assert not foreign("quisiera cambiar mi cita para el martes")
    assert not foreign("Brzeszczykiewicz") and not foreign("")


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("he's ravi. menon", "en"),
        ("he's Morag. Tagliaferro", "en"),
        ("no, they're boarding", "en"),
        ("Tavita, for short", "en"),
        ("Eusebio, para servirle", "es"),
        ("me llamo Iñaki Goicoechea", "es"),
    ],
)
def test_a_name_that_nobody_knows_is_no_other_language_and_rings_nobody(
    guard: Guard, said: str, locale: str
) -> None:
    assert guard.check(said, locale, "voice") == Verdict("clear")


def test_danger_behind_what_tells_a_name_is_read_in_its_language_all_the_same() -> None:
    assert foreign("soy fatigué, je ne veux plus vivre") and foreign("it's fini, je vais me tuer")


def test_letters_tell_the_language_unless_the_contact_is_in_one_that_shares_them() -> None:
    assert language_of("привет", "en") == "ru" and language_of("привет", "uk") == "uk"
    assert language_of("سلام", "fa") == "fa" and language_of("میں ٹھیک ہوں", "en") == "ur"
    assert language_of("もう無理", "en") == "ja" and language_of("我想死", "en") == "zh"
    assert language_of("¿mañana?", "en") is None


def test_a_name_in_other_letters_rings_nobody_in_an_english_contact(guard: Guard) -> None:
    assert guard.check("меня зовут Иван Петров", "en", "sms") == Verdict("clear")
    assert guard.check("王伟", "en", "chat") == Verdict("clear")
