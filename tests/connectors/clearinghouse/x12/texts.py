"""Answers of invented payers about invented people."""

HEAD = (
    "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*HARBORLANE     *261130*0900*^*00501*000000042*0*T*:~"
    "GS*HB*CLEARHOUSE*HARBORLANE*20261130*0900*42*X*005010X279A1~"
    "ST*271*0001*005010X279A1~BHT*0022*11*T-1*20261130*0900~"
    "HL*1**20*1~NM1*PR*2*LANTERN HEALTH*****PI*LAN01~PER*IC**TE*2125550190~"
    "HL*2*1*21*1~NM1*1P*2*HARBOR LANE COUNSELING*****XX*1000000004~"
    "HL*3*2*22*0~TRN*2*T-1*9100000000~NM1*IL*1*QUILL*NORA****MI*LH0001~N3*1 INVENTED STREET~N4*ALBANY*NY*12207~"
    "DMG*D8*19810203*F~INS*Y*18~DTP*346*D8*20260101~"
)


def answer(benefits: str, head: str = HEAD) -> str:
    """A 271 about an invented member with these benefit segments, its counts right."""
    inside = head[head.index("ST*") :] + benefits
    return f"{head}{benefits}SE*{inside.count('~') + 1}*0001~GE*1*42~IEA*1*000000042~"
