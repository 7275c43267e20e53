"""What an email is answered with, what it does, and what is never answered."""

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from lamplighter.channels.email.reading import Mail, read
from lamplighter.conversation import events as e
from lamplighter.conversation.mail_words import WITH_FILES
from lamplighter.desk import gate, letters
from lamplighter.desk.ports import Message, MessageStatus
from tests.channels.email.mails import ADDRESS, OFFICE, Writer, letter, writer
from tests.desk.gate.threads import VISIT_AT
from tests.promises.desks import of_kind

NOT_FOR_EMERGENCIES = "Emails aren't for emergencies"


@pytest.fixture
def them() -> Writer:
    return writer()


@pytest.mark.parametrize("words", ["C", "Yes, I'll be there.", "i confirm", "I'll be there, thanks!"])
def test_rem_03_an_answer_to_our_email_confirms_the_visit(them: Writer, words: str) -> None:
    [back] = them.writes(words, subject="Re: See you", answers=them.got().id)
    assert them.visit().status == "confirmed"
    assert "Wednesday, December 9 at 2 PM is confirmed" in back


def test_rem_03_what_they_quote_is_not_taken_for_what_they_write(them: Writer) -> None:
    quoted = "See you then\n\nOn Tue, Dec 8, 2026 at 2:00 PM HLC Office <office@hlc.example> wrote:\n> please cancel it"
    them.writes(quoted, subject="Re: See you", answers=them.got().id)
    assert them.visit().status == "confirmed"


@pytest.mark.parametrize("language", ["en", "es"])
def test_rule_14_whoever_quotes_our_own_words_about_emergencies_is_in_none(language: str) -> None:
    them = writer(language=language)
    said = next(iter(reversed(them.house.messenger.texts.values()))).text
    for text, words in ((said, "I'll be there"), (None, "Where can I park?")):
        text = text or them.house.messenger.texts[them.last_of_ours()].text
        quoted = "".join(f"\n> {line}" for line in textwrap.wrap(text, 60))
        them.writes(f"{words}\n\nOn Tue, HLC Office wrote:{quoted}", answers=them.last_of_ours())
    assert them.visit().status == "confirmed" and them.house.pager.rings == []
    them.writes(f"see below\n> {said}\n> 911 please I want to kill myself", answers=them.last_of_ours())
    assert them.house.pager.rings[-1].route == "crisis"


def test_rem_03_a_visit_is_called_off_after_one_question(them: Writer) -> None:
    [back] = them.writes("I can't make it, please cancel my appointment", answers=them.got().id)
    assert them.visit().status != "cancelled" and "?" in back
    them.writes("yes please", subject="Re: From HLC Office", answers=them.last_of_ours())
    assert them.visit().status == "cancelled"


def test_rem_04_a_visit_is_moved_to_one_of_the_times_that_are_offered(them: Writer) -> None:
    before = them.visit().slot.start
    [back] = them.writes("I need to reschedule", answers=them.got().id)
    assert "December" in back
    replies = them.writes("the first one", answers=them.last_of_ours())
    if them.visit().slot.start == before:
        replies = them.writes("yes", answers=them.last_of_ours())
    assert them.visit().slot.start != before, replies


def test_rem_03_running_late_reaches_the_clinician(them: Writer) -> None:
    them.writes("I'm running ten minutes late", answers=them.got().id)
    [task] = them.tasks("message")
    assert ("email", ADDRESS) in task.details and task.route == "clinician"


def test_rule_27_whoever_answers_by_email_that_they_are_late_has_the_clinician_rung(them: Writer) -> None:
    them.house.clock.move_to(VISIT_AT - timedelta(minutes=20))
    [back] = them.writes("I'm running ten minutes late", answers=them.got().id)
    assert "your clinician" in back
    [task] = them.tasks("day_of_visit")
    assert ("email", ADDRESS) in task.details and task.person == "p1"
    assert "clinician" in {ring.kind for ring in them.house.pager.rings}


