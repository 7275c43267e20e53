"""Runs of letters and words: what a text looks like, whatever its language."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.guard.classifier import decide
from lamplighter.conversation.guard.grams import BUCKETS, grams
from lamplighter.conversation.guard.text import fold, words


def likeness(one: str, other: str) -> float:
    table = np.zeros(BUCKETS)
    buckets, weights = grams(words(fold(one)))
    np.add.at(table, buckets, weights)
    buckets, weights = grams(words(fold(other)))
    return float(weights @ table[buckets])


def test_a_misspelling_stays_nearer_than_another_sentence() -> None:
    meant = "quiero cancelar mi cita del jueves"
    assert likeness(meant, "kiero canselar mi sita del juebes") > 2 * likeness(
        meant, "¿dónde puedo estacionarme?"
    )
    assert likeness("死にたいです", "もう死にたい") > 2 * likeness("死にたいです", "予約をお願いします")


def test_case_and_accents_change_nothing() -> None:
    assert likeness("ADIÓS, Mamá", "adios mama") == likeness("adios mama", "adios mama")


@given(st.text(max_size=80))
def test_any_text_has_buckets_and_both_views_weigh_the_same(text: str) -> None:
    buckets, weights = grams(words(fold(text)))
    assert buckets.size == weights.size
    assert buckets.size == 0 or (buckets.min() >= 0 and buckets.max() < BUCKETS)
    assert any(abs(float(weights @ weights) - views) < 1e-3 for views in (0, 1, 2))


def test_the_widest_margin_that_passed_its_limit_decides() -> None:
    kinds = ("crisis", "clinical", "human", "clear")
    limits = np.array([0.2, 0.1, 0.1], dtype=np.float32)
    assert decide(np.array([0.3, 0.2, -1], dtype=np.float32), limits, kinds) == "crisis"
    assert decide(np.array([0.15, 0.12, -1], dtype=np.float32), limits, kinds) == "clinical"
    assert decide(np.array([0.15, 0.05, -1], dtype=np.float32), limits, kinds) == "clear"
