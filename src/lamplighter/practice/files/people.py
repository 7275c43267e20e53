"""people.yaml: the clinicians, what they do, when they work and whom they see."""

from lamplighter.practice.credentialing import Credentialing
from lamplighter.practice.files.hours import read_hours
from lamplighter.practice.files.known import Known
from lamplighter.practice.model import Clinician, Modality, WeekHours
from lamplighter.practice.reading import Section, by_language, unique_ids
from lamplighter.practice.values import (
    DATE,
    EMAIL,
    ID,
    LANGUAGE,
    NAME,
    PHONE,
    STATE,
    YES_NO,
    Kind,
    choice,
    one_of,
    whole_number,
)

MODALITIES = {
    "in_person": Modality.IN_PERSON,
    "telehealth": Modality.TELEHEALTH,
    "video": Modality.TELEHEALTH,
}


def _modality(written: str) -> Modality:
    word = written.strip().lower().replace(" ", "_")
    if word not in MODALITIES:
        raise one_of(written, ("in_person", "telehealth"), "a way of meeting")
    return MODALITIES[word]


MODALITY = Kind(_modality, Modality.IN_PERSON)


def read_people(section: Section, known: Known) -> tuple[Clinician, ...]:
    entries = section.need_sections("clinicians")
    clinicians = []
    names: dict[str, int] = {}
    for clinician_id, entry in unique_ids(entries, ID):
        clinician = _clinician(clinician_id, entry, known)
        _check(entry, clinician, names, known)
        clinicians.append(clinician)
        entry.close()
    return tuple(clinicians)


def _clinician(clinician_id: str, entry: Section, known: Known) -> Clinician:
    name = entry.need("name", NAME)
    return Clinician(
        id=clinician_id,
        name=name,
        spoken_name=entry.maybe("spoken_name", NAME, name),
        credential=entry.need("credential", NAME),
        gender=entry.maybe("gender", choice("unsaid", "woman", "man"), "unsaid"),
        languages=entry.many("languages", LANGUAGE),
        visit_kinds=entry.many("visits", known.visit_kind),
        modalities=entry.many("meets", MODALITY),
        sites=entry.many("sites", known.site, sorted(known.sites or ())),
        hours=_own_hours(entry, "hours") or known.hours,
        min_age=entry.maybe("youngest", whole_number(0, 120), 0),
        max_age=entry.maybe("oldest", whole_number(0, 200), 200),
        takes_new_patients=entry.maybe("takes_new_patients", YES_NO, True),
        new_patient_hours=_own_hours(entry, "hours_for_new_patients"),
        buffer_minutes=entry.maybe("minutes_between_visits", whole_number(0, 120), 0),
        caseload_cap=entry.optional("caseload_cap", whole_number(1, 10_000)),
        insurers=_insurers(entry, known),
        credentialing=tuple(_credentialing(each, known) for each in entry.sections("credentialing")),
        states=entry.many("licensed_in", STATE, ()),
        email=entry.optional("email", EMAIL),
        phone=entry.optional("phone", PHONE),
        described=by_language(entry, "described"),
        interrupt_session=entry.maybe("interrupt_session", choice("never", "crisis_only"), "never"),
        prescribes=entry.maybe("prescribes", YES_NO, False),
    )


def _own_hours(entry: Section, key: str) -> WeekHours | None:
    hours = entry.section(key)
    return None if hours is None else read_hours(hours)


def _insurers(entry: Section, known: Known) -> tuple[str, ...] | None:
    """None, every insurer of the practice, unless a list is written; `none` is an empty list."""
    if not entry.has("insurers"):
        entry.peek("insurers")
        return None
    return () if entry.peek("insurers") == "none" else entry.many("insurers", known.insurer)


def _credentialing(entry: Section, known: Known) -> Credentialing:
    dates = Credentialing(
        entry.need("insurer", known.insurer), entry.optional("begins", DATE), entry.optional("ends", DATE)
    )
    if not entry.has("begins") and not entry.has("ends"):
        entry.add(
            "insurer",
            "has neither a day on which it begins nor one on which it ends",
            "Write `begins: 2027-01-04`, or take the entry out: `insurers` says who is always on a panel.",
        )
    if dates.begins and dates.ends and dates.ends <= dates.begins:
        entry.add("ends", "ends before it has begun", "Exchange the two dates, or correct one.")
    entry.close()
    return dates


def _check(entry: Section, clinician: Clinician, names: dict[str, int], known: Known) -> None:
    if clinician.max_age < clinician.min_age:
        entry.add("oldest", "the oldest age is below the youngest", "Exchange the two, or correct one.")
    if Modality.TELEHEALTH in clinician.modalities and not clinician.states:
        entry.add(
            "licensed_in" if "licensed_in" in entry.names() else "meets",
            "meets by telehealth, but licensed_in names no state",
            "Add `licensed_in: [NY]`: people may only be seen where they sit.",
        )
    if Modality.IN_PERSON in clinician.modalities and not clinician.sites and known.sites is not None:
        entry.add("meets", "meets in person, but at no site", "Add `sites:`, or meet by telehealth only.")
    for said in {clinician.name.casefold(), clinician.spoken_name.casefold()} - {""}:
        if said in names:
            entry.add(
                "name",
                f"is called the same as the person in line {names[said]}",
                "Tell them apart in spoken_name.",
            )
        names.setdefault(said, entry.line("id"))
