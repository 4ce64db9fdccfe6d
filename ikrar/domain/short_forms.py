"""How offices on record are called for short: by the first letters of their name (`BKPSDM`), and by what is usual (`Satpol PP`)."""

from collections.abc import Iterator, Mapping, Sequence

Words = tuple[str, ...]
SHORTEST_INITIALS = 3
SURE_INITIALS = 4
"""Shorter ones are read in capitals alone: others of as many letters are words."""
_HEADS = frozenset({"badan", "dinas", "kantor", "sekretariat", "rumah", "unit", "balai", "satuan"})
_SMALL = frozenset({"dan", "serta", "di", "untuk", "pada", "bidang"})
_REGIONS = frozenset({"kota", "kabupaten", "provinsi"})
# What is usual, by words that stand together in the name.
_USUAL: Mapping[Words, tuple[str, ...]] = {
    ("polisi", "pamong", "praja"): ("satpol pp", "satpol", "kasatpol pp", "kasatpol"),
    ("kesatuan", "bangsa"): ("kesbangpol", "kesbang", "badan kesbangpol", "kantor kesbangpol", "bakesbangpol"),
    ("perencanaan", "pembangunan"): ("bappeda", "bapeda", "bappelitbang", "bappelitbangda", "bapelitbang", "bapelitbangda"),
    ("penanggulangan", "bencana"): ("bpbd", "kalaksa bpbd"),
    ("kepegawaian", "dan", "pengembangan"): ("bkpsdm", "bkpp", "bkppd"),
    ("kepegawaian", "daerah"): ("bkd",),
    ("pendapatan", "daerah"): ("bapenda",),
    ("kependudukan", "dan", "pencatatan", "sipil"): ("disdukcapil", "dukcapil"),
    ("pemberdayaan", "masyarakat"): ("dpmd",),
    ("sekretariat", "dewan"): ("sekwan", "setwan"),
    ("sekretariat", "dprd"): ("sekwan", "setwan"),
    ("pekerjaan", "umum"): ("dinas pu", "dinas pupr", "pupr"),
}  # fmt: skip


def also_called(name: Sequence[str]) -> set[Words]:
    """Return the other names of an office, as words in small letters; `name` is its own.

    >>> sorted(also_called("badan penanggulangan bencana daerah".split()))
    [('bpbd',), ('kalaksa', 'bpbd')]
    """
    found = {tuple(short.split()) for words, usual in _USUAL.items() if _holds(name, words) for short in usual}
    if (initials := _initials(name)) and len(initials) >= SHORTEST_INITIALS:
        found.add((initials,))
    return found


def _initials(name: Sequence[str]) -> str:
    if not name or name[0] not in _HEADS:
        return ""
    return "".join(word[0] for word in _own(name) if word not in _SMALL)


def _own(name: Sequence[str]) -> Iterator[str]:
    """Yield the words of a name up to the region that it is of."""
    for word in name:
        if word in _REGIONS:
            return
        yield word


def _holds(name: Sequence[str], words: Words) -> bool:
    return any(tuple(name[at : at + len(words)]) == words for at in range(len(name) - len(words) + 1))
