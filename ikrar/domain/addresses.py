"""Which names in an address only follow its reader: one list for clippings and prints. The same stands in sealing/prints.js."""

ANYWHERE = frozenset({
    "fbclid", "gclid", "dclid", "yclid", "msclkid", "twclid", "ttclid", "gbraid", "wbraid", "igshid", "igsh", "mc_cid", "mc_eid",
    "_ga", "mibextid", "sfnsn", "__tn__", "ref_src", "ref_url", "spm", "cmpid", "ncid", "amp", "outputtype", "wtsid",
})  # fmt: skip
BEGINNINGS = ("utm_", "__cft__", "__xts__")
# What a network appends for itself. Elsewhere the same name may tell the page: `?ref=12`, `?pp=2`.
OF_NETWORKS = (
    (("facebook.com", "fb.com"), frozenset({
        "_rdr", "_rdc", "rdid", "share_url", "share_id", "sharer", "ref", "refsrc", "referrer", "hc_ref", "hc_location", "fref",
        "locale", "paipv", "eav", "rt", "cxt",
    })),
    (("instagram.com", "threads.net", "threads.com"), frozenset({"img_index", "xmt"})),
    (("youtube.com", "youtu.be"), frozenset({"si", "feature", "pp", "ab_channel"})),
    (("tiktok.com",), frozenset({
        "is_from_webapp", "is_copy_url", "sender_device", "sender_web_id", "web_id", "_r", "_t", "_d", "tt_from", "u_code",
        "share_id",
    })),
    (("twitter.com", "x.com"), frozenset({"ref", "cxt", "s", "t"})),
)  # fmt: skip


def follows_reader(name: str, host: str) -> bool:
    """Say whether a name in the query of an address only follows its reader. Both are given in small letters.

    >>> follows_reader("utm_source", "contoh.go.id"), follows_reader("ref", "contoh.go.id"), follows_reader("ref", "m.facebook.com")
    (True, False, True)
    """
    if name in ANYWHERE or name.startswith(BEGINNINGS):
        return True
    return any(
        name in names and any(host == each or host.endswith(f".{each}") for each in hosts)
        for hosts, names in OF_NETWORKS
    )
