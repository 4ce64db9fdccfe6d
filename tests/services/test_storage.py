"""A database that finds no room for an act says so, as a file does, and keeps nothing of it."""

import pytest
from django.db import OperationalError, connection, transaction

from ikrar.domain.errors import StorageFull
from ikrar.records.models import Region
from ikrar.services import storage


@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_grow_no_more_is_told_as_a_full_disk_and_keeps_nothing_of_the_act():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone has a limit that a test can set")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        with pytest.raises(StorageFull), storage.room(), transaction.atomic():
            Region.objects.bulk_create([Region(code=f"{number:08}", name="x" * 100) for number in range(50_000)])
        assert not Region.objects.filter(name="x" * 100).exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def test_another_failure_of_the_database_stays_what_it_is():
    with pytest.raises(OperationalError), storage.room():
        raise OperationalError("no such table")
