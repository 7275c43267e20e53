"""Files over SFTP, against a real server: whole or not there, matched by their numbers, and with no other server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pytest

from lamplighter.connectors.clearinghouse.insurer import ACTIVE, Insurer, Plan, enveloped, heads
from lamplighter.connectors.clearinghouse.reviewer import Reviewer, answered, reviewed
from lamplighter.connectors.clearinghouse.sftp_files import Folders, SftpAuthorizations, SftpClearinghouse
from lamplighter.connectors.clearinghouse.sftp_files.standin import INCOMING, OUTGOING, SftpStandIn
from lamplighter.desk.ports.authorizations import Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Answered, Pending, Refused, Reply, Why
from tests.connectors.authorizations.test_contract import ASKED
from tests.connectors.clearinghouse.stage import KEY, clearinghouse_of, files
from tests.connectors.clearinghouse.test_contract import ENOUGH, NORA, QUESTION


@dataclass(slots=True)
class House:
    theirs: SftpStandIn
    folders: Folders

    @property
    def clearinghouse(self) -> SftpClearinghouse:
        return self.with_(self.folders)

    def with_(self, folders: Folders) -> SftpClearinghouse:
        return clearinghouse_of(folders)

    def asked(self) -> Reply:
        """Put down, and looked for."""
        waits = self.clearinghouse.ask(QUESTION, ENOUGH)
        assert isinstance(waits, Pending), waits
        return self.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH)

    def files(self, name: str) -> list[Path]:
        return sorted((self.theirs.folder / name).iterdir())


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    with files(folder, Insurer({"LH0001": Plan("QUILL", "NORA", "19810203")})) as found:
        yield House(found.theirs, found.folders)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path) as found:
        yield found


def test_a_question_is_pending_until_its_answer_is_there(house: House) -> None:
    house.theirs.closed = True
    waits = house.clearinghouse.ask(QUESTION, ENOUGH)
    assert isinstance(waits, Pending)
    assert house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH) == waits
    assert house.clearinghouse.ask(QUESTION, ENOUGH) == waits
    assert len(house.files(OUTGOING)) == 1
    house.theirs.closed = False
    house.theirs.fetch()
    reply = house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH)
    assert isinstance(reply, Answered) and len(reply.rows) == 4
    assert house.theirs.insurer.asked == ["70001"] and len(house.files(INCOMING)) == 1


def test_an_upload_that_breaks_off_is_never_seen_and_the_next_one_is_whole(house: House) -> None:
    house.theirs.breaks_off = True
    assert house.clearinghouse.ask(QUESTION, ENOUGH) == Refused(Why.UNREACHABLE)
    assert house.theirs.fetched == [] and [path.suffix for path in house.files(OUTGOING)] in ([".part"], [])
    assert isinstance(house.asked(), Answered)
    assert house.theirs.insurer.asked == ["70001"]


def test_other_people_s_files_are_passed_over(house: House) -> None:
    house.theirs.write("notes.txt", "no X12 at all")
    (house.theirs.folder / INCOMING / "a-folder").mkdir(exist_ok=True)
    assert isinstance(house.asked(), Answered)


def test_another_s_request_that_is_refused_refuses_none_of_ours(house: House) -> None:
    house.theirs.closed = True
    channel = SftpAuthorizations(house.clearinghouse)
    waits = channel.submit(ASKED, ENOUGH)
    assert isinstance(waits, Ruled)
    (sent,) = house.files(OUTGOING)
    another = sent.read_text().replace("70001", "OTHER").replace("LH0001", "LH0002")
    house.theirs.write("1", reviewed(Reviewer(refuses_with="51"), another, None))
    assert channel.inquire(ASKED, waits.ticket, ENOUGH) == waits
    house.theirs.write("2", reviewed(Reviewer(refuses_with="51"), sent.read_text(), None))
    told = channel.inquire(ASKED, waits.ticket, ENOUGH)
    assert isinstance(told, Refused) and told.why is Why.NOT_ENROLLED


def about(trace: str, who: str, *said: str) -> str:
    return enveloped(
        [*heads(trace), "HL*3*2*22*0", *([f"TRN*2*{trace}*9100000000"] if trace else []), who, *said]
    )


ELSE, OURS = "NM1*IL*1*ELSE*SOMEONE****MI*ZZ777", "NM1*IL*1*QUILL*NORA****MI*LH0001"


@pytest.mark.parametrize("reason", ["61", "75", "51"])
def test_a_refusal_of_somebody_else_s_question_is_no_answer_to_ours(house: House, reason: str) -> None:
    house.theirs.closed = True
    waits = house.clearinghouse.ask(QUESTION, ENOUGH)
    assert isinstance(waits, Pending)
    refused = f"AAA*N**{reason}*C"
    others = [
        about("99999", ELSE, refused),
        about("99999", OURS, refused),
        about("", ELSE, refused),
        about("", OURS.replace("LH0001", "LH0002"), refused),
        enveloped([*heads("99999"), refused]),
        enveloped([*heads(""), refused]),
    ]
    for place, text in enumerate(others):
        house.theirs.write(f"other-{place}", text)
    assert house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH) == waits
    for place, text in enumerate((about("", OURS, refused), about("70001", ELSE, refused))):
        house.theirs.write("ours", text)
        reply = house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH)
        assert isinstance(reply, Refused) and reply.rejections[0].reason == reason, place


def test_an_answer_is_found_wherever_it_stands_in_a_batch(house: House) -> None:
    house.theirs.closed = True
    waits = house.clearinghouse.ask(QUESTION, ENOUGH)
    assert isinstance(waits, Pending)
    other, ours = about("99999", ELSE, *ACTIVE), about("70001", OURS, *ACTIVE)
    refused = about("99999", ELSE, "AAA*N**61*C")
    first, second = (text.split("~")[2:-3] for text in (refused, ours))
    in_one_group = "~".join((*ours.split("~")[:2], *first, *second, "GE*2*1", "IEA*1*000000001~"))
    inside = [*heads("99999"), "HL*3*2*22*0", "TRN*2*99999*9100000000", ELSE, *ACTIVE]
    in_one_set = enveloped([*inside, "HL*4*2*22*0", "TRN*2*70001*9100000000", OURS, *ACTIVE])
    unknown = ours.replace("ST*271", "ST*824")
    for text in (other + ours, in_one_group, in_one_set, unknown + ours, ours + ours[:200]):
        house.theirs.write("batch", text)
        reply = house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH)
        assert isinstance(reply, Answered) and len(reply.rows) == 4
        assert reply.known_as is not None and reply.known_as.member_id == "LH0001"


def test_a_payer_that_is_down_is_asked_again_under_one_trace_and_its_old_refusal_counts_no_more(
    house: House,
) -> None:
    ours = house.clearinghouse
    house.theirs.insurer.refuses_with = "42"
    waits = ours.ask(QUESTION, ENOUGH)
    assert isinstance(waits, Pending) and house.theirs.insurer.asked == ["70001"]
    house.theirs.closed = True
    again = ours.look_again(QUESTION, waits.ticket, ENOUGH)
    assert isinstance(again, Pending) and again != waits
    for ticket in (waits.ticket, again.ticket):
        assert ours.look_again(QUESTION, ticket, ENOUGH) == Pending(ticket)
    assert ours.ask(QUESTION, ENOUGH) == again and len(house.files(OUTGOING)) == 1
    house.theirs.insurer.refuses_with, house.theirs.closed = "", False
    house.theirs.fetch()
    assert isinstance(ours.look_again(QUESTION, again.ticket, ENOUGH), Answered)
    assert house.theirs.insurer.asked == ["70001", "70001"]


def test_a_file_that_was_fetched_before_we_knew_that_it_had_left_is_never_put_there_twice(
    house: House,
) -> None:
    ours, channel = house.clearinghouse, SftpAuthorizations(house.clearinghouse)
    house.theirs.closed = True
    asks = (lambda: ours.ask(QUESTION, ENOUGH), lambda: channel.submit(ASKED, ENOUGH))
    for ask in asks:
        waits = ask()
        (file,) = house.files(OUTGOING)
        whole = file.rename(f"{file}.part")
        assert ask() == waits and house.files(OUTGOING) == [file], (
            "what was whole and had not left yet leaves"
        )
        file.unlink()
        assert ask() == waits and house.files(OUTGOING) == [] and not whole.exists()


def test_what_others_were_told_of_their_requests_is_passed_over_and_ours_found_beside_it(
    house: House,
) -> None:
    channel = SftpAuthorizations(house.clearinghouse)
    house.theirs.closed = True
    waits = channel.submit(ASKED, ENOUGH)
    assert isinstance(waits, Ruled)
    refused = answered("99999", "ZZ777", ["AAA*N**33*C"])
    for text in (refused, answered("99999", "LH0001", ["AAA*N**33*C"])):
        house.theirs.write("others", text)
        assert channel.inquire(ASKED, waits.ticket, ENOUGH) == waits
    house.theirs.write("others", refused + answered("70001", "LH0001", ["HCR*A3**0V"]))
    told = channel.inquire(ASKED, waits.ticket, ENOUGH)
    assert isinstance(told, Ruled) and told.verdict is Verdict.DENIED


def test_a_ta1_about_our_interchange_refuses_the_question_and_one_about_another_does_not(
    house: House,
) -> None:
    house.theirs.closed = True
    waits = house.clearinghouse.ask(QUESTION, ENOUGH)
    assert isinstance(waits, Pending)
    number = waits.ticket.split("-")[1]
    for control, expected in (("000000777", waits), (number, Refused(Why.ASKED_WRONGLY))):
        house.theirs.write(
            f"{control}.ta1",
            "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*WHOEVERASKS    *261201*0900*^*00501*000000001*0*T*:~"
            f"TA1*{control}*261201*0900*R*006~IEA*0*000000001~",
        )
        assert house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH) == expected


def test_no_other_server_is_spoken_to_and_what_is_set_up_wrongly_is_the_operator_s(house: House) -> None:
    another = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    for folders in (
        replace(house.folders, host_key=another),
        replace(house.folders, password="another"),
        replace(house.folders, outgoing="nowhere"),
        replace(house.folders, host_key="no key"),
        replace(house.folders, key=Path("nowhere.pem"), password=""),
    ):
        assert house.with_(folders).ask(QUESTION, ENOUGH) == Refused(Why.NOT_ALLOWED), folders
    assert house.theirs.fetched == []
    assert house.with_(replace(house.folders, port=9)).ask(QUESTION, ENOUGH) == Refused(Why.UNREACHABLE)
    assert KEY not in repr(house.clearinghouse)


def test_a_key_lets_in_where_there_is_no_password(house: House, tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    house.theirs.their_key = key.export_public_key().decode()
    key.write_private_key(tmp_path / "ours")
    ours = house.with_(replace(house.folders, password="", key=tmp_path / "ours"))
    assert isinstance(ours.ask(QUESTION, ENOUGH), Pending)


@pytest.mark.parametrize("ticket", ["", "no-such-ticket", "1-2-3", "9999999999-1-1-1", "../x-1-1-1"])
def test_a_ticket_that_was_never_given_out_is_no_answer(house: House, ticket: str) -> None:
    assert house.clearinghouse.look_again(QUESTION, ticket, ENOUGH) == Refused(Why.UNREADABLE)


def test_what_can_t_be_asked_is_never_put_down(house: House) -> None:
    for asked in (replace(QUESTION, trace=" "), replace(QUESTION, subscriber=replace(NORA, last_name=""))):
        assert house.clearinghouse.ask(asked, ENOUGH) == Refused(Why.ASKED_WRONGLY)
    assert house.files(OUTGOING) == []


def test_a_request_for_authorization_has_left_and_no_more_until_a_file_decides_it(house: House) -> None:
    channel = SftpAuthorizations(house.clearinghouse)
    house.theirs.closed = True
    waits = channel.submit(ASKED, ENOUGH)
    assert isinstance(waits, Ruled) and waits.verdict is Verdict.LEFT
    assert channel.submit(ASKED, ENOUGH) == waits
    house.theirs.closed, house.theirs.reviewer.decides = False, "modifies"
    house.theirs.fetch()
    told = channel.inquire(ASKED, waits.ticket, ENOUGH)
    assert isinstance(told, Ruled) and (told.verdict, told.ticket) == (Verdict.MODIFIED, waits.ticket)
    assert house.theirs.reviewer.asked == ["70001"]
