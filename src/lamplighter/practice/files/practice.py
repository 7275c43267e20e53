"""practice.yaml: what the practice is called, how it is reached, where it is, when it is open, what it promises."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal

from lamplighter.practice.files.emergency import read_emergency_numbers
from lamplighter.practice.files.hours import read_hours
from lamplighter.practice.model import EmergencyNumber, Promises, Site, WeekHours
from lamplighter.practice.reading import Section, unique_ids
from lamplighter.practice.values import (
    DATE,
    EMAIL,
    HOST,
    ID,
    LANGUAGE,
    MONEY,
    NAME,
    PHONE,
    STATE,
    TEXT,
    TIME,
    YES_NO,
    ZONE,
    Kind,
    Unreadable,
    choice,
    whole_number,
)

CLINICAL: Final = re.compile(
    r"counsel|therap|psych|mental|behaviou?ral|addict|recover|rehab|trauma|anxi|depress|suicid|crisis|substance"
    r"|autis|adhd|disorder|clinic|wellness|grief|consejer|terap|psic|psiq|salud|conducta|adicc|ansied|depres",
    re.IGNORECASE,
)


def _sender(written: str) -> str:
    name = NAME.read(written)
    if found := CLINICAL.search(name):
        raise Unreadable(
            f'the sender name holds a clinical word ("{found[0]}"); it stands in every text, on locked screens too',
            'Write something neutral: initials and "Office".',
        )
    if len(name) > LONGEST_SENDER or not name.isascii():
        raise Unreadable(
            f"the sender name stands in every text, where there is room for {LONGEST_SENDER} plain letters",
            'Write something short: initials and "Office".',
        )
    return name


LONGEST_SENDER: Final = 16
SENDER: Final = Kind(_sender, "")


@dataclass(frozen=True, slots=True)
class Profile:
    """practice.yaml as read. The fields are those of `model.Practice`."""

    id: str
    name: str
    sender_name: str
    timezone_name: str
    state: str
    states: tuple[str, ...]
    phone: str
    numbers: tuple[str, ...]
    hosts: tuple[str, ...]
    hours: WeekHours
    closed_dates: tuple[date, ...]
    holidays: Literal["us_federal", "none"]
    slot_starts: tuple[int, ...]
    sites: tuple[Site, ...]
    promises: Promises
    languages_signed: tuple[str, ...]
    languages_draft: tuple[str, ...]
    languages_core: tuple[str, ...]
    minors_first_visit: Literal["book", "hold"]
    schedule_of_record: Literal["native", "office_confirms"]
    notice_minutes: int
    horizon_days: int
    transcripts: bool
    audit_one_in: int
    emergency_numbers: tuple[EmergencyNumber, ...] = ()
    email: str | None = None


NO_PROMISES: Final = Promises(1, time(16), 30)
BLANK: Final = Profile(
    "", "", "", "UTC", "", (), "", (), (), WeekHours({}), (), "none", (0,), (), NO_PROMISES, (), (), (), "hold",
    "native", 60, 90, False, 100,
)  # fmt: skip


def read_practice(section: Section) -> Profile:
    phone = section.need("phone", PHONE)
    numbers = section.many("other_numbers", PHONE, ())
    state = section.need("state", STATE)
    languages = section.need_section("languages")
    return Profile(
        id=section.need("id", ID),
        name=section.need("name", NAME),
        sender_name=_sender_name(section),
        timezone_name=section.need("timezone", ZONE),
        state=state,
        states=section.many("telehealth_states", STATE, (state,)),
        phone=phone,
        numbers=tuple(dict.fromkeys((phone, *numbers))),
        hosts=section.many("hosts", HOST, ()),
        hours=_hours(section),
        closed_dates=tuple(sorted(section.many("closed_dates", DATE, ()))),
        holidays=section.maybe("holidays", choice("us_federal", "none"), "us_federal"),
        slot_starts=tuple(sorted(section.many("slots_start_at", whole_number(0, 59), (0, 30)))),
        sites=_sites(section, phone),
        promises=_promises(section),
        languages_signed=_signed(languages),
        languages_core=languages.many("core", LANGUAGE, ()) if languages else (),
        languages_draft=_draft(languages),
        minors_first_visit=section.maybe("first_visit_of_a_minor", choice("hold", "book"), "hold"),
        schedule_of_record=section.maybe("schedule", choice("native", "office_confirms"), "native"),
        notice_minutes=section.maybe("notice_minutes", whole_number(0, 10_080), 60),
        horizon_days=section.maybe("horizon_days", whole_number(1, 730), 90),
        transcripts=section.maybe("keep_transcripts", YES_NO, False),
        audit_one_in=section.maybe("audit_one_in", whole_number(10, 1000), 100),
        emergency_numbers=read_emergency_numbers(section, state),
        email=section.optional("email", EMAIL),
    )


def _sender_name(section: Section) -> str:
    if section.has("sender_name"):
        return section.need("sender_name", SENDER)
    name = section.peek("name")
    if CLINICAL.search(name):
        section.add(
            "name",
            "the practice's name holds a clinical word and there is no neutral sender_name for texts",
            'Add a line `sender_name: ...`, such as initials and "Office".',
        )
    elif len(name) > LONGEST_SENDER or not name.isascii():
        more = f"the practice's name has no room in texts ({LONGEST_SENDER} plain letters); there is no sender_name"
        section.add("name", more, 'Add a line `sender_name: ...`, such as initials and "Office".')
    return name


def _hours(section: Section) -> WeekHours:
    hours = section.need_section("hours")
    if hours is None:
        return WeekHours({})
    before = len(section.notes.problems)
    read = read_hours(hours)
    if not read.days and len(section.notes.problems) == before:
        section.add("hours", "the practice is never open", "Write the hours of at least one day.")
    return read


def _sites(section: Section, phone: str) -> tuple[Site, ...]:
    sections = section.sections("sites")
    sites = []
    for site_id, site in unique_ids(sections, ID):
        sites.append(
            Site(
                id=site_id,
                name=site.need("name", NAME),
                address=site.need("address", TEXT),
                directions=site.maybe("directions", TEXT, ""),
                parking=site.maybe("parking", TEXT, ""),
                access=site.maybe("access", TEXT, ""),
                phone=site.maybe("phone", PHONE, phone),
            )
        )
        site.close()
    return tuple(sites)


def _promises(section: Section) -> Promises:
    promises = section.need_section("promises")
    if promises is None:
        return NO_PROMISES
    read = Promises(
        callback_business_days=promises.need("call_back_within_business_days", whole_number(1, 10)),
        clinical_same_day_before=promises.need("clinical_messages_same_day_before", TIME),
        records_days=promises.need("records_within_days", whole_number(1, 60)),
        records_fee_per_page=promises.optional("records_fee_a_page", MONEY),
    )
    promises.close()
    return read


def _signed(languages: Section | None) -> tuple[str, ...]:
    if languages is None:
        return ()
    return languages.many("signed", LANGUAGE)


def _draft(languages: Section | None) -> tuple[str, ...]:
    if languages is None:
        return ()
    draft = languages.many("draft", LANGUAGE, ())
    languages.close()
    return draft
