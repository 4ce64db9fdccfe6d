"""Sessions and accounts that are remembered for some seconds: never longer, and not at all where something changed."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.records.models import RoleGrant, User
from ikrar.services import accounts, freshness, notices, sessions

pytestmark = pytest.mark.django_db


class Clock:
    """A clock of seconds that stands until it is moved."""

    def __init__(self):
        self.at = 1000.0

    def monotonic(self):
        return self.at


@pytest.fixture
def seconds(settings, monkeypatch):
    settings.KEPT_S = 5
    clock = Clock()
    monkeypatch.setattr(freshness, "time", clock)
    return clock


@pytest.fixture
def page(client, city, cast, seconds):
    """What somebody signed in is answered: the status of his home."""
    user = cast.sari.user
    client.force_login(user, backend="ikrar.web.sign_in.AccountBackend")
    return lambda: client.get(reverse("home")).status_code


def test_a_session_deleted_elsewhere_dies_within_five_seconds(page, seconds):
    assert page() == 200
    Session.objects.all().delete()
    seconds.at += 4.9
    assert page() in (200, 302)
    seconds.at += 0.2
    assert page() == 302


def test_whoever_signs_out_is_out_at_once_in_every_process(page, client, seconds):
    assert page() == 200
    key = client.session.session_key
    store = sessions.SessionStore(key)
    store.delete()
    assert page() == 302


def test_what_another_process_wrote_about_a_session_is_seen_at_once(seconds):
    mine = sessions.SessionStore()
    mine["word"] = "old"
    mine.create()
    assert sessions.SessionStore(mine.session_key)["word"] == "old"
    other = sessions.SessionStore(mine.session_key)
    other["word"] = "new"
    other.save()
    assert sessions.SessionStore(mine.session_key)["word"] == "new"


def test_what_a_page_changes_in_its_session_is_not_changed_for_others_before_it_is_saved(seconds):
    store = sessions.SessionStore()
    store["list"] = [1]
    store.create()
    sessions.SessionStore(store.session_key)["list"].append(2)
    assert sessions.SessionStore(store.session_key)["list"] == [1]


def test_an_account_closed_elsewhere_is_out_within_five_seconds(page, cast, seconds):
    assert page() == 200
    User.objects.filter(pk=cast.sari.user.pk).update(is_active=False)
    seconds.at += 5.1
    assert page() == 302


def test_a_role_given_and_a_role_taken_are_seen_at_once(cast, city, now, seconds):
    user = accounts.account(cast.sari.user.pk)
    assert Role.AUDITOR not in {grant.role for grant in accounts.grants_of(user, now=now)}
    accounts.grant_role(user, Role.AUDITOR, agency=None, body=None, until_at=None, by=None, reason="", now=now)
    user = accounts.account(cast.sari.user.pk)
    assert Role.AUDITOR in {grant.role for grant in accounts.grants_of(user, now=now)}
    accounts.end_grant(RoleGrant.objects.get(user=user), by=None, now=now)
    assert Role.AUDITOR not in {grant.role for grant in accounts.grants_of(accounts.account(user.pk), now=now)}


def test_a_message_is_counted_at_once_and_no_more_once_it_was_read(cast, now, seconds):
    user = accounts.account(cast.sari.user.pk)
    assert accounts.standing_of(user).unread == 0
    notices.tell([user.person_id], "pact_missing", {"round": 1, "title": "x"}, link="", now=now)
    assert accounts.standing_of(accounts.account(user.pk)).unread == 1
    notices.mark_read(user.person_id, now=now)
    assert accounts.standing_of(accounts.account(user.pk)).unread == 0


def test_no_more_is_kept_than_there_is_room_for(seconds):
    kept = freshness.Kept(3)
    for number in range(5):
        kept.put(number, str(number), (), freshness.words())
    assert [kept.get(number) for number in range(5)] == [None, None, "2", "3", "4"]


def test_everything_is_dropped_where_more_changed_than_is_named(seconds):
    kept = freshness.Kept(3)
    kept.put(1, "one", ("a",), freshness.words("a"))
    assert kept.get(1) == "one"
    freshness.everything_changed()
    assert kept.get(1) is None
