"""Keys of random bits as they stand in addresses."""


class HexKey:
    """Sixteen hexadecimal digits: a word beside it in an address (`baru`, `nasional`) is never taken for a key."""

    regex = "[0-9a-f]{16}"

    def to_python(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it stands."""
        return value
