"""Looks a practice's folder over before it answers real people: every mistake, and what would go wrong on the day.

`error`: it cannot be loaded. `go_live`: it may not answer anybody yet. `warning`: somebody should look.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

from lamplighter.law.crisis_lines import emergency_numbers
from lamplighter.law.profile import STRICT_STOPS, LawProfile, profile_for
from lamplighter.practice import (
    authorization_doctor,
    billing_doctor,
    day_doctor,
    eligibility_doctor,
    outage_doctor,
    packet_doctor,
)
from lamplighter.practice.agreements import lacking
from lamplighter.practice.calendar import NOON, at_local, is_business_day
from lamplighter.practice.emergency import number_at
from lamplighter.practice.files.practice import CLINICAL
from lamplighter.practice.load import load_files, read_folder
from lamplighter.practice.model import Modality, Practice, Rung
from lamplighter.practice.problems import PracticeProblems, Problem, format_problem
from lamplighter.practice.reading import line_of
from lamplighter.practice.rota import gaps, rungs_of

__all__ = ["examine", "format_problem"]

INVENTED: Final = re.compile(r"\+1\d{3}55501\d\d")
SOON, VERY_SOON = 60, 30  # days before the data on the law is stale
PARTIES: Final = "parties.yaml"
Review = Literal["reviewed", "draft"]


def examine(
    folder: Path,
    day: date,
    phrasebooks: Mapping[str, Review] | None = None,
    papers: Collection[str] = (),
) -> list[Problem]:
    """Everything to mend or look at, in order of file and line; `day` is today where the practice is.

    `phrasebooks`: the languages there are phrasebooks in, and whether a person has reviewed them. `papers`: the
    languages in which the practice has approved the very words of its packet.
    """
    try:
        files, unread = read_folder(folder)
        if unread:
            return sorted([*unread, *_problems_of(files, phrasebooks)])
        practice = load_files(files, phrasebooks)
    except PracticeProblems as found:
        return list(found.problems)
    return sorted(_Examination(practice, files, day, papers).everything(phrasebooks))


def _problems_of(files: Mapping[str, bytes], phrasebooks: Mapping[str, Review] | None) -> list[Problem]:
    try:
        load_files(files, phrasebooks)
    except PracticeProblems as found:
        return list(found.problems)
    return []


class _Examination:
    def __init__(
        self, practice: Practice, files: Mapping[str, bytes], day: date, papers: Collection[str]
    ) -> None:
        self.practice, self.files, self.day, self.papers = practice, files, day, papers

    def everything(self, phrasebooks: Mapping[str, Review] | None) -> list[Problem]:
        profile = profile_for((self.practice.state, *self.practice.states), self.day)
        return [
            *self._ladder(),
            *self._rota(),
            *self._in_session(),
            *self._languages(phrasebooks or {}),
            *self._names(),
            *self._numbers(),
            *self._emergency_numbers(),
            *self._law(profile),
            *self._minors(profile),
            *self._openings(),
            *self._parties(),
            *day_doctor.links(self.practice, self.files),
            *eligibility_doctor.payers(self.practice, self.files),
            *authorization_doctor.authorizations(self.practice, self.files),
            *billing_doctor.billing(self.practice, self.files),
            *packet_doctor.examine(self.practice, self.files, self.papers),
            *outage_doctor.outage(self.practice, self.files, self.day),
        ]

    def _at(self, file: str, *path: str) -> tuple[str, int]:
        return file, line_of(self.files[file], *path)

    def _ladder(self) -> list[Problem]:
        ladder = self.practice.ladder
        problems = []
        for side, when, routes in (
            ("by_day", "by day", ladder.by_day),
            ("after_hours", "after hours", ladder.after_hours),
        ):
            place = self._at("ladder.yaml", side, "crisis")
            crisis = routes["crisis"]
            if not any(rung.licensed for rung in crisis):
                problems.append(
                    Problem(
                        *place,
                        f"nobody who is licensed is rung in a crisis {when}",
                        "Add a clinician, or the clinician on call.",
                        "go_live",
                    )
                )
            if len(crisis) == 1:
                problems.append(
                    Problem(
                        *place,
                        f"the crisis ladder {when} has a single step",
                        "Add who is rung when the first does not pick up.",
                        "go_live",
                    )
                )
        return problems + self._emergencies()

    def _emergencies(self) -> list[Problem]:
        if not any(rung.phone in emergency_numbers() for rung in rungs_of(self.practice.ladder)):
            return []
        return [
            Problem(
                *self._at("ladder.yaml", "people"),
                "a number for emergencies stands on the ladder, and it is never dialled by us",
                "Take it off: the person hears it first of all, and dials it themselves.",
                "go_live",
            )
        ]

    def _rota(self) -> list[Problem]:
        """Days without anybody on call."""
        starts = self.practice.ladder.rota_starts
        if starts is None or starts <= self.day:
            return self._gaps()
        return [
            Problem(
                *self._at("ladder.yaml", "on_call_from"),
                f"nobody is on call before {starts.isoformat()}",
                "Set on_call_from to a date that has passed, or go live then.",
                "go_live",
            )
        ]

    def _gaps(self) -> list[Problem]:
        """Days of the coming week on which a crisis would ring no person."""
        found = gaps(self.practice, at_local(self.practice, self.day, NOON))
        if not found:
            return []
        days = ", ".join(day.isoformat() for day in found)
        return [
            Problem(
                *self._at("ladder.yaml", "after_hours", "crisis"),
                f"no person would be rung in a crisis at some hour of {days}",
                "Put somebody on call, or the answering service, in front of the line.",
                "go_live",
            )
        ]

    def _in_session(self) -> list[Problem]:
        """Whoever works alone needs somebody behind them while they are with a patient."""
        practice = self.practice
        if len(practice.clinicians) != 1:
            return []
        crisis = practice.ladder.by_day["crisis"]
        if any(not _is_clinician(rung) and rung.kind != "line" for rung in crisis):
            return []
        return [
            Problem(
                *self._at("ladder.yaml", "by_day", "crisis"),
                "while the only clinician is in session, no person is rung in a crisis",
                "Put an answering service, or a colleague who covers, behind the clinician.",
                "go_live",
            )
        ]

    def _languages(self, phrasebooks: Mapping[str, Review]) -> list[Problem]:
        return [
            Problem(
                *self._at("practice.yaml", "languages", "signed"),
                f"the phrasebook in {language} has not been reviewed by a person",
                f"Let a clinician who reads it approve its words (`lamplighter review`), or move {language} to draft.",
                "go_live",
            )
            for language in self.practice.languages_signed
            if phrasebooks.get(language, "reviewed") != "reviewed"
        ]

    def _names(self) -> list[Problem]:
        return [
            *self._address(),
            *self._site_names(),
            *self._hosts(),
        ]

    def _address(self) -> list[Problem]:
        """What stands in every inbox, and on locked screens."""
        found = CLINICAL.search(self.practice.email or "")
        if found is None:
            return []
        told = f'the email address holds a clinical word ("{found[0]}"); it stands above every email'
        remedy = "Take a neutral one for this: initials and office, at a neutral domain."
        return [Problem(*self._at("practice.yaml", "email"), told, remedy, "go_live")]

    def _hosts(self) -> list[Problem]:
        """What stands in every link."""
        return [
            Problem(
                *self._at("practice.yaml", "hosts"),
                f'the web name {host} holds a clinical word ("{found[0]}"); it stands in every link that is sent',
                "Take a neutral one for this: initials and office.",
                "go_live",
            )
            for host in self.practice.hosts
            if (found := CLINICAL.search(host))
        ]

    def _site_names(self) -> list[Problem]:
        return [
            Problem(
                *self._at("practice.yaml", "sites"),
                f'the name of the site {site.id} holds a clinical word ("{found[0]}")',
                "Name it after its street: the name may stand in a text.",
                "go_live",
            )
            for site in self.practice.sites
            if (found := CLINICAL.search(site.name))
        ]

    def _numbers(self) -> list[Problem]:
        practice = self.practice
        places = {
            self._at("practice.yaml", "phone"): practice.numbers,
            self._at("practice.yaml", "emergency_numbers"): [
                each.phone for each in practice.emergency_numbers
            ],
            self._at("people.yaml", "clinicians"): [each.phone for each in practice.clinicians],
            self._at("ladder.yaml", "people"): [
                rung.phone for rung in rungs_of(practice.ladder) if not rung.clinician
            ],
        }
        return [
            Problem(
                *place,
                "an invented telephone number (555-01..) stands here; nobody answers it",
                "Write the real number.",
                "go_live",
            )
            for place, numbers in places.items()
            if any(number and INVENTED.fullmatch(number) for number in numbers)
        ]

    def _emergency_numbers(self) -> list[Problem]:
        """Places of which nobody could be told what to dial for somebody there."""
        practice = self.practice
        unknown = [site for site in practice.sites if not number_at(practice, site.address)]
        if practice.emergency_numbers and not unknown:
            return []
        where = unknown[0].address if unknown else "any place"
        return [
            Problem(
                *self._at("practice.yaml", "emergency_numbers"),
                f"the ten-digit number of the emergency services for {where} is not written down",
                "Ask the dispatch centre there, and list it under emergency_numbers by city, county or zip.",
                "warning",
            )
        ]

    def _law(self, profile: LawProfile) -> list[Problem]:
        place = self._at("practice.yaml", "state")
        problems = [
            Problem(
                *place, f"the law here is not settled: {line}", "Ask counsel, and note the answer.", "warning"
            )
            for line in profile.unsettled
        ]
        return problems + self._age_of_the_law(profile, place)

    def _age_of_the_law(self, profile: LawProfile, place: tuple[str, int]) -> list[Problem]:
        """Sixty and thirty days ahead, and what is held back once it is stale. Who is signed goes on answering."""
        left = (profile.stale_from - self.day).days
        if left > SOON:
            return []
        said = f"goes stale in {left} days, on {profile.stale_from.isoformat()}" if left > 0 else "is stale"
        hurry = ": newer data has to be signed by then" if 0 < left <= VERY_SOON else ""
        return [
            Problem(
                *place,
                f"the data on the law, compiled {profile.compiled_on.isoformat()}, {said}{hurry}",
                "Upgrade to a version with newer data, have counsel look at what changed, and sign again. "
                f"{'Then' if left > 0 else 'Now'} {'; '.join(STRICT_STOPS)}. All else goes on.",
                "warning" if left > 0 else "go_live",
            )
        ]

    def _minors(self, profile: LawProfile) -> list[Problem]:
        youngest = min((each.min_age for each in self.practice.clinicians), default=18)
        rule = profile.minor_rule(self.practice.state)
        if self.practice.minors_first_visit == "hold" or youngest >= 18 or rule.parent_can_consent:
            return []
        return [
            Problem(
                *self._at("practice.yaml", "first_visit_of_a_minor"),
                f"a parent's request is booked, and in {rule.state} a parent's consent may not be enough",
                "Write hold, so that a person confirms it, or ask counsel.",
                "warning",
            )
        ]

    def _openings(self) -> list[Problem]:
        """What would leave callers without anything to book."""
        practice = self.practice
        problems = []
        if not any(each.takes_new_patients for each in practice.clinicians):
            problems.append(
                Problem(
                    *self._at("people.yaml", "clinicians"),
                    "nobody takes new patients",
                    "That may be right: callers hear it at once, and can join the waitlist.",
                    "warning",
                )
            )
        soon = (self.day + timedelta(days=ahead) for ahead in range(practice.horizon_days))
        if not any(is_business_day(practice, day) for day in soon):
            problems.append(
                Problem(
                    *self._at("practice.yaml", "horizon_days"),
                    "the practice is closed on every day that it would offer",
                    "Raise horizon_days, or look at hours and closed_dates.",
                    "go_live",
                )
            )
        if any(Modality.TELEHEALTH in each.modalities for each in practice.clinicians):
            problems += [*self._unlicensed(), *self._dates_without_a_plan()]
        return problems

    def _parties(self) -> list[Problem]:
        """Nothing that people tell us leaves to anybody whose agreement is not on file."""
        if PARTIES not in self.files:
            return [
                Problem(
                    PARTIES,
                    0,
                    "nobody has said who else gets something of what people tell you",
                    "Copy parties.yaml from a folder that `lamplighter practice new` makes; it may list nobody.",
                    "go_live",
                )
            ]
        return [
            Problem(*self._at(PARTIES, "parties", str(place), lacks[0]), *lacks[1:], "go_live")
            for place, party in enumerate(self.practice.parties)
            if (lacks := lacking(party, self.day))
        ]

    def _dates_without_a_plan(self) -> list[Problem]:
        taken = {each.id for each in self.practice.insurers if each.taken}
        return [
            Problem(
                *self._at("people.yaml", "clinicians", str(place), "credentialing", str(number), "insurer"),
                f"{each.name} has an agreement with an insurer that the practice doesn't take",
                "Move the insurer to `taken` in insurance.yaml, or take these dates out.",
                "go_live",
            )
            for place, each in enumerate(self.practice.clinicians)
            for number, dates in enumerate(each.credentialing)
            if dates.insurer not in taken
        ]

    def _unlicensed(self) -> list[Problem]:
        licensed = {state for each in self.practice.clinicians for state in each.states}
        return [
            Problem(
                *self._at("practice.yaml", "telehealth_states"),
                f"people in {state} may be seen by video, and nobody is licensed there",
                f"Take {state} out, or add it to somebody's licensed_in.",
                "go_live",
            )
            for state in self.practice.states
            if state not in licensed
        ]


def _is_clinician(rung: Rung) -> bool:
    return rung.kind in ("clinician", "on_call", "treating")
