"""How fast a payer's answer is read, beside a library's plain stream of segments: the same text, one run."""

import io
from collections.abc import Iterable

from bench import Budget, median_cpu
from lamplighter.connectors.clearinghouse.x12 import read_documents

ROWS = 133  # of a 271 of nine kilobytes, as commercial payers send them


def answer() -> str:
    """An invented payer's 271 about an invented member."""
    rows = "".join(
        f"EB*{'BCAG'[place % 4]}*{('IND', 'FAM')[place % 2]}*{('A4^A6^MH^98', 'A6', '30', 'MH^22')[place % 4]}"
        f"***{('27', '23', '29')[place % 3]}*{place % 20 * 50}.00****N*{'YNW'[place % 3]}"
        f"~MSG*ROW {place} OF AN INVENTED PLAN~"
        for place in range(ROWS)
    )
    inside = (
        "ST*271*0001*005010X279A1~BHT*0022*11*T-1*20261130*0900~HL*1**20*1~NM1*PR*2*LANTERN HEALTH*****PI*LAN01~"
        "HL*2*1*21*1~NM1*1P*2*HARBOR LANE COUNSELING*****XX*1000000004~HL*3*2*22*0~TRN*2*T-1*9100000000~"
        f"NM1*IL*1*QUILL*NORA****MI*LH0001~DMG*D8*19810203*F~{rows}"
    )
    return (
        "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*HARBORLANE     *261130*0900*^*00501*000000042*0*T*:~"
        f"GS*HB*CLEARHOUSE*HARBORLANE*20261130*0900*42*X*005010X279A1~{inside}"
        f"SE*{inside.count('~') + 1}*0001~GE*1*42~IEA*1*000000042~"
    )


def budgets() -> Iterable[Budget]:
    from pyx12.x12file import X12Reader

    text = answer()

    def theirs() -> int:
        return sum(1 for _ in X12Reader(io.StringIO(text)))

    ours = median_cpu(lambda: read_documents(text), times=15)
    plain = median_cpu(theirs, times=15)
    yield Budget(
        "271 read into benefits, as fast as pyx12's plain stream of segments",
        2,
        plain / ours,
        "times",
        f"{len(text) / 1000:.1f} kB, {ROWS} benefits: {ours:.1f} ms CPU beside {plain:.1f}",
        "at least",
    )
