"""Whoever is seen by video and can't get in is sent a link: whether there is one, and whether it names nobody."""

import re
from collections.abc import Mapping
from typing import Final

from lamplighter.practice.model import Modality, Practice
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of

FILE: Final = "day_of_visit.yaml"


def links(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    line = line_of(files[FILE], "video_link") if FILE in files else 0
    problems = []
    if _some_without(practice):
        problems.append(
            Problem(
                FILE,
                line,
                "there are visits by video for which nothing says where the link is",
                "Add a line `video_link: https://.../{visit}`; without it a person has to send the link.",
                "warning",
            )
        )
    if _names_somebody(practice):
        problems.append(
            Problem(
                FILE,
                line,
                "a link names a clinician, and stands in a text, on locked screens too",
                "Use an address that names nobody.",
                "go_live",
            )
        )
    return problems


def _some_without(practice: Practice) -> bool:
    return any(
        practice.day_of_visit.link_for(each.id, kind) is None
        for each in practice.clinicians
        if Modality.TELEHEALTH in each.modalities
        for kind in each.visit_kinds
    )


def _names_somebody(practice: Practice) -> bool:
    day = practice.day_of_visit
    written = " ".join(filter(None, (day.link, *day.link_by_clinician.values(), *day.link_by_kind.values())))
    parts = {part for each in practice.clinicians for part in each.name.lower().split() if len(part) > 2}
    return any(re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", written.lower()) for part in parts)
