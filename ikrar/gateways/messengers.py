"""Messengers out of the house, by the addresses that the operator gave to Apprise."""

from collections.abc import Sequence
from urllib.parse import quote

from django.conf import settings

_PERSONAL = "{number}"


def personal() -> Sequence[str]:
    """Return the addresses that reach one person each, by his mobile number: those in which `{number}` stands."""
    return [url for url in settings.MESSENGER_URLS if _PERSONAL in url]


def common() -> Sequence[str]:
    """Return the addresses that reach a group or an office, whoever a message is for."""
    return [url for url in settings.MESSENGER_URLS if _PERSONAL not in url]


def send(urls: Sequence[str], text: str, *, number: str = "") -> bool:
    """Send a text to these addresses and say whether all of them took it; what they answered is not kept."""
    # It loads a hundred services: only where one of them is configured.
    from apprise import Apprise

    box = Apprise()
    known = [box.add(url.replace(_PERSONAL, quote(number, safe=""))) for url in urls]
    return bool(urls) and all(known) and bool(box.notify(body=text))
