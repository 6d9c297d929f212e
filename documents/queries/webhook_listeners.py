"""Whose addresses are told of what: only what their program could also read for itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aupolicy.facts.machine import ApiScope, WebhookTopic
from aupolicy.models import ApiClient, Right
from aupolicy.queries.access import Rights, includes
from aupolicy.queries.machine import get_client_rights
from documents.models import WebhookEndpoint

# Figures of a contract, which a broker sees without authority from the employer, too.
_FIGURES = frozenset({WebhookTopic.STATEMENT_POSTED})
# Not told of by themselves: asked for.
_ON_DEMAND = frozenset({WebhookTopic.ENDPOINT_TESTED})
CHOICES = tuple(topic for topic in WebhookTopic if topic not in _ON_DEMAND)
_NOTICES = frozenset({ApiScope.NOTICES_READ, ApiScope.NOTICES_WRITE})
# One of these a program must have in order to be told.
_SCOPES = {
    WebhookTopic.NOTICE_APPLIED: _NOTICES,
    WebhookTopic.NOTICE_NEEDS_CLERK: _NOTICES,
    WebhookTopic.NOTICE_DECIDED: _NOTICES,
    WebhookTopic.STATEMENT_POSTED: frozenset({ApiScope.STATEMENTS_READ}),
    WebhookTopic.CONFIRMATION_ISSUED: frozenset({ApiScope.CONFIRMATIONS_READ}),
    WebhookTopic.JOB_FINISHED: _NOTICES,
}


@dataclass(frozen=True, slots=True)
class Listener:
    """An address in force, and what its program may see today; without an id not yet made."""

    endpoint_id: int | None
    topics: frozenset[WebhookTopic]
    rights: Rights

    def list_employers(self, topic: WebhookTopic) -> set[int]:
        """Of whom it is told something."""
        if topic not in self.topics:
            return set()
        known = {*self.rights.employers, *self.rights.clients}
        return {employer for employer in known if may_be_told(self.rights, employer, topic)}


def list_topics(client: ApiClient) -> list[WebhookTopic]:
    """What a program can be told of, by what it may read."""
    return [topic for topic in CHOICES if not _SCOPES[topic].isdisjoint(client.scopes)]


def may_be_told(rights: Rights, employer_id: int | None, topic: WebhookTopic) -> bool:
    """Whether somebody with these rights may know of an event of an employer."""
    if topic in _ON_DEMAND:
        return employer_id is None
    if employer_id is None:
        return False
    if topic in _FIGURES:
        return employer_id in rights.employers or employer_id in rights.clients
    return includes(rights.right_for(employer_id), Right.READ)


def list_listeners(today: date) -> list[Listener]:
    """All addresses in force of programs in force."""
    rows = WebhookEndpoint.objects.select_related("client").filter(
        ended_at=None, client__ended_at=None
    )
    rights = find_rights(rows, today)
    return [
        # A program may have lost a scope since it asked to be told.
        Listener(
            row.pk,
            frozenset(topic for topic in list_topics(row.client) if topic.value in row.topics),
            rights[row.client_id],
        )
        for row in rows.order_by("pk")
    ]


def find_rights(endpoints: Iterable[WebhookEndpoint], today: date) -> dict[int, Rights]:
    """What the programs of some addresses may see, each looked up once."""
    clients = {endpoint.client_id: endpoint.client for endpoint in endpoints}
    return {key: get_client_rights(client, today) for key, client in clients.items()}
