"""The code by which a reporter comes back: nine words, of which one hash finds the mailbox and another opens it.

86 random bits and four that check the others. The browser makes the same code and the same secrets (static/sealing):
tests hold both to the vectors in tests/corpora/sealing.json.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from ikrar.domain.code_words import WORDS
from ikrar.domain.errors import ReturnCodeWrong

BITS = 86
_CHECK_BITS = 4
_WORD_BITS = 10
COUNT = (BITS + _CHECK_BITS) // _WORD_BITS
_VALUE = {word: value for value, word in enumerate(WORDS)}
_BY_FOUR = {word[:4]: word for word in WORDS}
_LETTERS = re.compile(r"[a-z]+")
_LONGEST = 400  # characters that somebody may have typed around his words

# What the hashes are for. They are different texts, so that nobody who has one learns the other.
_CHECK = b"ikrar/return-code/check/v1\x00"
_LOOKUP = b"ikrar/return-code/lookup/v1"
_FIND = b"ikrar/return-code/find/v1\x00"
_OPEN = b"ikrar/return-code/open/v1"


@dataclass(frozen=True, slots=True, repr=False)
class ReturnCode:
    """A code, as its 86 bits (`value`). Its repr shows nothing: it would stand in a trace."""

    value: int

    @property
    def words(self) -> tuple[str, ...]:
        """The nine words, as they are shown."""
        whole = self.value << _CHECK_BITS | _check(self.value)
        return tuple(WORDS[whole >> _WORD_BITS * place & 1023] for place in reversed(range(COUNT)))

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(self.words)

    @property
    def lookup(self) -> bytes:
        """The 32 bytes that a browser sends instead of the code, to be found by: nothing is opened with them."""
        return hkdf(self._bytes, _LOOKUP)

    def finder(self, pepper: bytes) -> bytes:
        """Return the 32 bytes by which the mailbox is found (see finder_of)."""
        return finder_of(self.lookup, pepper)

    def secret(self) -> bytes:
        """Return the 32 secret bytes of the age identity that opens the mailbox."""
        return hkdf(self._bytes, _OPEN)

    @property
    def _bytes(self) -> bytes:
        return _bytes_of(self.value)


def finder_of(lookup: bytes, pepper: bytes) -> bytes:
    """Return the 32 bytes that are stored of a code to find its mailbox: HMAC-SHA-256 under a key that no database holds."""
    return hmac.new(pepper, _FIND + lookup, hashlib.sha256).digest()


def new(random: Callable[[int], bytes]) -> ReturnCode:
    """Make a code out of a source of random bytes (`random(count)`).

    >>> new(bytes).text
    'abadi abadi abadi abadi abadi abadi abadi abadi alfabet'
    """
    return ReturnCode(int.from_bytes(random(11)) & (1 << BITS) - 1)


def read(text: str) -> ReturnCode:
    """Read a code as somebody types it: any case, commas or lines between, the first four letters of a word suffice.

    Raises ReturnCodeWrong: `word` is what is none of the list (empty: the count or the check is wrong), `meant` the word
    that is nearest.

    >>> read("ABAD abadi, abadi abadi\\nabadi abadi abadi abadi 9. alfabet") == new(bytes)
    True
    """
    typed = _LETTERS.findall(text[:_LONGEST].lower())
    whole = 0
    for word in typed:
        value = _VALUE.get(word)
        if value is None and (known := _BY_FOUR.get(word[:4])) and known.startswith(word):
            value = _VALUE[known]
        if value is None:
            raise ReturnCodeWrong(word[:20], _nearest(word[:20]))
        whole = whole << _WORD_BITS | value
    value = whole >> _CHECK_BITS
    if len(typed) != COUNT or _check(value) != whole & (1 << _CHECK_BITS) - 1:
        raise ReturnCodeWrong("", "", len(typed))
    return ReturnCode(value)


def _bytes_of(value: int) -> bytes:
    return value.to_bytes(11)


def _check(value: int) -> int:
    return hashlib.sha256(_CHECK + _bytes_of(value)).digest()[0] >> 8 - _CHECK_BITS


def hkdf(secret: bytes, info: bytes) -> bytes:
    """Derive 32 bytes from a secret for one use (RFC 5869 with SHA-256, no salt, one block)."""
    extracted = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def _nearest(word: str) -> str:
    """Return the word of the list that is one slip of a finger away, if there is exactly one."""
    near = [known for known in WORDS if abs(len(known) - len(word)) < 2 and _one_slip(word, known)]
    return near[0] if len(near) == 1 else ""


def _one_slip(a: str, b: str) -> bool:
    """Say whether one letter more, less, other, or two letters swapped make one word of the other."""
    if len(a) < len(b):
        a, b = b, a
    start = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
    if len(a) > len(b):
        return a[start + 1 :] == b[start:]
    swapped = a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
    return a[start + 1 :] == b[start + 1 :] or swapped
