"""The sentence for each reason why somebody may be meant, and for what would tell several apart.

As web.reasons, this needs nothing of the web framework but its translations.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain.names import Ask, Reason
from ikrar.web.messages import day

REASONS: dict[str, Any] = {
    "number": lazy("Nomornya sama."),
    "number_one": lazy("Salah satu nomor yang ditulis adalah nomornya: %(number)s."),
    "number_lost": lazy("Nomor lain yang ditulis tidak ditemukan: %(numbers)s."),
    "number_name": lazy("Nama yang ditulis lain daripada namanya: %(words)s."),
    "number_other": lazy("Nomornya lain daripada yang ditulis: %(number)s."),
    "number_none": lazy("Nomornya tidak tercatat, jadi nomor yang ditulis tidak dapat dicocokkan."),
    "number_twice": lazy("Nomornya tercatat juga pada orang lain."),
    "name_whole": lazy("Namanya sama, kata demi kata."),
    "name_same": lazy("Sama pada namanya: %(words)s."),
    "spelling": lazy("“%(asked)s” dan “%(borne)s” adalah ejaan dari nama yang sama."),
    "typo": lazy("“%(asked)s” mungkin salah ketik dari “%(borne)s”."),
    "initial": lazy("“%(asked)s” dapat berarti “%(borne)s”: huruf pertamanya sama."),
    "short": lazy("“%(short)s” adalah singkatan yang dapat berarti “%(full)s”."),
    "nickname": lazy("“%(borne)s” sering dipanggil “%(asked)s”."),
    "part": lazy("“%(asked)s” dan “%(borne)s” sebagian sama."),
    "swapped": lazy("Urutan bagian namanya lain."),
    "joined": lazy("Namanya ditulis disambung atau dipisah secara lain."),
    "nowhere": lazy("Nama yang ditulis tidak ada padanya: %(words)s."),
    "looks": lazy("Kata-kata tentang rupa atau perbuatannya tidak dicari: %(words)s."),
    "denied": lazy("Yang ditulis sesudah “bukan” tidak dipakai untuk mencari: %(words)s."),
    "sex_same": lazy("Sapaan dan namanya sama-sama laki-laki atau sama-sama perempuan."),
    "sex_other": lazy("Sapaannya lain: namanya menyebut jenis kelamin yang lain."),
    "several": lazy("Yang ditulis lebih dari satu orang; yang dicari hanya yang pertama."),
    "missing": lazy("Tidak ada pada namanya: %(words)s."),
    "clan_none": lazy("Suku atau marganya tidak tercatat pada namanya: %(words)s."),
    "neither": lazy("Tidak ada pada nama dan unitnya: %(words)s."),
    "post": lazy("Jabatannya cocok: %(post)s."),
    "post_near": lazy("Jabatannya hanya mirip: %(post)s."),
    "post_not": lazy("Tidak tercatat sebagai %(told)s; jabatannya %(post)s."),
    "acting": lazy("“%(word)s” tidak tercatat padanya: yang cocok hanya jabatannya."),
    "former": lazy("Ia memegang jabatan itu menurut catatan hari ini; yang ditulis “%(word)s”."),
    "unit": lazy("Unit atau tempatnya cocok: %(unit)s."),
    "unit_near": lazy("Unit atau tempatnya hanya sebagian cocok: %(unit)s."),
    "unit_lacks": lazy("Tidak ada pada unitnya (%(unit)s): %(words)s."),
    "unit_other": lazy("Unit atau tempatnya lain: %(unit)s."),
    "place_short": lazy("“%(short)s” dibaca sebagai “%(place)s”."),
    "place_unknown": lazy(
        "Tidak dikenal di sini sebagai tempat atau unit, jadi tidak dipakai untuk mencari: %(words)s."
    ),
    "born": lazy("Umurnya cocok: lahir tahun %(born)s."),
    "born_near": lazy("Umurnya hampir cocok: lahir tahun %(born)s."),
    "birth": lazy("Hari lahirnya menurut NIP cocok: %(day)s."),
    "birth_part": lazy("Yang disebut dari hari lahirnya cocok menurut NIP; tahunnya %(born)s."),
    "birth_other": lazy("Hari lahirnya menurut NIP lain; tahunnya %(born)s."),
    "known_from": lazy("Tercatat sejak %(day)s; sebelum itu daftar pegawai tidak menyebut jabatannya."),
    "not_yet": lazy("%(day)s belum tiba: yang disebut di sini adalah catatan hari ini."),
    "undated": lazy("Berkas ini tidak mencatat tanggal: belum tentu demikian pada %(day)s."),
    "unplaced": lazy("Berkas ini tidak mencatat wilayah: belum tentu ia bertugas di %(region)s."),
}
ASKS: dict[str, Any] = {
    "region": lazy("Lebih dari satu orang cocok. Sebutkan daerahnya, misalnya: %(values)s."),
    "unit": lazy("Lebih dari satu orang cocok. Sebutkan unit kerjanya, misalnya: %(values)s."),
    "post": lazy("Lebih dari satu orang cocok. Sebutkan jabatannya, misalnya: %(values)s."),
    "born": lazy("Lebih dari satu orang cocok. Sebutkan tahun lahir atau umurnya, misalnya: %(values)s."),
    "name": lazy("Lebih dari satu orang dapat disebut demikian. Sebutkan nama lengkapnya, misalnya: %(values)s."),
    "acting": lazy(
        "Yang ditulis “%(values)s”, tetapi tidak tercatat siapa yang memegang jabatan itu demikian. Sebutkan namanya, atau harinya."
    ),
    "former": lazy(
        "Yang ditulis “%(values)s”, tetapi yang tampil di sini pejabat hari ini. Sebutkan namanya, atau hari ketika ia menjabat."
    ),
    "where": lazy(
        "Yang dimaksud dengan jabatan itu tidak ditemukan. Sebutkan wilayah atau unit kerjanya, atau nama lengkapnya."
    ),
    "holder": lazy(
        "Tidak tercatat siapa yang memegang jabatan itu di tempat yang disebut. Periksa tempatnya, atau sebutkan namanya."
    ),
    "unit_nowhere": lazy("Tidak ada %(unit)s pada daftar pegawai di sini. Periksa nomornya, atau sebutkan tempatnya."),
    "place_unknown": lazy(
        "Di sini tidak dikenal tempat atau unit “%(words)s”; yang tampil hanya cocok dengan yang lain. Tulis tempatnya lengkap."
    ),
    "place_nobody": lazy(
        "Di sini tidak dikenal tempat atau unit “%(words)s”. Tulis tempatnya lengkap, atau sebutkan namanya."
    ),
    "place_lacks": lazy(
        "Yang tampil cocok jabatan dan unitnya, tetapi unitnya tidak menyebut “%(words)s”. Periksa tempatnya."
    ),
    "initials": lazy(
        "Terlalu banyak orang untuk dicari dengan inisial saja. Sebutkan wilayah, jabatan atau unit kerjanya."
    ),
    "nobody": lazy("Periksa ejaannya, atau tulis sebagian nama saja, dengan jabatan atau unit kerjanya."),
    "numbers": lazy("Yang ditulis lebih dari satu nomor. Sebutkan nomor orang yang dimaksud saja."),
    "number_nowhere": lazy(
        "Nomor yang ditulis tidak ditemukan; yang tampil di sini hanya cocok dalam hal lain. Periksa nomornya."
    ),
    "number_twice": lazy("Nomor ini tercatat pada lebih dari satu orang. Sebutkan namanya, misalnya: %(values)s."),
    "number_name": lazy("Nomor dan nama yang ditulis tidak menunjuk orang yang sama. Periksa keduanya."),
    "number": lazy("Lebih dari satu orang cocok, dan tidak ada yang membedakannya selain NIP."),
}


ROWS: dict[str, Any] = {
    "nameless": lazy("%(count)s baris tidak dipakai karena tanpa nama; yang pertama baris %(row)s."),
    "long": lazy(
        "%(count)s baris tidak dipakai karena ada sel yang lebih dari 1.000 huruf; yang pertama baris %(row)s."
    ),
    "number": lazy(
        "%(count)s baris dipakai tanpa nomornya karena angkanya hilang, seperti 1.99E+17; yang pertama baris %(row)s."
    ),
    "region": lazy(
        "%(count)s baris tidak ikut pencarian per wilayah karena wilayahnya bukan kode; yang pertama baris %(row)s."
    ),
}


def rows_sentence(what: str, count: int, row: int) -> str:
    """Return the sentence for rows of a file that are not used as they stand."""
    return str(ROWS[what]) % {"count": count, "row": row}


_AS_IT_IS = ("acting", "former")
"""What is asked about by the very word that was written, which is no example of several."""


_OF_PLACES = ("place_unknown", "place_nobody", "place_lacks")


def sentence(reason: Reason) -> str:
    """Return the sentence for a reason."""
    values = dict(reason.values)
    if "day" in values:
        values["day"] = day(date.fromisoformat(values["day"]))
    return str(REASONS[reason.code]) % values


def ask_sentence(ask: Ask) -> str:
    """Return the sentence that asks for what would tell several apart."""
    if ask.what == "unit_nowhere":
        return str(ASKS[ask.what]) % {"unit": ask.values[0]}
    if ask.what in _OF_PLACES:
        return str(ASKS[ask.what]) % {"words": " ".join(ask.values)}
    if ask.what in _AS_IT_IS:
        return str(ASKS[ask.what]) % {"values": ", ".join(ask.values)}
    return str(ASKS[ask.what]) % {"values": _("%(first)s atau %(last)s") % _ends(ask.values) if ask.values else ""}


def _ends(values: tuple[str, ...]) -> dict[str, str]:
    if len(values) == 1:
        return {"first": values[0], "last": "…"}
    return {"first": ", ".join(values[:-1]), "last": values[-1]}
