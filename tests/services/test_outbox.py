"""Messages out of the house: off unless configured, at most one a person and day, and none to an address that refuses."""

import socket
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from ikrar.domain.errors import AddressOfNobody
from ikrar.gateways import messengers
from ikrar.records.models import FailingAddress, Notice, OutsideCalm, OutsideMessage, Person
from ikrar.services import notices, outbox, tick
from tests.web import stage as stages
from tests.web.stage import agency, install, outsider, person

NOW = datetime(2024, 10, 25, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class FakeServer(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given, refuses some mailboxes, and can be told to be busy."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: list[tuple[str, str]] = []
        self.connections = 0
        self.refused: dict[str, int] = {}
        self.greeting = b"220 fake\r\n"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Conversation(socketserver.StreamRequestHandler):
    def say(self, line: bytes) -> None:
        self.wfile.write(line)
        self.wfile.flush()

    def handle(self) -> None:
        server: FakeServer = self.server
        server.connections += 1
        self.say(server.greeting)
        recipient = ""
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word.startswith((b"EHLO", b"HELO")):
                self.say(b"250 fake\r\n")
            elif word.startswith(b"RCPT"):
                recipient = line.decode().split("<", 1)[1].split(">")[0]
                code = server.refused.get(recipient, 250)
                self.say(f"{code} {'no such mailbox' if code >= 500 else 'well'}\r\n".encode())
            elif word.startswith(b"DATA"):
                self.say(b"354 go on\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                server.taken.append((recipient, text.decode()))
                self.say(b"250 taken\r\n")
            elif word.startswith(b"QUIT"):
                self.say(b"221 bye\r\n")
                return
            else:
                self.say(b"250 well\r\n")


@pytest.fixture
def server():
    made = FakeServer()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def mail(settings, server):
    """An operator who named the server."""
    settings.MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.MAIL_TIMEOUT_S = 5
    settings.BASE_URL = "https://ikrar.example.go.id"
    return server


@pytest.fixture
def staff(db):
    """Sari with a mailbox, Budi with another, Tono with a phone alone."""
    install()
    made, root = agency("13.75", "Kota Bukittinggi")
    sari = person("Sari Dewi", stages.SARI, root, email="sari@contoh.test")
    budi = person("Budi Santoso", stages.BUDI, root, email="budi@contoh.test")
    tono = person("Tono Hartono", stages.TONO, root, phone="0812 3456 7890")
    for each in (sari, budi, tono):
        stages.account(each)
    return SimpleNamespace(agency=made, sari=sari, budi=budi, tono=tono, by=outsider("RINA", "Rina"))


def tell(*people: Person, at: datetime = NOW) -> None:
    notices.tell([each.pk for each in people], "pact_missing", {"title": "Rahasia negara", "round": 1}, link="", now=at)


def states() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in OutsideMessage.objects.order_by("pk"):
        found.setdefault(each.state, []).append(each.address)
    return found


# --- off by default ----------------------------------------------------------------------------------------------


def test_nothing_leaves_the_machine_unless_the_operator_configured_it(staff, settings, monkeypatch):
    """No connection is even tried, and nothing is written down to be sent."""

    def forbidden(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    monkeypatch.setattr(messengers, "send", forbidden)
    assert not settings.MAIL_CONFIGURED and not settings.MESSENGER_URLS
    tell(staff.sari, staff.budi, staff.tono)
    for minutes in (0, 5, 600):
        tick.run(NOW + timedelta(minutes=minutes))
    assert not OutsideMessage.objects.exists()


def test_a_demo_sends_nothing_even_where_it_is_configured(db, mail):
    """The addresses of invented people may be somebody's."""
    install(demo=True)
    _agency, root = agency("13.75", "Kota Bukittinggi")
    sari = person("Sari Dewi", stages.SARI, root, email="sari@contoh.test")
    stages.account(sari)
    tell(sari)
    outbox.run(NOW + timedelta(minutes=5))
    assert mail.connections == 0 and not OutsideMessage.objects.exists()


# --- sending -----------------------------------------------------------------------------------------------------


def test_a_message_says_that_something_waits_and_nothing_of_what(staff, mail):
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    [(address, text)] = mail.taken
    assert address == "sari@contoh.test" and "https://ikrar.example.go.id/pesan/" in text
    assert "Ada pesan untuk Anda di Ikrar" in text
    said = text.replace("sari@contoh.test", "").lower()
    for secret in ("rahasia", "sari", stages.SARI, "pakta", "bukittinggi"):
        assert secret not in said
    assert states() == {"sent": ["sari@contoh.test"]}


def test_many_go_over_one_connection_and_no_more_than_so_many_a_minute(staff, mail, settings):
    settings.OUTSIDE_A_MINUTE = 2
    more = [
        person(f"Orang {n}", f"1991010120190310{n:02d}", staff.agency.units.get(), email=f"o{n}@contoh.test")
        for n in range(10, 13)
    ]
    for each in more:
        stages.account(each)
    tell(staff.sari, *more)
    outbox.run(NOW + timedelta(minutes=5))
    assert (len(mail.taken), mail.connections) == (2, 1)
    outbox.run(NOW + timedelta(minutes=6))
    outbox.run(NOW + timedelta(minutes=7))
    assert len(mail.taken) == 4


def test_nobody_gets_more_than_one_a_day_however_much_waits(staff, mail):
    for hours in range(5):
        tell(staff.sari, at=NOW + timedelta(hours=hours))
        outbox.run(NOW + timedelta(hours=hours, minutes=10))
    assert len(mail.taken) == 1


def test_where_more_wait_than_can_leave_everybody_has_his_turn(staff, mail, settings, monkeypatch):
    monkeypatch.setattr(outbox, "_LEAST_AHEAD", 1)
    monkeypatch.setattr(outbox, "_MINUTES_AHEAD", 0)
    Person.objects.filter(pk=staff.tono.pk).update(email="tono@contoh.test")
    everybody = (staff.sari, staff.budi, staff.tono)
    for day in range(3):
        at = NOW + timedelta(days=day)
        tell(*everybody, at=at)
        outbox.run(at + timedelta(minutes=5))
    told = list(OutsideMessage.objects.order_by("pk").values_list("person", flat=True))
    assert sorted(told) == sorted(each.pk for each in everybody)


def test_what_was_told_is_not_told_again_the_next_day_but_news_is(staff, mail):
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=10))
    outbox.run(NOW + DAY)
    assert len(mail.taken) == 1
    tell(staff.sari, at=NOW + DAY)
    outbox.run(NOW + DAY + timedelta(minutes=10))
    assert len(mail.taken) == 2


def test_what_was_read_at_once_needs_no_message(staff, mail):
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=1))
    notices.mark_read(staff.sari.pk, now=NOW + timedelta(minutes=2))
    outbox.run(NOW + timedelta(minutes=10))
    assert not mail.taken


