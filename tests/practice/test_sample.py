from decimal import Decimal

from lamplighter.practice.load import check
from lamplighter.practice.model import Modality, Money
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample

PRACTICE = load_sample()


def test_the_sample_practice_has_no_problems() -> None:
    assert check(SAMPLE_FOLDER, {"en", "es"}) == []


def test_harbor_lane_is_reached_and_named_as_its_page_says() -> None:
    assert (PRACTICE.id, PRACTICE.name, PRACTICE.sender_name) == (
        "demo",
        "Harbor Lane Counseling",
        "HLC Office",
    )
    assert (PRACTICE.phone, PRACTICE.timezone_name, PRACTICE.states) == (
        "+12125550100",
        "America/New_York",
        ("NY",),
    )
    assert PRACTICE.languages_signed == ("en", "es")


def test_everybody_works_all_hours_in_person_and_by_video_and_takes_new_patients() -> None:
    for clinician in PRACTICE.clinicians:
        assert clinician.hours == PRACTICE.hours
        assert set(clinician.modalities) == set(Modality)
        assert clinician.takes_new_patients


def test_clinicians_see_the_ages_and_speak_the_languages_of_the_page() -> None:
    seen = {c.spoken_name: (c.gender, c.languages, c.min_age) for c in PRACTICE.clinicians}

    assert seen == {
        "Dr. Osei": ("woman", ("en",), 12),
        "Luis Ortega": ("man", ("en", "es"), 12),
        "Mei Tan": ("woman", ("en", "zh", "yue"), 12),
        "Dr. Roth": ("man", ("en",), 18),
    }


def test_visits_have_the_lengths_and_fees_of_the_page() -> None:
    kinds = {kind.id: (kind.minutes, kind.fee, kind.first) for kind in PRACTICE.visit_kinds}

    assert kinds == {
        "first_visit": (60, Money(Decimal(220)), True),
        "follow_up": (45, Money(Decimal(175)), False),
        "couples": (60, Money(Decimal(240)), True),
        "psychiatric_evaluation": (60, Money(Decimal(350)), True),
        "psychiatric_follow_up": (45, Money(Decimal(200)), False),
    }


def test_only_mei_tan_sees_couples_and_only_dr_roth_sees_people_for_medicines() -> None:
    by_kind = {
        kind.id: [c.spoken_name for c in PRACTICE.clinicians if kind.id in c.visit_kinds]
        for kind in PRACTICE.visit_kinds
    }

    assert by_kind["couples"] == ["Mei Tan"]
    assert by_kind["psychiatric_evaluation"] == by_kind["psychiatric_follow_up"] == ["Dr. Roth"]
    assert by_kind["first_visit"] == by_kind["follow_up"] == ["Dr. Osei", "Luis Ortega", "Mei Tan"]


def test_what_callers_say_leads_to_one_insurer_that_is_taken_or_not() -> None:
    by_name = {name.casefold(): insurer for insurer in PRACTICE.insurers for name in insurer.names}
    taken = {name: by_name[name].taken for name in ("uhc", "united", "blue cross", "empire", "healthfirst")}

    assert taken == dict.fromkeys(taken, True)
    assert not any(
        by_name[name].taken for name in ("oxford", "uhc oxford", "fidelis", "metroplus", "medicare")
    )
    assert by_name["healthfirst"].payer_class == "medicaid"


def test_answers_are_there_for_the_same_topics_in_both_signed_languages() -> None:
    answers = PRACTICE.answers.by_locale

    assert answers["en"].keys() == answers["es"].keys()
    assert {"directions", "parking", "telehealth", "superbills", "sliding_scale"} <= answers["en"].keys()
