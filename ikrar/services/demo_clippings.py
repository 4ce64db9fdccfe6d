"""Clippings of the demo: posts and news that nobody wrote, about units that do not exist, each with another end."""

from datetime import datetime

from ikrar.domain.access import Role
from ikrar.records.models import Agency, Body, Clipping, Installation, RoleGrant, User
from ikrar.services import clippings
from ikrar.services.clippings import Ticked

# Text, address, and what becomes of it with which note; nothing: it waits.
_SAMPLES = (
    (
        "Camat Andaikata (rekaan) terlihat berfoto dua jari bersama tim pasangan calon di Lapangan Misal Indah, kemarin sore."
        " Fotonya diunggah akun contoh.",
        "https://contoh.example/kiriman-rekaan?utm_source=aplikasi",
        "",
        "",
    ),
    (
        "Balai Pengujian Umpama akan menggelar apel dan deklarasi netralitas Senin depan di Halaman Kantor Umpama Raya. Surat"
        " Edaran Nomor 800/000/UMPAMA/2024 sudah dikirim ke semua seksi rekaan.",
        "https://contoh.example/berita-rekaan",
        "kept",
        "Menunggu undangan resmi dari balai rekaan.",
    ),
    (
        "Dinas Rekaan Bersama membagikan sembako bergambar calon hari ini? Kabar ini beredar di grup percakapan contoh.",
        "",
        "discarded",
        "Gambarnya dari tahun lain, kata akun contoh yang mengunggahnya.",
    ),
)


def keep_all(*, now: datetime) -> None:
    """Give the keepers whom a visitor can step into their samples, if they have none yet; a real installation gets none."""
    for keeper, officer in _keepers():
        owner = {"agency": keeper} if isinstance(keeper, Agency) else {"body": keeper}
        if Clipping.objects.filter(**owner).exists():
            continue
        for text, address, became, note in _SAMPLES:
            made = clippings.keep(keeper, text=text, address=address, seen_at=None, by=officer, now=now)
            seen = Ticked(clippings.propose(made).mark)
            if became == "kept":
                clippings.set_aside(made, seen, note=note, by=officer, now=now)
            elif became == "discarded":
                clippings.discard(made, seen, reason=note, by=officer, now=now)


def _keepers() -> list[tuple[Agency | Body, User]]:
    """Return the agency of the programme officer and the body of the supervisor's officer, each with that officer."""
    here = Installation.objects.filter(is_demo=True).first()
    cast = (here.demo_cast or {}) if here else {}
    found: list[tuple[Agency | Body, User]] = []
    for part, role in (("programme_officer", Role.PROGRAMME_OFFICER), ("supervisor_officer", Role.SUPERVISOR_BODY)):
        grants = RoleGrant.objects.filter(user__in=cast.get(part, []), role=role, until_at=None)
        grant = grants.select_related("user", "agency", "body__agency").first()
        if grant is not None:
            found.append((grant.agency or grant.body, grant.user))
    return found
