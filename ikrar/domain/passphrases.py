"""Passphrases of officers' keys: seven words of the list of return codes, 70 bits, always made and never chosen."""

from collections.abc import Callable

from ikrar.domain.code_words import WORDS

COUNT = 7
_WORD_BITS = 10


def new(random: Callable[[int], bytes]) -> str:
    """Make a passphrase out of a source of random bytes (`random(count)`), as the browser does.

    >>> new(bytes)
    'abadi abadi abadi abadi abadi abadi abadi'
    """
    drawn = int.from_bytes(random(9)) & (1 << COUNT * _WORD_BITS) - 1
    return " ".join(WORDS[drawn >> _WORD_BITS * place & 1023] for place in reversed(range(COUNT)))
