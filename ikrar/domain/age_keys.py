"""Keys of the age format as texts: `age1…` receives, `AGE-SECRET-KEY-1…` opens (age-encryption.org/v1, BIP 173)."""

from collections.abc import Iterable

from ikrar.domain.errors import RecipientWrong

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_RECIPIENT, _IDENTITY = "age", "age-secret-key-"
_KEY_BYTES = 32


def identity_text(secret: bytes) -> str:
    """Write the 32 secret bytes of an X25519 identity as age reads them. Raises ValueError for another count."""
    if len(secret) != _KEY_BYTES:
        raise ValueError(f"an identity has {_KEY_BYTES} bytes, not {len(secret)}")
    return _bech32(_IDENTITY, secret).upper()


def recipient_of(public: bytes) -> str:
    """Write the 32 public bytes of an X25519 key as a recipient. Raises ValueError for another count."""
    if len(public) != _KEY_BYTES:
        raise ValueError(f"a recipient has {_KEY_BYTES} bytes, not {len(public)}")
    return _bech32(_RECIPIENT, public)


def public_bytes(recipient: str) -> bytes:
    """Read the 32 public bytes of a recipient. Raises RecipientWrong for anything but an X25519 recipient of age."""
    prefix, _, body = recipient.rpartition("1")
    if prefix != _RECIPIENT or recipient != recipient.lower() or any(sign not in _CHARSET for sign in body):
        raise RecipientWrong()
    values = [_CHARSET.index(sign) for sign in body]
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise RecipientWrong()
    found = _regrouped(values[:-6], 5, 8)
    key = bytes(found[:_KEY_BYTES])
    if len(values) != 58 or recipient != recipient_of(key):
        raise RecipientWrong()
    return key


def _bech32(prefix: str, data: bytes) -> str:
    values = _regrouped(data, 8, 5)
    check = _polymod([*_expanded(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_CHARSET[value] for value in values)


def _expanded(prefix: str) -> list[int]:
    return [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            check ^= generator if top >> place & 1 else 0
    return check


def _regrouped(values: Iterable[int], from_bits: int, to_bits: int) -> list[int]:
    """Cut a row of numbers of so many bits into numbers of other bits, the last filled up with zeros."""
    kept, bits, out = 0, 0, []
    for value in values:
        kept, bits = (kept << from_bits | value) & 0xFFF, bits + from_bits
        while bits >= to_bits:
            bits -= to_bits
            out.append(kept >> bits & (1 << to_bits) - 1)
    if bits:
        out.append(kept << to_bits - bits & (1 << to_bits) - 1)
    return out
