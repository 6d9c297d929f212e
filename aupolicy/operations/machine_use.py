"""What the use of a key leaves behind."""

from datetime import datetime, timedelta

from django.db.models import Q

from aupolicy.models import ApiKey

# Exact enough to see which key is still in use, and no write with every request.
_MARKED_EVERY = timedelta(minutes=5)


def mark_used(key: ApiKey, now: datetime) -> None:
    """Remember when a key was last used, to five minutes."""
    if key.last_used_at is None or now - key.last_used_at > _MARKED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _MARKED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