def test_whoever_turned_it_off_gets_none_until_he_turns_it_on_again(staff, mail):
    outbox.set_silence(staff.sari.pk, True, now=NOW)
    tell(staff.sari, staff.budi)
    outbox.run(NOW + timedelta(minutes=10))
    assert [address for address, _ in mail.taken] == ["budi@contoh.test"] and outbox.is_silent(staff.sari.pk)
    outbox.set_silence(staff.sari.pk, False, now=NOW)
    outbox.run(NOW + timedelta(minutes=20))
    assert [address for address, _ in mail.taken] == ["budi@contoh.test", "sari@contoh.test"]


def test_what_waits_is_not_sent_to_whoever_turns_it_off_meanwhile(staff, mail, settings):
    settings.OUTSIDE_A_MINUTE = 0
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=10))
    outbox.set_silence(staff.sari.pk, True, now=NOW)
    settings.OUTSIDE_A_MINUTE = 10
    outbox.run(NOW + timedelta(minutes=11))
    assert not mail.taken


def test_whoever_has_no_account_is_not_told_to_sign_in(staff, mail):
    staff.sari.user.delete()
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=10))
    assert not mail.taken


# --- failing -----------------------------------------------------------------------------------------------------


def test_a_mailbox_that_refuses_is_never_tried_again_and_the_others_are_reached(staff, mail):
    mail.refused["sari@contoh.test"] = 550
    tell(staff.sari, staff.budi)
    outbox.run(NOW + timedelta(minutes=5))
    assert [address for address, _ in mail.taken] == ["budi@contoh.test"]
    stopped = FailingAddress.objects.get()
    assert (stopped.address, stopped.answer, stopped.person) == ("sari@contoh.test", "550", staff.sari)
    for days in range(1, 4):
        tell(staff.sari, at=NOW + days * DAY)
        outbox.run(NOW + days * DAY + timedelta(minutes=5))
    assert len(mail.taken) == 1 and outbox.stopped_for(staff.sari) == stopped


