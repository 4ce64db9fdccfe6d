"""Who a rule speaks of. The law names people by employment, by post and by task; one person can be several of these.

Source of every word: `applies_to` of the acts. Which word includes which is our reading of the same facts
(`uudesa-29-village-head`, `lurah-camat-as-civil-servant`, `pilkada-71-1-school-head`), never of the law beyond them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from ikrar.domain.errors import PersonUnknown

# A word a person can be described by → the words by which rules speak of the same person.
_INCLUDES: Mapping[str, tuple[str, ...]] = {
    "pns": ("asn",),
    "cpns": ("asn",),
    "pppk": ("asn",),
    "asn": (),
    "pns-direct-superior": ("pns", "asn"),
    "disciplinary-authority": (),
    "asn-official": ("pns", "asn"),
    "lurah": ("asn-official", "pns", "asn"),
    "camat": ("asn-official", "pns", "asn"),
    "school-head": ("pns", "asn"),
    "ppnpn": (),
    "honorer": ("ppnpn",),
    "tni": (),
    "polri": (),
    "village-head": (),
    "wali-nagari": ("village-head",),
    "keuchik": ("village-head",),
    "kuwu": ("village-head",),
    "village-staff": (),
    "bpd": (),
    "organiser": (),
    "candidate": (),
    "campaigner": (),
    "governor": (),
    "regent": (),
    "mayor": (),
    "deputy-head": (),
    "acting-head": (),
    "state-official": (),
    "regional-official": (),
    "judge": (),
    "soe-official": (),
    "other-official": (),
    "none": (),
}
CLASSES = tuple(_INCLUDES)
"""Every word that a rule may use for a person; `none`: nobody of these."""
CIVIL_SERVANTS = frozenset({"pns", "cpns", "pppk", "asn"})
"""The words for every civil servant (ASN), whatever the post."""
RELATIONS = ("none", "spouse-of-candidate", "relative", "candidate")
"""What the person who asks is to a candidate."""

# Words of the roster and of everyday life for the same people; any other local name of a village head is one too.
_ALSO = {
    "contract": "ppnpn", "kontrak": "ppnpn", "non-asn": "ppnpn", "tenaga honorer": "honorer", "honorer": "honorer",
    "village": "village-head", "kepala desa": "village-head", "kades": "village-head", "wali nagari": "wali-nagari",
    "geuchik": "keuchik", "peratin": "village-head", "pambakal": "village-head", "hukum tua": "village-head",
    "perbekel": "village-head", "petinggi": "village-head", "kepala kampung": "village-head", "lembang": "village-head",
    "perangkat desa": "village-staff", "perangkat nagari": "village-staff", "sekretaris desa": "village-staff",
    "sekdes": "village-staff", "tuha peut": "bpd", "anggota bpd": "bpd", "penyelenggara": "organiser",
    "kpps": "organiser", "kepala sekolah": "school-head", "kepsek": "school-head", "gubernur": "governor",
    "bupati": "regent", "wali kota": "mayor", "walikota": "mayor", "anggota tni": "tni", "tentara": "tni",
    "prajurit": "tni", "polisi": "polri", "hakim": "judge",
}  # fmt: skip
_POSTS = {"school-head", "lurah", "camat", "wali-nagari", "keuchik", "kuwu", "village-head"}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().lower())


def class_of(word: str) -> str:
    """Return the word of CLASSES for how somebody was described.

    Raises PersonUnknown for a word that is not known; an empty one too: whether a rule reaches a person with no
    employment cannot be told.

    >>> class_of("Kepala Desa"), class_of("PNS")
    ('village-head', 'pns')
    """
    plain = _plain(word)
    for form in (plain, plain.replace(" ", "-"), plain.replace("_", "-")):
        if form in _INCLUDES:
            return form
    if plain in _ALSO:
        return _ALSO[plain]
    raise PersonUnknown(word[:60])


@lru_cache(maxsize=10_000)  # a post is free text: not every one of them is kept
def classes_of(employment: str, post: str = "") -> frozenset[str]:
    """Return all words by which rules may speak of somebody, by employment and (where it tells more) by post.

    `post` is free text; only a post that rules speak of adds a word. Raises PersonUnknown for the employment.

    >>> sorted(classes_of("pns", "Lurah Tarok Dipo"))
    ['asn', 'asn-official', 'lurah', 'pns']
    """
    found = {class_of(employment)}
    plain = _plain(post)
    for word in (*_POSTS, *_ALSO):
        name = _ALSO.get(word, word)
        if name in _POSTS and re.search(
            rf"(?<!\w)(?<!eks )(?<!mantan ){re.escape(word.replace('-', ' '))}(?!\w)", plain
        ):
            found.add(name)
    for word in tuple(found):
        found.update(_INCLUDES[word])
    if "none" in found and len(found) > 1:
        found.discard("none")
    return frozenset(found)
