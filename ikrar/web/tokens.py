"""Tokens of forms, as Django's middleware gives and checks them, for pages that thousands open within minutes.

Django asks the system for each of a token's 64 random signs by a call of its own, which costs as much as finding the
signer. Here one call gives all of a secret's. What is made is the same: a secret in the cookie, and in the form the secret
under a mask that is another on every page.
"""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS as SIGNS
from django.middleware.csrf import CSRF_SECRET_LENGTH as LENGTH

_PLACES = {sign: place for place, sign in enumerate(SIGNS)}
_TWICE = SIGNS * 2
# 256 is no multiple of 62, so eight signs are a little likelier: of 190 bits less than one is lost.
_OF_BYTE = bytes(ord(SIGNS[byte % len(SIGNS)]) for byte in range(256))


def token(request: HttpRequest) -> str:
    """Return a token for the forms of this page, and let its answer bear the cookie that it is held against."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = request.META["CSRF_COOKIE"] = _random_signs()
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask = _random_signs()
    return mask + "".join([_TWICE[_PLACES[sign] + _PLACES[over]] for sign, over in zip(secret, mask, strict=True)])


def _random_signs() -> str:
    return secrets.token_bytes(LENGTH).translate(_OF_BYTE).decode("ascii")
