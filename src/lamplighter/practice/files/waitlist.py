"""waitlist.yaml: for how long a time that came free is offered, to whom again how soon, and how late before it."""

from lamplighter.practice.model import WaitlistRules
from lamplighter.practice.reading import Section
from lamplighter.practice.values import whole_number


def read_waitlist(section: Section) -> WaitlistRules:
    usual = WaitlistRules()
    return WaitlistRules(
        offer_minutes=section.maybe("offer_stands_minutes", whole_number(10, 240), usual.offer_minutes),
        between_hours=section.maybe("asked_again_after_hours", whole_number(1, 14 * 24), usual.between_hours),
        notice_hours=section.maybe("least_notice_hours", whole_number(1, 72), usual.notice_hours),
    )