@pytest.mark.parametrize("words", ["please cancel my appointment", "C", "I need to reschedule"])
def test_rule_18_whoever_only_writes_under_an_address_changes_nothing_and_learns_nothing(
    them: Writer, words: str
) -> None:
    before = them.visit()
    for answers in (None, "0" * 32):
        [back] = them.writes(words, answers=answers)
        assert "2 PM" not in back and "?" not in back
    other = Writer(them.house, "somebody@else.example")
    [back] = other.writes(words, answers=them.got().id)
    assert "2 PM" not in back and them.visit() == before
    known, unknown = (
        [part for part in text.split("\n\n") if NOT_FOR_EMERGENCIES not in part]
        for text in (them.writes("hello")[0], Writer(them.house, "third@else.example").writes("hello")[0])
    )
    assert known == unknown


def test_rule_18_a_yes_out_of_the_blue_answers_no_question_of_ours(them: Writer) -> None:
    them.writes("please cancel my appointment", answers=them.got().id)
    them.writes("yes")
    assert them.visit().status != "cancelled"


def test_rule_14_the_first_answer_of_a_thread_says_that_it_is_not_for_emergencies_and_the_next_do_not(
    them: Writer,
) -> None:
    [first] = them.writes("Where can I park?")
    [second] = them.writes("And is there an elevator?")
    assert NOT_FOR_EMERGENCIES in first and "911" in first and "988" in first
    assert NOT_FOR_EMERGENCIES not in second


def test_anything_else_is_for_the_desk_once_an_address_and_nothing_of_it_is_taken_down(them: Writer) -> None:
    [back] = them.writes("I was born on May 3rd 1990 and my son needs a letter for school")
    assert "people at the desk" in back
    them.writes("Did you get my email?")
    [task] = them.tasks("message")
    assert dict(task.details) == {"about": "email", "email": ADDRESS}
    assert them.state.known == {}


@pytest.mark.parametrize(
    "words", ["stop", "Unsubscribe", "please stop emailing me", "baja", "no more emails please"]
)
def test_prv_04_whoever_wants_no_more_emails_gets_no_more(them: Writer, words: str) -> None:
    replies = them.writes(words)
    assert len(replies) == 1 and "988" not in replies[0]
    with them.house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("opted_out", f"number/{ADDRESS}")
    assert fact.value("of") == "everything"


def test_prv_04_the_button_of_a_mail_program_that_leaves_a_list_does_it_too(them: Writer) -> None:
    them.writes("", subject=f"unsubscribe {them.got().id}")
    with them.house.store.transaction("demo") as tx:
        assert len(tx.facts.standing("opted_out", f"number/{ADDRESS}")) == 1


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}])
def test_prv_04_the_button_does_it_whatever_the_mail_program_writes_below_and_says_of_itself(
    them: Writer, headers: dict[str, str]
) -> None:
    text = "This message was sent by your mail program."
    them.writes(text, subject=f"Unsubscribe {them.got().id}", **headers)
    with them.house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("opted_out", f"number/{ADDRESS}")
    assert fact.value("of") == "everything"


@pytest.mark.parametrize(
    "text",
    [
        "> See you\n\nstop",
        "On Tue, Dec 8, 2026 HLC Office <office@hlc.example> wrote:\n> See you\nplease stop emailing me",
        "I'll be there\n\n-----Original Message-----\nFrom: HLC Office\nSee you\n\nUnsubscribe",
    ],
)
def test_prv_04_to_stop_may_be_asked_below_the_quote(them: Writer, text: str) -> None:
    them.writes(text, subject="Re: See you", answers=them.got().id)
    with them.house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("opted_out", f"number/{ADDRESS}")
    assert fact.value("words") in ("stop", "stop emailing", "unsubscribe")
    assert them.visit().status == ("confirmed" if "there" in text else "booked")


