"""The details a front desk needs to know, with the names used everywhere (rehearsals, events, console).

A known value is always its canonical string: dates ISO 8601, phones E.164, languages BCP 47, booleans "true"/"false",
clinicians by bare name, modality "in_person"/"telehealth", visit_kind and insurer by id or name as the practice
writes them, availability as `Wish.dumps()`.
"""

from enum import StrEnum
from typing import NamedTuple


class Detail(StrEnum):
    ERRAND = "errand"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PREFERRED_NAME = "preferred_name"
    CALLER_NAME = "caller_name"
    RELATIONSHIP = "relationship"
    ORGANISATION = "organisation"
    DATE_OF_BIRTH = "date_of_birth"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    STATE = "state"
    VISIT_KIND = "visit_kind"
    MODALITY = "modality"
    LOCATION = "location"
    CLINICIAN = "clinician"
    AVAILABILITY = "availability"
    CHOICE = "choice"
    CONFIRM = "confirm"
    CONFIRM_DETAIL = "confirm_detail"
    ANYTHING_ELSE = "anything_else"
    INSURANCE = "insurance"
    MEMBER_ID = "member_id"
    SUBSCRIBER = "subscriber"
    CARD_PICTURE = "card_picture"  # they would rather send a picture of the card
    SELF_PAY = "self_pay"
    NEW_PATIENT = "new_patient"
    CONTACT_CHANNEL = "contact_channel"
    LEAVE_MESSAGE = "leave_message"
    REMINDER_CONSENT = "reminder_consent"
    WAITLIST = "waitlist"
    PERSON = "person"
    PLAN_CHECK = "plan_check"
    IDENTITY_CODE = "identity_code"
    AMOUNT = "amount"
    CALLBACK_TIME = "callback_time"
    MESSAGE = "message"
    SERIES = "series"  # of a standing visit: "one", or "all" from it on
    HOW_OFTEN = "how_often"  # a new visit comes again "weekly", "biweekly" or "monthly"


class Subject(StrEnum):
    """Whose detail it is. The caller's own name is `Detail.CALLER_NAME`, so most details are the patient's."""

    PATIENT = "patient"
    SECOND = "second"  # the other participant of a couples visit


class Key(NamedTuple):
    """A detail of a subject, e.g. `Key(Subject.SECOND, Detail.FIRST_NAME)`, written `second.first_name`."""

    subject: Subject
    detail: Detail

    @classmethod
    def parse(cls, written: str) -> "Key":
        subject, dot, detail = written.rpartition(".")
        return cls(Subject(subject) if dot else Subject.PATIENT, Detail(detail))

    def __str__(self) -> str:
        return self.detail.value if self.subject is Subject.PATIENT else f"{self.subject}.{self.detail}"


def key(detail: Detail, subject: Subject = Subject.PATIENT) -> Key:
    return Key(subject, detail)


class Errand(StrEnum):
    """What a person came for. Each has one flow file."""

    FIRST_APPOINTMENT = "first_appointment"
    FOLLOW_UP = "follow_up"
    MOVE = "move"
    CANCEL = "cancel"
    CONFIRM_VISIT = "confirm_visit"
    QUESTION = "question"  # about the practice; the topic travels in the act
    MY_VISIT = "my_visit"  # when is my appointment
    MESSAGE = "message"
    RUNNING_LATE = "running_late"
    LINK_TROUBLE = "link_trouble"  # the link of a visit by video
    AT_THE_DOOR = "at_the_door"  # they are there and nobody opens
    WAITING_ALONE = "waiting_alone"  # whom they are to see has not come
    WAITLIST = "waitlist"
    PERSON = "person"
    TAKE_OPENING = "take_opening"  # the time that the wait list offered by text
    LEAVE_OPENING = "leave_opening"
    WHAT_I_OWE = "what_i_owe"
    WHY_CHARGED = "why_charged"
    PAY = "pay"
    PAY_A_PART = "pay_a_part"  # a payment of the plan that they have, due, missed or next
    PAYMENT_PLAN = "payment_plan"
    RECEIPT = "receipt"
    SUPERBILL = "superbill"  # an itemised statement for their insurer
    WRONG_INSURANCE = "wrong_insurance"  # they were billed under one that is not theirs
    NEXT_COST = "next_cost"  # what their next visit costs
    PLAN_ACTIVE = "plan_active"  # "am I covered"
    PLAN_COPAY = "plan_copay"
    PLAN_DEDUCTIBLE = "plan_deductible"
    PLAN_VISITS = "plan_visits"  # how many are left
    EAP_VISITS = "eap_visits"  # how many are left of what an employee assistance program granted
    PLAN_APPROVAL = "plan_approval"  # whether the plan wants to approve visits first
    MY_AUTHORIZATION = "my_authorization"  # whether it is done
    NEW_PLAN = "new_plan"  # a new card, or a wrong one on file
    SEND_CARD = "send_card"  # how to send a picture of it
    OTHER_PLAN = "other_plan"  # of a kind that no program can look up: an EAP, a second plan, a referral
    CORRECT = "correct"  # a detail of what was done a moment ago; begun by the words that change it
