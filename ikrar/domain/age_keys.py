"""Keys of the age format as texts: `age1…` receives, `AGE-SECRET-KEY-1…` opens (age-encryption.org/v1, BIP 173)."""

from collections.abc import Iterable

from ikrar.domain.errors import RecipientWrong

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {sign: value for value, sign in enumerate(_CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_RECIPIENT, _IDENTITY = "age", "age-secret-key-"
_KEY_BYTES = 32
_CHECK_SIGNS = 6
_RECIPIENT_SIGNS = 58  # of five bits: a key, what fills up its last sign, the check
_FILLING_BITS = 5 * (_RECIPIENT_SIGNS - _CHECK_SIGNS) - 8 * _KEY_BYTES
_FILLING = (1 << _FILLING_BITS) - 1


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
    if prefix != _RECIPIENT or len(body) != _RECIPIENT_SIGNS:
        raise RecipientWrong()
    try:
        values = [_VALUES[sign] for sign in body]
    except KeyError:
        raise RecipientWrong() from None
    number = 0
    for value in values[:-_CHECK_SIGNS]:
        number = number << 5 | value
    # Bits that fill up the last sign are zeros, or two texts would mean one key.
    if _polymod(values, _BEGUN[prefix]) != 1 or number & _FILLING:
        raise RecipientWrong()
    return (number >> _FILLING_BITS).to_bytes(_KEY_BYTES)


def _bech32(prefix: str, data: bytes) -> str:
    number = int.from_bytes(data) << _FILLING_BITS
    values = [number >> place & 31 for place in range(5 * (_RECIPIENT_SIGNS - _CHECK_SIGNS - 1), -1, -5)]
    check = _polymod([*values, 0, 0, 0, 0, 0, 0], _BEGUN[prefix]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(_CHECK_SIGNS)]
    return prefix + "1" + "".join([_CHARSET[value] for value in values])


def _polymod(values: Iterable[int], check: int = 1) -> int:
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _CARRIES[check >> 25]
    return check


def _carry(top: int) -> int:
    carried = 0
    for place, generator in enumerate(_GENERATOR):
        carried ^= generator if top >> place & 1 else 0
    return carried


# What five bits that fall out at the top change below; and the check of each prefix, which stands before every key.
_CARRIES = [_carry(top) for top in range(32)]
_BEGUN = {
    prefix: _polymod([*(ord(sign) >> 5 for sign in prefix), 0, *(ord(sign) & 31 for sign in prefix)])
    for prefix in (_RECIPIENT, _IDENTITY)
}