def test_prv_04_start_brings_the_emails_back(them: Writer) -> None:
    them.writes("stop")
    them.writes("start")
    with them.house.store.transaction("demo") as tx:
        assert tx.facts.standing("opted_out", f"number/{ADDRESS}") == ()


def test_rem_03_whoever_is_not_who_we_wrote_to_is_taken_off_and_told_nothing(them: Writer) -> None:
    [back] = them.writes("You have the wrong person, I don't know any Rosalind", answers=them.got().id)
    with them.house.store.transaction("demo") as tx:
        person = tx.people.get("p1")
    assert person is not None and person.email is None
    assert "Rosalind" not in back and len(them.tasks("not_theirs")) == 1


@pytest.mark.parametrize("where", ["body", "subject", "quoted", "html", "hidden", "marks"])
def test_rule_14_danger_anywhere_in_an_email_rings_the_ladder_and_gets_approved_words(
    them: Writer, where: str
) -> None:
    danger = "I want to kill myself tonight"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = ADDRESS, OFFICE, f"<{where}@post.example>"
    mail["Subject"] = danger if where == "subject" else "Hello"
    text = {
        "body": danger,
        "quoted": f"see below\n\n> {danger}",
        "marks": "I want to kill\u202e\u202c\x00 myself",
    }
    mail.set_content(text.get(where, "Where can I park?"))
    if where == "html":
        mail.set_content(f"<p>{danger}</p>", subtype="html")
    if where == "hidden":
        mail.add_alternative(f"<p>Hi</p><p style='display:none'>{danger}</p>", subtype="html")
    replies = them.sends(mail.as_bytes().replace(b"=00", b"\x00"))
    assert any(ring.route == "crisis" for ring in them.house.pager.rings)
    assert "988" in replies[0] and them.state.verdict == "crisis"


@pytest.mark.parametrize(
    "page",
    [
        "I have a <b>gun</b> and I will use it on myself",
        "<p>me <b>quiero</b> morir</p>",
        "me<b> quiero </b>morir",
        "<span>I want to</span> <i>kill</i>\n<i>myself</i>",
        "I want to<br>kill<div>myself</div>",
        "<table><tr><th>I want to</th><th>kill myself</th></tr></table>",
    ],
)
def test_rule_14_danger_in_an_email_of_one_page_is_heard_across_its_tags(them: Writer, page: str) -> None:
    mail = letter("")
    mail = mail.replace(b"text/plain", b"text/html").rstrip() + b"\n\n" + page.encode()
    [back] = them.sends(mail)
    assert "988" in back and them.state.verdict == "crisis"


def test_promise_3_a_crisis_by_email_is_answered_anew_each_time_and_says_who_comes(them: Writer) -> None:
    them.writes("I want to kill myself tonight")
    first = them.writes("are you there")
    second = them.writes("hello?")
    assert first and second and first != second
    ring = them.house.pager.rings[-1]
    before = len(them.house.messenger.texts)
    them.house.desk.handoffs.answered("demo", ring.contact, ring.step, ring.rung, ring.name, "accepted")
    them.house.pass_time(5)
    assert len(them.house.messenger.texts) == before + 1


def test_rule_5_whoever_tells_of_violence_at_home_by_email_gets_nothing_more_that_we_would_send_of_ourselves(
    them: Writer,
) -> None:
    [back] = them.writes("my husband hits me and he reads everything, please help me")
    assert "988" in back or "911" in back
    [task] = them.tasks("handoff")
    assert {("email", ADDRESS), ("do_not_call_back", "true")} <= set(task.details)
    with them.house.store.transaction("demo") as tx:
        message = replace(a_reminder(tx.outbox.recent(50)), id="later", status="queued", moved_at=None)
        ruling = gate.rule(tx, them.house.practice, message, them.house.clock.now())
    assert ruling.why == "do_not_contact"


