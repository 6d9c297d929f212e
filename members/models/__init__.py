"""Tables of insured people, of notices about them and of the files these come in."""

from members.models.notice import NOTICE_KIND_WORDS, NoticeDecision, NoticeRecord
from members.models.people import END_REASON_WORDS, InsuredPay, Membership, Person
from members.models.upload import ColumnMapping, Upload, UploadCorrection, UploadRow

__all__ = [
    "END_REASON_WORDS",
    "NOTICE_KIND_WORDS",
    "ColumnMapping",
    "InsuredPay",
    "Membership",
    "NoticeDecision",
    "NoticeRecord",
    "Person",
    "Upload",
    "UploadCorrection",
    "UploadRow",
]
