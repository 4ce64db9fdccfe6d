"""E-mail out of the house, by the server that the operator named. Nothing is opened before something is to be sent."""

import smtplib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from ikrar.domain.outbox import is_permanent


class Outcome(StrEnum):
    """What became of one message."""

    SENT = "sent"
    REFUSED = "refused"  # by the address, for good: 5xx
    LATER = "later"  # by the address, for now: 4xx
    UNREACHABLE = "unreachable"  # the server itself; nothing further was tried


@dataclass(frozen=True)
class Answer:
    """What became of one message, and the code that a server gave with it; its text may hold anything, and is not kept."""

    outcome: Outcome
    code: str = ""


def configured() -> bool:
    """Say whether the operator named a mail server."""
    return bool(settings.MAIL_CONFIGURED)


def send(messages: Iterable[tuple[str, str, str]]) -> Iterator[Answer]:
    """Send messages (address, subject, text) over one connection, and yield an answer for each, in order.

    Where the server itself fails, that message and all after it are answered as unreachable, without a further try.
    """
    connection = get_connection(timeout=settings.MAIL_TIMEOUT_S)
    failed = ""
    try:
        for address, subject, text in messages:
            if failed:
                yield Answer(Outcome.UNREACHABLE, failed)
                continue
            try:
                connection.open()
                EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address], connection=connection).send()
                answer = Answer(Outcome.SENT)
            except smtplib.SMTPRecipientsRefused as error:
                code = _code(error)
                answer = Answer(Outcome.REFUSED if is_permanent(code) else Outcome.LATER, str(code))
            except smtplib.SMTPDataError as error:
                # The server looked at the message: that is about this one address as long as others are taken.
                answer = Answer(Outcome.LATER, str(error.smtp_code))
            except smtplib.SMTPResponseException as error:
                answer = Answer(Outcome.UNREACHABLE, str(error.smtp_code))
            except (OSError, smtplib.SMTPException):
                answer = Answer(Outcome.UNREACHABLE, "no_answer")
            if answer.outcome is Outcome.UNREACHABLE:
                failed = answer.code
            yield answer
    finally:
        connection.close()


def _code(error: smtplib.SMTPRecipientsRefused) -> int:
    return next((int(code) for code, _text in error.recipients.values()), 0)
