"""What travels between two pages of a form without scripts: sealed under a key that lives in memory alone.

The process that serves makes the key before its web processes are forked off, so that all of them have it, and it dies with
them: what travelled under it opens no more.
"""

import base64
import binascii
import json
import os
import time
import zlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ikrar.domain.errors import AnswersLost

_NONCE_BYTES = 12
_MOST_SIGNS = 500_000
_key: bytes | None = None


def make_key() -> None:
    """Make the key, if there is none yet. Whoever forks web processes calls this first."""
    global _key
    if _key is None:
        _key = ChaCha20Poly1305.generate_key()


def forget_key() -> None:
    """Forget the key, as a new start does."""
    global _key
    _key = None


def seal(values: Mapping[str, Any], purpose: str, life_s: int) -> str:
    """Seal values for one purpose and so many seconds; the text goes into a hidden field."""
    until = int(time.time()) + life_s
    clear = zlib.compress(json.dumps([until, values], ensure_ascii=False, separators=(",", ":")).encode(), 9)
    nonce = os.urandom(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, clear, purpose.encode())).decode().rstrip("=")


def unseal(text: str, purpose: str) -> dict[str, Any]:
    """Open what was sealed. Raises AnswersLost for another key, another purpose, or when its time is over."""
    try:
        if len(text) > _MOST_SIGNS:
            raise AnswersLost()
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        clear = _cipher().decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], purpose.encode())
        until, values = json.loads(zlib.decompress(clear))
    except (InvalidTag, ValueError, binascii.Error):
        raise AnswersLost() from None
    if until < time.time():
        raise AnswersLost()
    return dict(values)


def _cipher() -> ChaCha20Poly1305:
    make_key()
    assert _key is not None
    return ChaCha20Poly1305(_key)
