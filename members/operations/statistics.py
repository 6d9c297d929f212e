"""What the database knows about its own tables, renewed where many rows came at once."""

from django.db import connection

_TABLES = "members_person, members_membership, members_insuredpay, members_noticerecord"


def refresh_statistics() -> None:
    """Have PostgreSQL look at the tables of insured people anew.

    After a large file it would otherwise plan by what was there before until it looks by itself,
    and a page of 50,000 people would take a minute. The application's own role must ask.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {_TABLES}")