def test_rule_5_after_word_of_violence_at_home_only_answers_and_what_staff_write_reach_the_mailbox(
    them: Writer,
) -> None:
    them.writes("my husband hits me and he reads everything, please help me")
    house = them.house
    before = len(house.messenger.texts)
    house.pass_time(600)
    assert them.state.quiet and len(house.messenger.texts) == before
    assert len(them.writes("are you still there?")) == 1
    ring = house.pager.rings[-1]
    house.desk.handoffs.answered("demo", ring.contact, ring.step, ring.rung, ring.name, "accepted")
    house.pass_time(5)
    assert len(house.messenger.texts) == before + 1
    for body in (e.FloorTaken("Mo"), e.StaffSaid("Mo", "This is Mo.")):
        house.desk.contacts.note("demo", them.contacts[0], body)
    house.pass_time(5)
    assert list(house.messenger.texts.values())[-1].text.endswith("This is Mo.")


def test_an_answer_that_staff_have_taken_the_floor_from_is_nothing_for_the_desk(them: Writer) -> None:
    before = len(them.house.messenger.texts)
    them.inbound.take(them.house.practice, read(letter("Where can I park?"), OFFICE))
    them.house.desk.contacts.note("demo", them.contacts[0], e.FloorTaken("Mo"))
    them.house.pass_time(5)
    assert len(them.house.messenger.texts) == before
    assert (them.got("thread").status, them.got("thread").why) == ("cancelled", "overtaken")
    assert them.tasks("not_reached") == []


def a_reminder(messages: Iterable[Message]) -> Message:
    return next(each for each in messages if each.phrase == "email.reminder")


def test_staff_who_write_into_the_contact_are_sent_by_email_in_the_same_thread(them: Writer) -> None:
    them.writes("Where can I park?")
    house = them.house
    house.desk.contacts.note("demo", them.contacts[0], e.FloorTaken("Mo"))
    before = len(house.messenger.texts)
    house.desk.contacts.note("demo", them.contacts[0], e.StaffSaid("Mo", "There is a garage next door."))
    house.pass_time(5)
    [text] = [each.text for each in list(house.messenger.texts.values())[before:]]
    assert text.endswith("There is a garage next door.")
    answer = them.got("thread")
    assert dict(answer.args)["answers"].endswith("@post.example>")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)  # fmt: skip
def test_what_a_machine_wrote_is_answered_by_nobody(them: Writer, headers: dict[str, str]) -> None:
    assert them.writes("I am out of the office until Monday.", **headers) == []
    assert them.contacts == [] and them.tasks("message") == []


def test_rule_14_danger_in_what_a_form_sends_from_our_own_address_rings_and_whoever_it_names_is_answered(
    them: Writer,
) -> None:
    danger = "I want to kill myself tonight"
    assert them.sends(letter(danger, sender=OFFICE)) == []
    assert {ring.route for ring in them.house.pager.rings} == {"crisis"}
    [back] = them.sends(letter(danger, sender=OFFICE, Reply_To=ADDRESS))
    assert "988" in back and them.got("thread").to == ADDRESS


def test_rule_14_only_a_copy_of_what_we_have_sent_is_read_by_nobody(them: Writer) -> None:
    for name, rings in ((them.got().id, False), ("0" * 32, True)):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = OFFICE, ADDRESS, f"<{name}.lamplighter@hlc.example>"
        mail.set_content("I want to kill myself tonight")
        assert them.sends(mail.as_bytes()) == []
        assert bool(them.house.pager.rings) == rings


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@post.example", "no-reply@shop.example", OFFICE])
def test_nobody_answers_a_daemon_a_machine_without_a_mailbox_or_ourselves(them: Writer, sender: str) -> None:
    assert them.sends(letter("Hello", sender=sender)) == []


def test_rule_14_danger_in_what_a_form_on_a_page_sends_rings_all_the_same_and_nobody_is_answered(
    them: Writer,
) -> None:
    assert them.writes("New entry: I want to kill myself tonight", Auto_Submitted="auto-generated") == []
    assert any(ring.route == "crisis" for ring in them.house.pager.rings)