def test_an_officer_clears_an_address_and_it_is_tried_with_the_next_message(staff, mail):
    mail.refused["sari@contoh.test"] = 550
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    mine = frozenset({staff.agency.pk})
    assert outbox.failing(mine).count() == 1 and outbox.failing(frozenset()).count() == 0
    outbox.clear(outbox.failing(mine).get())
    mail.refused.clear()
    tell(staff.sari, at=NOW + DAY)
    outbox.run(NOW + DAY + timedelta(minutes=5))
    assert [address for address, _ in mail.taken] == ["sari@contoh.test"]


def test_a_corrected_address_is_used_at_once(staff, mail):
    mail.refused["sari@contoh.test"] = 550
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    Person.objects.filter(pk=staff.sari.pk).update(email="sari.dewi@contoh.test")
    tell(staff.sari, at=NOW + DAY)
    outbox.run(NOW + DAY + timedelta(minutes=5))
    assert [address for address, _ in mail.taken] == ["sari.dewi@contoh.test"]


def test_a_letter_that_comes_back_to_the_operator_is_noted_by_hand(staff, mail):
    mine = frozenset({staff.agency.pk})
    for address, agencies in (("lain@contoh.test", mine), ("sari@contoh.test", frozenset()), ("", None)):
        with pytest.raises(AddressOfNobody):
            outbox.note_returned(address, agencies=agencies, by=staff.by, now=NOW)
    outbox.note_returned("SARI@contoh.test", agencies=mine, by=staff.by, now=NOW)
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    assert not mail.taken


def test_a_mailbox_that_is_full_today_is_tried_again_after_growing_pauses_and_then_given_up(staff, mail):
    mail.refused["sari@contoh.test"] = 452
    tell(staff.sari)
    tries, at = [], NOW + timedelta(minutes=5)
    while at < NOW + DAY:
        before = OutsideMessage.objects.filter(tries__gt=len(tries)).count()
        outbox.run(at)
        if OutsideMessage.objects.filter(tries__gt=len(tries)).count() > before:
            tries.append(at)
        at += timedelta(minutes=5)
    # The last tries would fall on another day, for which a new message would be made.
    pauses = [second - first for first, second in pairwise(tries)]
    assert len(tries) >= 4 and pauses == sorted(pauses) and len(set(pauses)) == len(pauses)
    assert not mail.taken


def test_an_address_that_was_tried_often_enough_is_stopped(staff, mail):
    mail.refused["sari@contoh.test"] = 452
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    OutsideMessage.objects.update(tries=5, next_at=NOW)
    outbox.run(NOW + timedelta(minutes=6))
    assert FailingAddress.objects.get().answer == "452" and states() == {"given_up": ["sari@contoh.test"]}


def test_a_server_that_does_not_answer_is_left_in_peace_for_longer_and_longer(staff, mail, settings):
    settings.EMAIL_PORT = free_port()
    tell(staff.sari, staff.budi)
    rests = []
    at = NOW + timedelta(minutes=5)
    for _ in range(4):
        outbox.run(at)
        calm = OutsideCalm.objects.get(pk="email")
        rests.append(calm.until_at - at)
        at = calm.until_at
    assert rests == sorted(rests) and len(set(rests)) == len(rests)
    assert len(states()["waiting"]) == 2 and not FailingAddress.objects.exists()
    settings.EMAIL_PORT = mail.port
    outbox.run(at)
    assert len(mail.taken) == 2
    assert OutsideCalm.objects.get(pk="email").failures == 0


def test_a_server_that_is_not_up_to_it_costs_one_try_a_rest_not_one_a_message(staff, mail):
    mail.greeting = b"421 too busy\r\n"
    tell(staff.sari, staff.budi)
    for minutes in range(5, 9):
        outbox.run(NOW + timedelta(minutes=minutes))
    assert mail.connections == 1 and not mail.taken


