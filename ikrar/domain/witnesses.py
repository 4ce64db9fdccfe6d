"""What a pact witness states: the usual words for each kind of body, and exactly the text that he signs."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date

from ikrar.domain.days import in_words

LONGEST_WORDS = 2_000
_PRESENT = "Saya hadir dan menyaksikan sendiri penandatanganan pakta tersebut pada acara ini."
# By kind of guest. An organiser may write others for an activity; what was signed never changes afterwards.
_USUAL = {
    "bawaslu": (
        f"{_PRESENT} Saya hadir dalam rangka pengawasan pemilihan. Saya tidak menandatangani atas nama siapa pun, dan"
        " kehadiran saya tidak mengurangi kewenangan pengawasan sesudah hari ini."
    ),
    "kpu": (
        f"{_PRESENT} Saya hadir sebagai penyelenggara pemilihan, yang bersikap sama terhadap semua peserta. Saya tidak"
        " menandatangani atas nama siapa pun."
    ),
    "party": (
        f"{_PRESENT} Saya hadir mewakili partai politik saya. Saya mengetahui bahwa para penanda tangan berjanji netral dan"
        " tidak boleh dilibatkan dalam kegiatan politik."
    ),
}
_USUAL_OF_OTHERS = f"{_PRESENT} Saya hadir mewakili lembaga saya dan tidak menandatangani atas nama siapa pun."


def usual_words(kind: str) -> str:
    """Return what a witness of this kind of body states where the organiser wrote nothing else.

    >>> usual_words("police") == usual_words("other")
    True
    """
    return _USUAL.get(kind, _USUAL_OF_OTHERS)


def tidy_words(text: str) -> str:
    """Return words as they are kept: composed characters, single spaces, paragraphs apart.

    >>> tidy_words("  Saya   hadir. \\r\\n\\r\\n\\r\\n Itu saja. ")
    'Saya hadir.\\n\\nItu saja.'
    """
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines()]
    parts = "\n".join(lines).split("\n\n")
    return "\n\n".join(part.strip() for part in parts if part.strip())


def tidy_name(text: str) -> str:
    """Return a name as it is written under a statement: one line."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _bare_words(name: str) -> frozenset[str]:
    """Return the words of a name that are no titles: what stands before the comma, without initials and short forms."""
    words = tidy_name(name).casefold().partition(",")[0].split()
    return frozenset(word for word in words if len(word) > 1 and not word.endswith("."))


def is_name_of(written: str, received: str) -> bool:
    """Say whether the name that a witness writes is that of whom the officers received: with other titles, or a part less.

    What was received may only be left out, nothing added: another word makes another person, and the officers correct it.

    >>> is_name_of("Misal Umpama, S.H.", "Dr. Misal Umpama")
    True
    >>> is_name_of("Contoh Belaka", "Misal Umpama")
    False
    >>> is_name_of("Misal Umpama Belaka", "Misal Umpama"), is_name_of("Contoh Belaka", "H.")
    (False, False)
    """
    mine, theirs = _bare_words(written), _bare_words(received)
    if not theirs:
        return tidy_name(received) in ("", tidy_name(written))
    return bool(mine) and mine <= theirs


@dataclass(frozen=True)
class Statement:
    """A witness's statement, bound to an activity, its place and day, and to one text of a pact.

    `body` and `post` are what he speaks for; `pact_digest` is the SHA-256 (hex) of the pact that is signed there.
    """

    activity: str
    place: str
    on: date
    pact: str
    pact_digest: str
    body: str
    post: str
    words: str

    def text(self) -> str:
        """Return all of it as one string: this is shown, signed and printed, always in Indonesian.

        >>> print(Statement("Apel", "Aula", date(2024, 10, 25), "Pakta", "ab", "Bawaslu", "Ketua", "Saya hadir.").text())
        Pernyataan saksi
        <BLANKLINE>
        Acara: Apel
        Tempat: Aula
        Hari: 25 Oktober 2024
        Pakta: Pakta
        Sidik teks pakta (SHA-256): ab
        Saksi: Ketua, Bawaslu
        <BLANKLINE>
        Saya hadir.
        """
        about = [
            ("Acara", self.activity),
            ("Tempat", self.place),
            ("Hari", in_words(self.on)),
            ("Pakta", self.pact),
            ("Sidik teks pakta (SHA-256)", self.pact_digest),
            ("Saksi", ", ".join(part for part in (self.post, self.body) if part)),
        ]
        lines = "\n".join(f"{name}: {' '.join(value.split())}" for name, value in about if value.strip())
        return f"Pernyataan saksi\n\n{lines}\n\n{self.words}"

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the text in UTF-8: the name of exactly this statement."""
        return hashlib.sha256(self.text().encode("utf-8")).hexdigest()


def signed_digest(statement: str, name: str) -> str:
    """Return the SHA-256 (hex) of a statement with the name under it, for the log: neither can be exchanged later."""
    return hashlib.sha256(f"{statement}\n\n{name}".encode()).hexdigest()
