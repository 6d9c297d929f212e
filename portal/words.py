"""The words a page uses for the values of the domain. German is the source of every text."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aupolicy.models import Role
from aupolicy.queries import ContractState
from members.facts import EndReason, NoticeKind, NoticeStatus

ROLE_WORDS = {
    Role.CLERK: _("Sachbearbeitung"),
    Role.AUDITOR: _("Revision, nur lesen"),
}

CONTRACT_STATES = {
    ContractState.AGREED: ("waiting", _("vereinbart")),
    ContractState.IN_FORCE: ("done", _("in Kraft")),
    ContractState.CANCELLED: ("attention", _("gekündigt")),
    ContractState.ENDED: ("off", _("beendet")),
}
"""Mark and word of each state of a contract."""

NOTICE_KINDS = {
    NoticeKind.JOIN: _("Zugang"),
    NoticeKind.LEAVE: _("Abgang"),
    NoticeKind.PAY_CHANGE: _("Gehaltsänderung"),
    NoticeKind.PARENTAL_LEAVE: _("Elternzeit"),
    NoticeKind.RETURN: _("Rückkehr"),
    NoticeKind.DEATH: _("Todesfall"),
}

NOTICE_STATUSES = {
    NoticeStatus.APPLIED: ("done", pgettext_lazy("Meldung", "wirksam")),
    NoticeStatus.NEEDS_CLERK: ("attention", _("zu klären")),
    NoticeStatus.REFUSED: ("off", _("abgelehnt")),
}
"""Mark and word of each status of a notice."""

END_REASONS = {
    EndReason.EMPLOYMENT_ENDED: _("Arbeitsverhältnis beendet"),
    EndReason.DEATH: _("verstorben"),
    EndReason.PARENTAL_LEAVE: _("Elternzeit"),
    EndReason.RETIREMENT_AGE: _("Regelaltersgrenze"),
    EndReason.CONTRACT_ENDED: _("Vertragsende"),
    EndReason.OTHER: _("anderer Grund"),
}
