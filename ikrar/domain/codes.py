"""Codes that people read aloud and type by hand: Crockford's base 32, five bits a sign, look-alikes repaired."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REPAIRED = str.maketrans({"O": "0", "I": "1", "L": "1"})

SIGN_IN_SIGNS = 12  # 60 bits: single use, expiring, counted per account; the bar is 50
CERTIFICATE_SIGNS = 16  # 80 bits: public, never expires, may be tried for ever


def new_code(signs: int) -> str:
    """Return a random code of so many signs, without dashes."""
    # 32 divides 256: the lower five bits of a random byte are a random sign, and one call asks for all of them.
    return "".join([ALPHABET[byte & 31] for byte in secrets.token_bytes(signs)])


def tidy(text: str) -> str:
    """Return a typed code as it is compared.

    >>> tidy(" k7qf-3mnp ol ")
    'K7QF3MNP01'
    """
    return "".join(char for char in text.upper() if char.isascii() and char.isalnum()).translate(_REPAIRED)


_IN_ADDRESS = re.compile(r"/periksa/([^/?#\s]+)")


def of_certificate(text: str) -> str:
    """Return the code that somebody typed, or that stands in the address of a check which he pasted.

    >>> of_certificate(" https://ikrar.example/periksa/K7QF3MNPXWT0K7QF/ "), of_certificate("k7qf-3mnp")
    ('K7QF3MNPXWT0K7QF', 'K7QF3MNP')
    """
    match = _IN_ADDRESS.search(text)
    return tidy(match[1] if match else text)


def grouped(code: str) -> str:
    """Write a code in groups of four, as it is printed.

    >>> grouped("K7QF3MNPXWT0")
    'K7QF-3MNP-XWT0'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