def test_two_machines_that_do_not_say_so_stop(them: Writer) -> None:
    answered = [them.writes(f"Ticket {n} was received") for n in range(40)]
    assert sum(map(len, answered)) <= 31 and answered[-1] == []


def test_an_email_that_comes_again_is_answered_once(them: Writer) -> None:
    raw = letter("Where can I park?")
    assert len(them.sends(raw)) == 1 and them.sends(raw) == []
    assert len(them.contacts) == 1


def bounce(name: str, action: str = "failed") -> bytes:
    return (
        f"From: MAILER-DAEMON@post.example\r\nTo: {OFFICE}\r\nMessage-ID: <b{name}@post.example>\r\n"
        "Return-Path: <>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type="delivery-status"; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; post.example\r\n\r\nFinal-Recipient: rfc822; {ADDRESS}\r\nAction: {action}\r\n"
        "Status: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{name}.lamplighter@hlc.example>\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(("action", "status", "tasks"), [("failed", "failed", 1), ("delayed", "sent", 0)])
def test_rem_05_a_bounce_is_a_delivery_that_failed_and_a_persons_to_see_to(
    them: Writer, action: str, status: MessageStatus, tasks: int
) -> None:
    name = them.got().id
    assert them.sends(bounce(name, action)) == []
    assert them.got().status == status and len(them.tasks("not_reached")) == tasks


def test_rem_03_whoever_never_stops_is_heard_in_the_same_contact_and_no_longer_answered_but_in_danger(
    them: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "MOST_ANSWERS", 2)
    assert [len(them.writes("Where can I park?")) for _ in range(3)] == [1, 1, 0]
    [back] = them.writes("I want to kill myself tonight")
    assert "988" in back and len(them.contacts) == 1
    assert len(of_kind([each.body for each in events_of(them)], e.Heard)) == 4


def test_a_letter_that_can_not_be_read_is_the_desks(them: Writer) -> None:
    unreadable = Mail("<u@x.example>", "letter", None, f"\n\n{WITH_FILES} a letter that can't be read]")
    assert them.takes(unreadable) == []
    assert [dict(task.details) for task in them.tasks("message")] == [{"about": "email"}]


def test_what_is_attached_is_not_opened_and_goes_to_a_person(them: Writer) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = ADDRESS, OFFICE, "<a@post.example>"
    mail["Subject"], mail["In-Reply-To"] = "Re: See you", f"<{them.got().id}.lamplighter@hlc.example>"
    mail.set_content("I'll be there, my form is attached")
    mail.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="intake\u202efdp.exe")
    [back] = them.sends(mail.as_bytes())
    assert "people at the desk" in back and them.visit().status == "booked"
    assert "[attached: intake" in of_kind([each.body for each in events_of(them)], e.Heard)[0].text


def events_of(them: Writer) -> list[e.Event]:
    contact = them.contacts[0]
    with them.house.store.transaction("demo") as tx:
        return list(tx.log.read(contact))


def test_a_contact_ends_a_day_after_its_last_email_and_the_next_says_again_what_it_is_not_for(
    them: Writer,
) -> None:
    them.writes("Where can I park?")
    them.house.pass_time(timedelta(hours=49).total_seconds())
    [back] = them.writes("And is there an elevator?")
    assert NOT_FOR_EMERGENCIES in back and len(them.contacts) == 2


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        (("can I have another time", "the first one"), "Your time is now"),
        (("I can't come", "yes"), "Wednesday, December 9 at 2 PM is called off"),
    ],
)
def test_what_was_moved_or_called_off_in_a_thread_is_told_by_one_letter(
    words: tuple[str, str], subject: str
) -> None:
    them = writer()
    reminder = them.got().id
    them.writes(words[0], answers=reminder)
    [letter] = them.writes(words[1], answers=reminder)
    assert letter.startswith(subject) and "988" in letter
