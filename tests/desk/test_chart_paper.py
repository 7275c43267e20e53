"""The page to print: one page, with what is known and its day, and the same bytes for the same answer."""

import re
import zlib
from dataclasses import replace

from lamplighter.desk.chart_paper import paper
from lamplighter.desk.ports.chart import ChartPerson
from tests.connectors.chart.test_contract import ANNA, NOTE


def words(page: bytes) -> str:
    streams = re.findall(rb"stream\n(.*?)\nendstream", page, re.DOTALL)
    shown = b" ".join(zlib.decompress(each) for each in streams)
    said = re.findall(rb"\((.*?)(?<!\\)\) ?Tj", shown)
    return " ".join(each.decode("latin-1").replace("\\", "") for each in said)


def test_a_page_holds_what_the_plan_said_whose_it_is_its_day_and_no_promise_and_is_one_page() -> None:
    note = replace(NOTE, person=ChartPerson("Zoë", "Nguyễn-Łukasz", ANNA.born))
    page = paper(note, "Harbor Lane Counseling")
    said = words(page)
    assert "Zoë Nguyen-Lukasz" in said and "April 12, 1988" in said and "W123456789" in said
    assert "Copay $134.75" in said and "Their share 20%" in said and "Deductible left $0.00" in said
    assert "Plan in whose name a parent's" in said and "An estimate as of 2026-12-01" in said
    assert "Deductible $" not in said
    assert page.count(b"/Type /Page\n") == 1
    assert (
        paper(note, "Harbor Lane Counseling")
        == page
        != paper(replace(note, figures=()), "Harbor Lane Counseling")
    )
