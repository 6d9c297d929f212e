"""What the use of a key or a token leaves behind."""

from datetime import datetime, timedelta

from django.db.models import Q

from aupolicy.models import ApiClient, ApiKey

# Exact enough to see which key is still in use, and no write with every request.
_MARKED_EVERY = timedelta(minutes=5)


def mark_used(key: ApiKey, now: datetime) -> None:
    """Remember when a key was last used, to five minutes."""
    if key.last_used_at is None or now - key.last_used_at > _MARKED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _MARKED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def mark_token_used(client: ApiClient, now: datetime) -> None:
    """Remember when a program last came with an OAuth token, to five minutes."""
    if client.token_used_at is None or now - client.token_used_at > _MARKED_EVERY:
        stale = Q(token_used_at=None) | Q(token_used_at__lt=now - _MARKED_EVERY)
        ApiClient.objects.filter(stale, pk=client.pk).update(token_used_at=now)
