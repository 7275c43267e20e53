"""Where a hand-over goes by what was said: the file that says so, the head that adds to it, and what both come to."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from lamplighter.conversation import guard, leanings
from lamplighter.conversation.events import Heard
from lamplighter.conversation.guard import Guard
from lamplighter.conversation.guarding import about_what
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State
from lamplighter.conversation.ways import RECKONED, SHIPPED
from lamplighter.conversation.ways_report import WAY_OF, counted, page
from lamplighter.desk import calling_back, quiet
from lamplighter.desk.ports import Person
from tests.promises.desks import CALLER, Call, House

PAGE = Path(__file__).parents[2] / "docs/ways.md"
ROUTES = yaml.safe_load(SHIPPED.raw)["routes"]
SAID_OF = {
    "self-harm": ("I want to kill myself", "ya no quiero vivir, quiero quitarme la vida"),
    "harm to others": ("I'm going to kill my boss, I have a gun", "lo voy a matar"),
    "psychosis-like danger": ("the voices tell me to jump tonight", "las voces me dicen que me mate"),
    "violence at home": ("my husband hit me", "mi marido me pegó"),
    "abuse of a child or an elder": ("the aide is hitting my mother", "la niñera sacudió al bebé"),
    "overdose or intoxication": ("I took the whole bottle of pills", "me tomé todo el frasco"),
    "medical emergency": ("my father collapsed, he isn't breathing", "me duele el pecho y no puedo respirar"),
    "sexual assault": ("I was raped last night", "me violaron anoche"),
    "missing or at-risk third party": (
        "my sister is missing and left a note saying goodbye",
        "mi hermano desapareció y dejó una carta de despedida",
    ),
    "perinatal": (
        "I had a baby and I don't want to live anymore",
        "acabo de tener a mi bebé y ya no quiero vivir",
    ),
}


def test_every_pattern_that_a_way_goes_by_is_one_that_the_guard_reads() -> None:
    pages = [page.read_text("utf-8") for page in (files(guard) / "patterns").iterdir()]
    read = {name for page in pages for name in re.findall(r"- \{?id: ([\w-]+)", page)}
    assert SHIPPED.patterns_named - read == set()


def test_cri_09_each_of_the_ten_reasons_has_a_way_a_first_destination_and_a_fallback() -> None:
    assert set(ROUTES) == set(SAID_OF)
    assert all(set(route) == {"goes_by", "first", "then"} for route in ROUTES.values())


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("reason", SAID_OF)
def test_cri_09_each_of_the_ten_reasons_goes_where_the_file_says(reason: str, locale: str) -> None:
    route, house = ROUTES[reason], House()
    made = house.call("voice")
    made.say(SAID_OF[reason][locale == "es"])
    way = "" if route["goes_by"] == "general" else f".{route['goes_by']}"
    first = next(phrase for phrase in made.said if phrase.startswith("handoff."))
    assert first == f"handoff.crisis{way}"
    house.pass_time(1)
    assert house.pager.rings[0].licensed or route["first"] != "licensed"


def test_whoever_was_assaulted_hears_the_line_for_it_and_not_that_for_violence_at_home() -> None:
    made = House().call("sms")
    made.say("I was raped last night")
    said = next(body for body in made.bodies if getattr(body, "phrase", "").startswith("handoff.crisis"))
    words = Phrasebook.load().render("en", said.phrase, said.args)  # type: ignore[attr-defined]
    assert "800-656-4673" in words and "800-799-7233" not in words


def test_nothing_more_than_must_be_is_written_to_whoever_is_read_over() -> None:
    made = House().call("sms")
    made.say("he reads my texts. I want to kill myself")
    assert made.state.quiet and "handoff.crisis.beside" not in made.said


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de", "mein Mann hat mich wieder geschlagen und die Tür abgeschlossen"),
        ("fr", "mon mari me frappe, il est dans la pièce à côté"),
        ("vi", "chồng tôi đánh tôi, tôi đang trốn"),
        ("pt-BR", "meu marido me bateu de novo e está voltando"),
    ],
)
def test_violence_at_home_is_known_in_other_languages_by_the_head_alone(locale: str, words: str) -> None:
    assert not {"home", "nothing_out"}.isdisjoint(leanings.load().about(words, locale))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "my boyfriend broke up with me and I want to kill myself"),
        ("en", "I want to die, my husband left me"),
        ("en", "since my husband died I don't want to live"),
        ("en", "my husband told me to call you, I am suicidal"),
        ("en", "please don't tell my mom, I'm going to kill myself"),
        ("es", "discutí con mi mamá y me quiero matar"),
        ("es", "mi novio terminó conmigo y me quiero matar"),
        ("es", "desde que murió mi esposa no quiero vivir"),
    ],
)
def test_who_names_a_partner_or_a_parent_and_wants_to_die_is_called_back(locale: str, words: str) -> None:
    house = House()
    made = house.call("voice", address="+12125550143")
    made.say(words)
    assert made.state.verdict == "crisis" and not made.state.quiet
    assert "handoff.crisis.home" not in made.said


def test_what_only_the_head_takes_for_violence_at_home_is_met_as_such_and_a_clinician_decides_whether_to_call() -> (
    None
):
    house = House()
    made = house.call("sms")
    made.say("my ex followed me to your building and I'm scared to come out of the car")
    assert "handoff.crisis.home.text" in made.said and made.state.quiet
    assert to_call_back(house, made) == (True, "ask_before_calling")
    made.say("he beat me last night, please don't call me back")
    assert to_call_back(house, made) == (False, "do_not_call_back")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("es", "auxilio, me quiere pegar"),
        ("uk", "cholovik mene bye"),
        ("fa", "shoharam kotakam zad"),
        ("ko", "nampyeon i jigeum ttaeryeoyo dowajuseyo"),
    ],
)
def test_a_pattern_that_hears_several_dangers_does_not_say_that_it_is_none_at_home(
    locale: str, words: str
) -> None:
    verdict = Guard.load().check(words, locale, "sms")
    assert verdict.because != ("classifier",)
    assert RECKONED in about_what(SHIPPED, State(locale=locale), Heard(words), verdict)


def test_nothing_of_ours_goes_by_itself_to_whoever_is_on_file_and_only_reckoned_to_be_hurt_at_home() -> None:
    house = House()
    with house.records.transaction(house.practice.id) as tx:
        tx.people.add(Person("carl", "Carl", "Beck", date(1979, 5, 1), phone=CALLER))
    made = house.call("sms", address=CALLER)
    made.say("my ex followed me to your building and I'm scared to come out of the car")
    with house.records.transaction(house.practice.id) as tx:
        assert quiet.is_kept(tx, person="carl")
        assert not quiet.is_never_called(tx, "carl")
    made.say("he beat me last night")
    later = house.call("voice", address=CALLER)
    later.say("my ex followed me to your building and I'm scared to come out of the car")
    with house.records.transaction(house.practice.id) as tx:
        assert quiet.is_never_called(tx, "carl")


def to_call_back(house: House, made: Call) -> tuple[bool, str]:
    """Whether anybody may, and what the task says of it."""
    state = made.state
    with house.records.transaction(house.practice.id) as tx:
        (task,) = (each for each in tx.tasks.list_open() if each.kind == "handoff")
        said = {"ask_before_calling", "do_not_call_back"} & set(dict(task.details))
        return calling_back.may_call(tx, state), "".join(said)


def test_the_page_of_ways_says_what_is_measured_and_the_right_way_is_mostly_taken() -> None:
    found = counted(["en", "es"])
    measured = page(found).splitlines()
    written = PAGE.read_text("utf-8").splitlines()
    assert set(measured[:4]) <= set(written)
    for locale in ("en", "es"):
        rows = {row: found[locale, row] for at, row in found if at == locale}
        for kind, way in WAY_OF.items():
            hits, of = rows[f"{kind}: {way}"]
            assert hits / of >= FLOORS[way], (locale, kind)
        hits, of = rows["violence-at-home: nothing goes out"]
        assert hits / of >= 0.7
        for row, most in (("another way, wrongly", 0.12), ("nothing goes out, wrongly", 0.12)):
            assert rows[row][0] / rows[row][1] <= most


FLOORS = {"home": 0.7, "licensed": 0.55, "medical": 0.7, "assault": 0.5}