def test_what_waited_over_midnight_is_not_sent_beside_the_next_days(staff, mail, settings):
    settings.EMAIL_PORT = free_port()
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    settings.EMAIL_PORT = mail.port
    tell(staff.sari, at=NOW + DAY)
    outbox.run(NOW + DAY + timedelta(minutes=5))
    assert len(mail.taken) == 1


def test_what_was_on_its_way_when_the_machine_stopped_is_not_sent_twice(staff, mail):
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    OutsideMessage.objects.update(state="sending", next_at=NOW)
    outbox.run(NOW + timedelta(hours=2))
    assert len(mail.taken) == 1 and OutsideMessage.objects.get().answer == "lost"


def test_an_address_that_could_smuggle_another_recipient_is_none(staff, mail):
    Person.objects.filter(pk=staff.sari.pk).update(email="sari@contoh.test, semua@contoh.test")
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    assert not mail.taken and states() == {"given_up": [""]}


def test_old_rows_are_forgotten(staff, mail):
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    outbox.run(NOW + 40 * DAY)
    assert not OutsideMessage.objects.exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- messengers --------------------------------------------------------------------------------------------------


@pytest.fixture
def box(monkeypatch):
    """A stand-in for Apprise: keeps what it is asked to send."""
    sent: list[tuple[tuple[str, ...], str, str]] = []
    answers = {"well": True}

    def send(urls, text, *, number=""):
        sent.append((tuple(urls), text, number))
        return answers["well"]

    monkeypatch.setattr(messengers, "send", send)
    return SimpleNamespace(sent=sent, answers=answers)


def test_whoever_has_no_mailbox_is_told_by_the_messenger_that_reaches_him(staff, settings, box):
    settings.MESSENGER_URLS = ["whatsapp://token@from/{number}"]
    tell(staff.tono, staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    [(urls, text, number)] = box.sent
    assert number == "6281234567890" and "Ada pesan untuk Anda di Ikrar" in text and "Rahasia" not in text


def test_one_message_a_day_also_where_two_ways_are_configured(staff, mail, settings, box):
    settings.MESSENGER_URLS = ["whatsapp://token@from/{number}"]
    Person.objects.filter(pk=staff.sari.pk).update(phone="081299998888")
    tell(staff.sari)
    outbox.run(NOW + timedelta(minutes=5))
    assert len(mail.taken) == 1 and not box.sent


def test_a_group_is_told_once_a_day_and_only_on_a_day_with_news(staff, settings, box):
    settings.MESSENGER_URLS = ["matrix://token@server/#asn"]
    outbox.run(NOW)
    assert not box.sent
    tell(staff.sari)
    for minutes in (5, 10, 60):
        outbox.run(NOW + timedelta(minutes=minutes))
    assert len(box.sent) == 1 and not OutsideMessage.objects.exists()
    Notice.objects.update(read_at=NOW)
    outbox.run(NOW + DAY)
    assert len(box.sent) == 1


def test_a_messenger_that_takes_nothing_is_tried_again_later(staff, settings, box):
    settings.MESSENGER_URLS = ["whatsapp://token@from/{number}"]
    box.answers["well"] = False
    tell(staff.tono)
    outbox.run(NOW + timedelta(minutes=5))
    assert states() == {"waiting": ["6281234567890"]}
    box.answers["well"] = True
    outbox.run(NOW + timedelta(minutes=20))
    assert states() == {"sent": ["6281234567890"]}


def test_apprise_itself_takes_a_text_to_the_address_it_is_given(settings):
    """With the library, to a web server of our own: the number stands where the address asks for it, nothing else goes."""
    pytest.importorskip("apprise")
    asked: list[tuple[str, bytes]] = []

    class Web(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += self.rfile.readline()
            length = next(
                int(line.split(b":")[1]) for line in head.lower().splitlines() if line.startswith(b"content-length")
            )
            asked.append((head.decode().split(" ")[1], self.rfile.read(length)))
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Web) as web:
        web.daemon_threads = True
        threading.Thread(target=web.serve_forever, daemon=True).start()
        url = f"json://127.0.0.1:{web.server_address[1]}/{{number}}"
        assert messengers.send([url], "Ada pesan untuk Anda di Ikrar.", number="6281234567890")
        web.shutdown()
    [(path, body)] = asked
    assert path.startswith("/6281234567890") and b"Ada pesan untuk Anda di Ikrar." in body
