"""How benefit paid too much comes back, and why payouts come back."""

from enum import StrEnum


class RecoveryMode(StrEnum):
    """OFFSET: from the next payouts. INSTALMENTS: a part of each. RECLAIM: by transfer only."""

    OFFSET = "offset"
    INSTALMENTS = "instalments"
    RECLAIM = "reclaim"


class ReturnCode(StrEnum):
    """Why a credit transfer came back: ISO 20022 external codes that SEPA banks use."""

    AC01 = "AC01"
    AC03 = "AC03"
    AC04 = "AC04"
    AC06 = "AC06"
    AG01 = "AG01"
    AG02 = "AG02"
    AM05 = "AM05"
    BE04 = "BE04"
    CNOR = "CNOR"
    DUPL = "DUPL"
    ERIN = "ERIN"
    FF05 = "FF05"
    FOCR = "FOCR"
    MD07 = "MD07"
    MS02 = "MS02"
    MS03 = "MS03"
    RC01 = "RC01"
    RR01 = "RR01"
    RR02 = "RR02"
    RR03 = "RR03"
    RR04 = "RR04"
    TM01 = "TM01"


# The account will not take money the next time either; MD07: its holder has died.
NEEDS_NEW_ACCOUNT = frozenset(
    {ReturnCode.AC01, ReturnCode.AC03, ReturnCode.AC04, ReturnCode.AC06, ReturnCode.MD07}
)
