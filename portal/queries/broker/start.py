"""Reads of a broker's start page: what is to be done, most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass

from aupolicy.models import Application, Broker
from portal.queries.broker.clients import Alarm, ClientRow

MOST_NAMES = 3
_STATUS = Application.Status


@dataclass(frozen=True, slots=True)
class AlarmGroup:
    """Clients with the same alarm; `first` are some of them, the most urgent ones."""

    alarm: Alarm
    rows: Sequence[ClientRow]

    @property
    def first(self) -> Sequence[ClientRow]:
        """The few clients that a line names."""
        return self.rows[:MOST_NAMES]


@dataclass(frozen=True, slots=True)
class Applications:
    """Applications that are not settled yet, newest first."""

    drafts: Sequence[Application]
    waiting: Sequence[Application]
    declined: Sequence[Application]


def group_alarms(rows: Sequence[ClientRow]) -> list[AlarmGroup]:
    """Clients by alarm, most urgent first, nearest day first; no alarm without clients."""
    groups = []
    for alarm in Alarm:
        found = [row for row in rows if alarm in row.alarms]
        if alarm is Alarm.CANCELLATION:
            found.sort(key=lambda row: row.cancel_until or row.next_day)
        elif alarm is Alarm.RENEWAL:
            found.sort(key=lambda row: row.next_day)
        if found:
            groups.append(AlarmGroup(alarm, found))
    return groups


def list_unsettled(broker: Broker) -> Applications:
    """Applications in somebody's hands, and those declined without a new attempt yet."""
    found = list(
        Application.objects.filter(broker=broker)
        .exclude(status=_STATUS.ACCEPTED)
        .select_related("quote")
        .order_by("-created_at", "-pk")
    )

    def of(status: Application.Status) -> list[Application]:
        return [application for application in found if application.status == status]

    drafts, waiting = of(_STATUS.DRAFT), of(_STATUS.HANDED_OVER)
    again = {application.legal_name for application in [*drafts, *waiting]}
    declined = [a for a in of(_STATUS.DECLINED) if a.legal_name not in again]
    return Applications(drafts, waiting, declined)
