"""The sentence for each reason of an answer about the law, and the words for what such answers are made of.

Ids are told by their labels in the rulebook, days in words. Commands use this without the web framework being set up: of
it, only the translations are imported here.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain import persons
from ikrar.domain.assessment import Reason
from ikrar.domain.authority import PassedOver
from ikrar.domain.errors import DomainError, PersonUnknown, ValueUnknown
from ikrar.domain.offices import OFFICES
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Label
from ikrar.domain.terms import Basis, Computation, Skipped, TermReading
from ikrar.web import messages

# --- words -------------------------------------------------------------------------------------------------------

# Words for the values of the domain, by the name of their kind. Most stand within a sentence, so they begin small.
WORDS: dict[str, dict[str, Any]] = {
    "verdict": {
        "allowed": lazy("Boleh"), "allowed_if": lazy("Boleh, asal…"), "ask": lazy("Tanyakan"),
        "not_allowed": lazy("Tidak boleh"),
    },
    "track": {
        "none": lazy("tidak ada"), "ethics": lazy("kode etik"), "discipline": lazy("disiplin"),
        "criminal": lazy("pidana"),
    },
    "level": {
        "none": lazy("tidak ada"), "moral": lazy("sanksi moral"),
        "moral-plus": lazy("sanksi moral dengan tindakan administratif"), "light": lazy("ringan"),
        "moderate": lazy("sedang"), "severe": lazy("berat"),
        "dismissal-ptdh": lazy("pemberhentian tidak dengan hormat (PTDH)"),
        "heavier-than-subordinate": lazy("lebih berat daripada hukuman bawahannya"),
        "same-as-subordinate": lazy("sama dengan hukuman bawahannya"), "contested": lazy("masih diperdebatkan"),
        "per-asn-law": lazy("menurut aturan ASN"), "per-village-law": lazy("menurut aturan desa"),
        "village": lazy("sanksi bagi kepala dan perangkat desa"), "contract": lazy("menurut perjanjian kerja"),
        "contract-termination": lazy("pemutusan perjanjian kerja"),
        "outside-asn-system": lazy("di luar aturan pegawai ASN"), "status": lazy("syarat sebagai calon"),
        "criminal": lazy("menurut pasal pidananya"),
    },
    "sanction_level": {
        "moral": lazy("sanksi moral"), "moral-plus": lazy("sanksi moral dengan tindakan administratif"),
        "light": lazy("ringan"), "moderate": lazy("sedang"), "severe": lazy("berat"),
        "dismissal-ptdh": lazy("pemberhentian tidak dengan hormat (PTDH)"),
        "relative": lazy("diukur dari hukuman bawahannya"), "dismissal": lazy("pemberhentian"),
        "agency-defined": lazy("menurut aturan instansi"), "contract": lazy("menurut perjanjian kerja"),
        "village": lazy("sanksi bagi kepala dan perangkat desa"), "criminal": lazy("menurut pasal pidananya"),
        "electoral": lazy("syarat sebagai calon"), "administrative": lazy("administratif"),
        "local": lazy("akibat menurut aturan daerah"), "interim": lazy("tindakan sementara"),
    },
    "family": {
        "ethics": lazy("kode etik"), "discipline": lazy("disiplin"), "status": lazy("status kepegawaian"),
        "contract": lazy("perjanjian kerja"), "village": lazy("desa"), "criminal": lazy("pidana"),
        "electoral": lazy("pencalonan"), "administrative": lazy("administratif"),
        "interim-measure": lazy("tindakan sementara"),
    },
    "standing": {
        "breach": lazy("pelanggaran dengan sanksi"), "review": lazy("perlu dinilai oleh orang"),
        "contested": lazy("masih diperdebatkan apakah dapat dihukum"),
        "no_penalty": lazy("dilarang, tanpa hukuman yang dipasangkan"), "pointer": lazy("dinilai dengan aturan lain"),
    },
    "phase": {
        "before_determination": lazy("sebelum calon ditetapkan"), "after_determination": lazy("sejak calon ditetapkan"),
        "any": lazy("kapan saja"),
    },
    "confidence": {
        "confirmed": lazy("dua sumber atau lebih"), "one_source": lazy("satu sumber"), "uncertain": lazy("belum pasti"),
    },
    "candidate_status": {
        "none": lazy("bukan calon"), "would-be": lazy("bakal calon, belum ditetapkan"),
        "determined": lazy("calon yang sudah ditetapkan"),
    },
    "statement": {
        "allowed": lazy("boleh"), "allowed_if": lazy("boleh dengan syarat"), "contested": lazy("masih diperdebatkan"),
        "forbidden_locally": lazy("dilarang di daerah itu"), "superseded": lazy("sudah diganti"),
        "appeal": lazy("imbauan"), "custom": lazy("kebiasaan"), "prohibited": lazy("dilarang"),
    },
    "relation": {
        "none": lazy("tidak berhubungan dengan calon"), "spouse-of-candidate": lazy("suami atau istri calon"),
        "relative": lazy("keluarga calon"), "candidate": lazy("calon itu sendiri"),
    },
    "employment": {
        "pns": "PNS", "cpns": "CPNS", "pppk": "PPPK", "asn": lazy("pegawai ASN"),
        "pns-direct-superior": lazy("PNS yang menjadi atasan langsung"),
        "disciplinary-authority": lazy("pejabat yang berwenang menghukum"), "asn-official": lazy("pejabat ASN"),
        "lurah": "lurah", "camat": "camat", "school-head": lazy("kepala sekolah"),
        "ppnpn": lazy("pegawai pemerintah non-ASN"), "honorer": lazy("tenaga honorer"), "tni": lazy("anggota TNI"),
        "polri": lazy("anggota Polri"), "village-head": lazy("kepala desa"), "wali-nagari": "wali nagari",
        "keuchik": "keuchik", "kuwu": "kuwu", "village-staff": lazy("perangkat desa"), "bpd": lazy("anggota BPD"),
        "organiser": lazy("penyelenggara pemilu"), "candidate": lazy("calon"),
        "campaigner": lazy("pelaksana atau tim kampanye"), "governor": lazy("gubernur"), "regent": lazy("bupati"),
        "mayor": lazy("wali kota"), "deputy-head": lazy("wakil kepala daerah"),
        "acting-head": lazy("penjabat kepala daerah"), "state-official": lazy("pejabat negara"),
        "regional-official": lazy("pejabat daerah"), "judge": lazy("hakim"), "soe-official": lazy("pejabat BUMN atau BUMD"),
        "other-official": lazy("pejabat lain"), "none": lazy("bukan pegawai atau pejabat"), "any": lazy("siapa saja"),
    },
    "contest": {
        "president": lazy("presiden dan wakil presiden"), "dpr": "DPR", "dpd": "DPD", "dprd": "DPRD",
        "dprd-province": lazy("DPRD provinsi"), "dprd-regency-city": lazy("DPRD kabupaten/kota"),
        "regional-head": lazy("kepala daerah"),
    },
    "election_kind": {
        "pilkada": lazy("Pilkada"), "pemilu": lazy("Pemilu"), "any": lazy("pemilihan yang disebut aturannya"),
    },
    "circumstance_of_power": {
        "ppk": lazy("bila orang ini PPK"), "appointed-by-president": lazy("bila diangkat Presiden"),
        "at-mission": lazy("bila bertugas di perwakilan RI"),
    },
    # time limits
    "skip": {
        "paused": lazy("hitungan sedang berhenti"), "saturday": lazy("Sabtu"), "sunday": lazy("Minggu"),
        "public_holiday": lazy("libur nasional"), "local_holiday": lazy("libur setempat"),
        "collective_leave": lazy("cuti bersama"),
    },
    "unit": {
        "working_days": lazy("hari kerja"), "calendar_days": lazy("hari kalender"), "hours": lazy("jam"),
        "months": lazy("bulan"), "years": lazy("tahun"),
    },
    "collective_leave": {
        "free": lazy("cuti bersama tidak dihitung"), "worked": lazy("cuti bersama dihitung sebagai hari kerja"),
    },
    "basis": {
        "stated": lazy("menurut aturannya"), "other_days": lazy("bila “hari” dibaca lain"),
        "alternative": lazy("menurut pendapat lain"), "at_most": lazy("batas paling akhir"),
        "official": lazy("tanggal yang diumumkan resmi"), "read_as": lazy("dibaca sebagai hari yang lain"),
        "example": lazy("menurut contoh resmi"),
    },
    "direction": {"after": lazy("sesudah"), "before": lazy("sebelum")},
    "meaning": {
        "latest": lazy("hari terakhir"), "begins": lazy("larangan mulai"), "effective": lazy("keputusan mulai berlaku"),
        "earliest": lazy("hari paling awal"),
    },
    # what of a kept answer does not match
    "receipt_part": {
        "asked": lazy("pertanyaannya"), "answered": lazy("jawabannya"), "verdict": lazy("kata pertama jawabannya"),
        "rulebook": lazy("buku aturan yang menjawab"), "made_on": lazy("hari dibuatnya"),
        "log": lazy("entri lognya"), "unreadable": lazy("bentuknya, yang tidak terbaca lagi"),
    },
    # who decides
    "capacity": {
        "definitive": lazy("pejabat definitif"), "plt": lazy("pelaksana tugas (Plt.)"),
        "plh": lazy("pelaksana harian (Plh.)"), "pj": lazy("penjabat (Pj.)"), "pjs": lazy("penjabat sementara (Pjs.)"),
    },
    "why": {
        "accused": lazy("ia sendiri terlapor"), "relative": lazy("ia berkeluarga dengan orang dalam perkara ini"),
        "candidate": lazy("ia sendiri calon"), "patron": lazy("ia pelindung terlapor, atau pihak yang didukungnya"),
        "vacant": lazy("jabatannya kosong"), "campaign_leave": lazy("ia sedang cuti kampanye"),
        "leave_ended": lazy("cuti pejabat yang digantikannya sudah berakhir"),
        "term_ended": lazy("masa jabatannya sudah berakhir"),
    },
    "leave": {
        "campaign": lazy("cuti kampanye"), "campaign-day": lazy("cuti kampanye sehari"), "other": lazy("cuti"),
    },
    "need": {
        "none": lazy("diperiksa atasan langsung, tanpa tim"), "optional": lazy("tim pemeriksa boleh dibentuk"),
        "mandatory": lazy("tim pemeriksa wajib dibentuk"),
    },
    "part": {
        "discipline": lazy("disiplin PNS"), "status": lazy("status kepegawaian"), "ethics": lazy("kode etik"),
        "pppk": lazy("disiplin PPPK"), "contract": lazy("perjanjian kerja"), "village": lazy("desa"),
        "outside": lazy("di luar ASN"), "criminal": lazy("pidana"),
    },
    "agency_kind": {
        "": lazy("instansi yang tidak disebut jenisnya"), "central": lazy("instansi pusat"),
        "province": lazy("provinsi"), "regency": lazy("kabupaten"), "city": lazy("kota"),
    },
    "post_level": {
        "": lazy("yang tidak disebut jenjangnya"), "jpt_utama": lazy("JPT Utama"), "jpt_madya": lazy("JPT Madya"),
        "jpt_pratama": lazy("JPT Pratama"), "administrator": lazy("Administrator"), "pengawas": lazy("Pengawas"),
        "jf_ahli_utama": lazy("JF Ahli Utama"), "jf_ahli_madya": lazy("JF Ahli Madya"),
        "jf_ahli_muda": lazy("JF Ahli Muda"), "jf_ahli_pertama": lazy("JF Ahli Pertama"),
        "jf_skilled": lazy("JF Keterampilan"), "pelaksana": lazy("Pelaksana"),
    },
    "power": {
        "oversee": lazy("mengawasi netralitas pegawai ASN dan memberi rekomendasi"),
        "control": lazy("dapat memperingatkan PPK, atau memblokir data dan layanan kepegawaian"),
        "policy": lazy("menetapkan kebijakan netralitas"),
        "reprimand": lazy("dapat menegur kepala daerah yang tidak bertindak"),
        "approve-replacement": lazy("menyetujui penggantian pejabat selama dilarang"),
        "refer": lazy("meneruskan temuan dan laporan netralitas"), "review": lazy("meninjau pengaduan"),
        "verify": lazy("memverifikasi pengaduan"), "candidacy": lazy("menetapkan dan membatalkan calon"),
        "decide-appeal": lazy("memutus banding"), "criminal": lazy("menangani dugaan tindak pidana pemilihan"),
    },
}  # fmt: skip


def word(kind: str, value: str | None) -> str:
    """Return the word for a value of the domain; nothing for no value. Raises KeyError for one that has no word."""
    words = WORDS[kind]
    return str(words[value or ""]) if value or "" in words else ""


def choices(kind: str) -> list[tuple[str, Any]]:
    """Return all values of a kind with their words, for a form."""
    return [(value, text) for value, text in WORDS[kind].items() if value]


# --- sentences ---------------------------------------------------------------------------------------------------

# What is between the quotation marks is a label. `what`: the act, or the form of conduct where no act is named.
SENTENCES: dict[str, Any] = {
    # the candidate's status, and the election
    "status_given": lazy("Status calon dipakai seperti yang disebut: %(status)s."),
    "status_given_against_calendar": lazy(
        "Status calon dipakai seperti yang disebut: %(status)s. Menurut kalender: %(calendar)s."
    ),
    "status_by_calendar": lazy("Status calon menurut kalender: %(status)s."),
    "status_assumed": lazy("Pemilihannya tidak diketahui; jawaban ini mengandaikan: %(status)s."),
    "contest_open": lazy(
        "Hari penetapan calon tidak sama untuk semua pemilihan. Yang dimaksud tidak disebut, jadi yang dipakai adalah"
        " aturan yang paling ketat."
    ),
    "election_given": lazy("Dinilai untuk pemilihan yang disebut: %(election)s."),
    "election_by_calendar": lazy("Dinilai untuk pemilihan menurut kalender: %(election)s."),
    "election_assumed": lazy(
        "Jenis pemilihannya tidak disebut; jawaban ini mengandaikan %(election)s, karena perbuatan ini hanya diatur untuk itu."
    ),
    "election_past": lazy(
        "%(election)s hanya menilai hari-hari sampai %(until)s; yang dipakai hanya status calon yang disebut."
    ),
    "no_election_known": lazy("Buku aturan tidak mengenal pemilihan pada masa itu."),
    "election_not_covered": lazy(
        "Buku aturan ini hanya memuat Pemilu dan Pilkada, bukan pemilihan yang Anda tanyakan. Itu belum berarti boleh."
    ),
    "election_elsewhere": lazy(
        "Pada hari itu ada pemilihan di beberapa daerah saja: %(election)s. Bila Anda di sana, sebutkan kabupaten atau kotanya."
    ),
    "election_replaced": lazy("“%(election)s” tidak berlaku lagi; dinilai menurut penggantinya, %(by)s."),
    "regions_not_named": lazy(
        "Daerah yang memilih dalam %(election)s tidak dimuat buku aturan. Pastikan daerah Anda termasuk."
    ),
    "day_outside": lazy("Buku aturan memuat hari-hari dari %(from)s sampai %(last)s. Untuk hari lain belum diketahui."),
    # which act answers
    "act_applies": lazy("Bila terbukti, perbuatan ini termasuk “%(act)s”."),
    "unfit_person": lazy("“%(what)s” tidak ditujukan kepada orang dengan status kepegawaian ini."),
    "unfit_election": lazy("“%(what)s” ditujukan untuk pemilihan lain."),
    "unfit_status": lazy("“%(what)s” tidak ditujukan untuk status calon pada hari itu."),
    "unfit_window": lazy("“%(what)s” hanya berlaku pada masa tertentu dalam pemilihan; hari itu di luarnya."),
    "reach_open": lazy("Apakah “%(act)s” menjangkau orang ini belum dipastikan; itu perlu dinilai oleh orang."),
    "reading_open": lazy(
        "Apakah perbuatan ini termasuk “%(act)s” adalah tafsir, bukan bunyi aturan; itu perlu dinilai oleh orang."
    ),
    "window_open": lazy(
        "“%(act)s” hanya berlaku pada masa tertentu dalam pemilihan; apakah hari itu di dalamnya tidak diketahui."
    ),
    "also_for_officials": lazy("Jabatannya tidak disebut. Bagi pejabat ASN, “%(act)s” juga dapat mengenai."),
    "post_not_counted": lazy(
        "Jabatan %(post)s tidak dihitung: orang dengan status kepegawaian yang disebut tidak memegangnya."
    ),
    "free_by_facts": lazy("Menurut catatan pada “%(act)s”, tidak ada larangan atas perbuatan ini bagi orang ini."),
    "same_conduct_is": lazy("Pada hari itu perbuatan yang sama dinilai dengan “%(act)s”."),
    "any_form_counts": lazy("Bagi orang ini, semua bentuk yang dilarang bagi pegawai ASN ikut dihitung: “%(act)s”."),
    "no_act_applies": lazy(
        "Buku aturan tidak memuat larangan atas perbuatan ini yang mengenai orang ini pada hari itu."
    ),
    # what may follow
    "level_of_clause": lazy("Tingkat menurut pasalnya: %(level)s."),
    "sanction_suspended": lazy("“%(sanction)s” belum dapat dipilih pada hari itu; sementara itu: “%(meanwhile)s”."),
    "sanction_by_agency_rules": lazy(
        "Hukuman disiplin PNS tidak dipakai bagi PPPK; instansinya mempunyai aturan sendiri."
    ),
    "standing_review": lazy("“%(act)s” perlu dinilai oleh orang; sanksi tidak diusulkan dengan sendirinya."),
    "standing_contested": lazy("Apakah “%(act)s” dapat dihukum masih diperdebatkan; tidak ada sanksi yang diusulkan."),
    "standing_no_penalty": lazy("“%(act)s” dilarang, tetapi aturan tidak memasangkan hukuman dengannya."),
    "standing_pointer": lazy("“%(act)s” dinilai dengan aturan lain, yang disebut di sana."),
    "breach_article_uncertain": lazy(
        "Kepastian pasal larangannya: %(confidence)s. Bandingkan dengan naskah resmi sebelum memutuskan."
    ),
    "sanction_article_uncertain": lazy(
        "Kepastian pasal hukumannya: %(confidence)s. Bandingkan dengan naskah resmi sebelum memutuskan."
    ),
    # may I do it
    "activity_not_found": lazy(
        "Pertanyaan ini tidak ditemukan di buku aturan. Pilih kegiatan dari daftar, atau tanyakan kepada petugas."
    ),
    "text_cut": lazy("Tulisan ini panjang; yang dibaca hanya %(characters)s huruf pertama."),
    "fact_missing": lazy("Sebutkan %(fact)s; jawabannya bergantung pada itu."),
    "read_as": lazy("Bagi %(relation)s, pertanyaan ini dibaca sebagai “%(activity)s”."),
    "no_permission_for_relatives": lazy(
        "Buku aturan memuat kelonggaran bagi suami atau istri calon, tetapi tidak bagi keluarga yang lain."
    ),
    "act_met": lazy("Dilarang bagi Anda pada hari itu: “%(what)s” (jalur: %(kind)s; tingkat: %(level)s)."),
    "act_contested": lazy(
        "Masih diperdebatkan apakah ini dapat dihukum: “%(what)s” (jalur: %(kind)s; tingkat: %(level)s)."
    ),
    "act_needs_review": lazy("Ini perlu dinilai oleh orang: “%(what)s” (jalur: %(kind)s; tingkat: %(level)s)."),
    "act_lifted": lazy("“%(form)s” tidak mengenai ini, menurut yang Anda sebut: %(circumstance)s."),
    "pledge": lazy("Ini tidak sejalan dengan ikrar netralitas, butir %(number)s."),
    "basis": lazy("Dasarnya: “%(basis)s”."),
    "another_time": lazy(
        "Yang Anda tanyakan terjadi pada pemilihan sebelumnya (%(year)s). Perbuatan dinilai menurut harinya sendiri; tanyakan"
        " lagi dengan hari itu."
    ),
    "condition_broken": lazy("Syarat kegiatan ini tidak terpenuhi. Yang Anda sebut: %(circumstance)s."),
    "not_covered": lazy("Buku aturan tidak mengatakan apa pun tentang hal ini. Tanyakan dulu sebelum melakukannya."),
    "rules_bind_others": lazy(
        "Aturan netralitas ini mengikat pegawai dan pejabat, bukan Anda. Hukum lain tidak dimuat di sini."
    ),
    "statement_allowed": lazy("Ada yang menyatakan ini boleh: %(statement)s."),
    "statement_allowed_if": lazy("Ada yang menyatakan ini boleh dengan syarat: %(statement)s."),
    "statement_contested": lazy("Ada yang menyatakan ini boleh, dan itu masih diperdebatkan: %(statement)s."),
    "statement_forbidden_locally": lazy("Di daerah ini dilarang: %(statement)s."),
    "statement_superseded": lazy("Yang dinyatakan pada masa itu, dan sekarang sudah diganti: %(statement)s."),
    "statement_appeal": lazy("Ada imbauan tentang ini; imbauan bukan larangan: %(statement)s."),
    "statement_custom": lazy("Ada kebiasaan untuk menghindarinya; kebiasaan bukan larangan: %(statement)s."),
    "statement_prohibited": lazy("Ini disebut dilarang; yang menentukan adalah pasalnya: %(statement)s."),
    "statement_condition_broken": lazy(
        "Syarat dalam pernyataan ini tidak terpenuhi: %(statement)s. Yang Anda sebut: %(circumstance)s."
    ),
    # who decides
    "row_names": lazy("Menurut baris “%(row)s”, yang berwenang adalah %(authority)s."),
    "agency_rules": lazy("Bagi PPPK, PPK menetapkan aturan disiplin instansinya sendiri."),
    "on_proposal": lazy("Keputusannya diambil atas usul %(of)s."),
    "superior_decides_which": lazy(
        "Bagi jabatan fungsional, yang berwenang mengikuti jenjang atasannya. Atasan ini %(superior_level)s, jadi yang"
        " berwenang %(authority)s."
    ),
    "row_of_superior_names_no_functional": lazy(
        "Atasannya %(superior_level)s, tetapi barisnya tidak menyebut jabatan fungsional. Jadi yang berwenang %(authority)s."
    ),
    "none_between": lazy(
        "Atasannya %(superior_level)s, dan di antaranya tidak ada pejabat lain yang disebut. Jadi yang berwenang %(authority)s."
    ),
    "next_above_decides": lazy(
        "Atasannya %(superior_level)s, dan siapa yang lalu berwenang tidak ada di buku aturan. Dipakai kepala berikutnya di"
        " atasnya, %(above_level)s: yang berwenang %(authority)s. Ini tafsir dan belum pasti. Tanyakan dulu."
    ),
    "goes_up": lazy("%(passed)s tidak dapat memutuskan, jadi wewenangnya naik ke %(authority)s."),
    "goes_up_by_reading": lazy(
        "%(passed)s tidak dapat memutuskan karena ada yang berkepentingan. Bahwa wewenangnya lalu naik ke %(authority)s"
        " adalah tafsir, bukan bunyi aturan. Tanyakan dulu."
    ),
    "employment_assumed": lazy("Status kepegawaian tidak disebut; jawaban ini mengandaikan %(employment)s."),
    "civil_servant_not_village": lazy("Yang menjabat %(post)s adalah pegawai ASN, bukan perangkat desa."),
    "article_number_uncertain": lazy("Kepastian nomor pasal untuk baris “%(row)s”: %(confidence)s."),
    "pjs_stands_in": lazy("Selama cuti kampanye, %(authority)s digantikan penjabat sementara (Pjs.)."),
    "if_its_official_leads": lazy("Bila atasannya pejabat ini, yang berwenang %(authority)s."),
    "dismissal_elsewhere": lazy("Bila hukumannya pemberhentian, yang berwenang %(authority)s."),
    "rows_overlap": lazy(
        "Baris “%(row)s” menyebut %(authority)s untuk orang yang sama. Mana yang didahulukan tidak ada di buku aturan."
    ),
    "other_is_conflicted": lazy("%(authority)s juga disebut, tetapi tidak dapat memutuskan: %(why)s."),
    "substitute": lazy("Bila jabatan %(for)s tidak ada, hukuman ringan diputuskan %(authority)s."),
    "other_law": lazy("Aturan lain juga berlaku (“%(row)s”); menurut aturan itu yang berwenang %(authority)s."),
    "day_not_covered": lazy(
        "Untuk “%(row)s”, buku aturan hanya memuat hari-hari dari %(from)s sampai %(until)s. Untuk hari lain belum diketahui."
    ),
    "not_in_data": lazy("Siapa yang berwenang untuk “%(row)s” tidak ada di buku aturan."),
    "no_row": lazy(
        "Untuk jabatan %(post_level)s di %(agency_kind)s dengan tingkat %(level)s, buku aturan tidak menyebut siapa yang"
        " berwenang."
    ),
    "no_row_for_the_ppk": lazy(
        "Orang ini sendiri PPK. Untuk PPK dengan jabatan %(post_level)s, buku aturan tidak menyebut siapa yang berwenang."
    ),
    "level_for_nobody": lazy("Tingkat ini tidak diatur untuk %(employment)s di buku aturan: %(level)s."),
    "person_not_in_data": lazy("Siapa yang berwenang atas %(employment)s tidak ada di buku aturan."),
    "outside": lazy("Perkara %(row)s di luar disiplin pegawai ASN; diteruskan kepada yang berwenang."),
    "superior_level_needed": lazy(
        "Sebutkan jenjang atasannya. Untuk jabatan %(post_level)s, yang berwenang bergantung pada siapa atasannya."
    ),
    "superior_not_in_data": lazy("Siapa yang berwenang bila atasannya %(superior_level)s tidak ada di buku aturan."),
    "levels_below_needed": lazy(
        "Sebutkan berapa tingkat orang ini di bawah Kepala Perwakilan RI; yang berwenang bergantung pada itu."
    ),
    "nobody_above": lazy("Di atas %(authority)s, buku aturan tidak mengenal pejabat yang dapat memutuskan."),
    "capacity_not_given": lazy(
        "Belum disebut bagaimana jabatan %(authority)s diisi: definitif, Plt., Plh., Pj., atau Pjs. Periksa dulu."
    ),
    "acting_limits_not_in_data": lazy(
        "Jabatan %(authority)s diisi %(capacity)s. Apakah ia boleh menghukum tidak ada di buku aturan. Tanyakan dulu."
    ),
    "leave_not_in_data": lazy(
        "%(authority)s sedang %(leave)s. Siapa yang memutuskan selama itu tidak ada di buku aturan."
    ),
    "leave_of_a_day": lazy(
        "%(authority)s cuti kampanye satu hari kerja seminggu. Siapa yang memutuskan pada hari itu tidak ada di buku aturan."
    ),
    "stand_in_not_in_data": lazy(
        "%(authority)s sedang cuti kampanye. Siapa yang menggantikannya pada hari itu tidak ada di buku aturan."
    ),
    "reshuffle_ban": lazy(
        "Masa larangan mengganti pejabat sedang berjalan bagi %(authority)s. Apakah hukuman yang memindahkan seseorang dari"
        " jabatannya termasuk, tidak ada di buku aturan. Tanyakan dulu."
    ),
    "ethics_after_new_act": lazy(
        "SKB 2022 masih mengutip PP 42/2004. Apakah PP itu masih berlaku sesudah UU 20/2023 belum dipastikan."
    ),
    "ethics_for_pppk": lazy("Apakah kode etik PNS berlaku juga bagi PPPK belum dipastikan."),
    "local_rules_not_traced": lazy("Aturan daerah (Aceh, nagari) untuk %(row)s belum ditelusuri."),
    # around it
    "direct_superior_examines": lazy("Yang memeriksa adalah atasan langsung."),
    "higher_superior_examines": lazy(
        "Atasan langsung tidak dapat memeriksa: %(why)s. Yang memeriksa adalah atasan yang lebih tinggi."
    ),
    "examiner_conflicted": lazy(
        "Atasan langsung tidak dapat memeriksa: %(why)s. Siapa penggantinya tidak ada di buku aturan."
    ),
    "examiner_not_in_data": lazy("Siapa yang memeriksa tidak ada di buku aturan untuk jalur ini: %(part)s."),
    "team": lazy("Untuk tingkat ini: %(need)s."),
    "team_formed_by": lazy("Tim pemeriksa dibentuk PPK atau pejabat yang ditunjuk."),
    "team_former_passed_over": lazy(
        "%(authority)s tidak dapat membentuk tim pemeriksa dalam perkara ini. Siapa penggantinya tidak ada di buku aturan."
    ),
    "council_formed_by": lazy("Yang membentuk majelis, menurut aturannya: “%(rule)s”."),
    "council_former_not_in_data": lazy("Siapa yang membentuk Majelis Kode Etik tidak ada di buku aturan."),
    "council_former_conflicted": lazy(
        "%(of)s tidak dapat membentuk Majelis Kode Etik: %(why)s. Siapa penggantinya tidak ada di buku aturan."
    ),
    "body_oversees": lazy("%(body)s mengawasi netralitas dan memberi rekomendasi, menurut data sejak %(from)s."),
    "body_disputed": lazy(
        "Tentang %(body)s, sumber berbeda untuk hari-hari dari %(from)s sampai %(until)s. Semua bacaan disebut."
    ),
    "no_body_known": lazy("Lembaga yang %(power)s pada %(day)s tidak ada di buku aturan."),
    "body_ended_no_other": lazy(
        "%(body)s mengawasi sampai %(until)s. Siapa sesudah itu belum diketahui; lembaga baru harus ada paling lambat %(due)s."
    ),
    "body_refers": lazy("%(body)s meneruskan temuan dan laporan kepada lembaga pengawas ASN."),
    "body_told": lazy("Beri tahu %(body)s: lembaga ini %(power)s."),
    "superior_hears": lazy("Keberatan ditujukan kepada atasan pejabat yang menghukum, yaitu %(authority)s."),
    "superior_of_ppk_not_in_data": lazy(
        "Keberatan ditujukan kepada atasan pejabat yang menghukum. Siapa atasan %(authority)s tidak ada di buku aturan."
    ),
    "superior_conflicted": lazy(
        "Keberatan ditujukan kepada %(authority)s, tetapi ia tidak dapat memutus: %(why)s. Siapa penggantinya tidak ada"
        " di buku aturan."
    ),
    "remedy_not_in_data": lazy(
        "Ke mana keberatan atau banding diajukan tidak ada di buku aturan untuk jalur ini: %(part)s."
    ),
    "remedy_against_president_not_in_data": lazy(
        "Ke mana keberatan atas keputusan Presiden diajukan tidak ada di buku aturan."
    ),
    "no_decider": lazy(
        "Siapa yang memutuskan belum diketahui, jadi belum diketahui juga kepada siapa keberatan ditujukan."
    ),
    "appeal_board": lazy("Banding atas pemberhentian atau pemutusan perjanjian kerja diajukan kepada BPASN."),
}

# The sentence where a value is empty: that of which it would speak is not there.
_WITHOUT: dict[tuple[str, str], Any] = {
    ("another_time", "year"): lazy(
        "Yang Anda tanyakan terjadi pada pemilihan sebelumnya. Perbuatan dinilai menurut harinya sendiri; tanyakan lagi"
        " dengan hari itu."
    ),
    ("sanction_suspended", "meanwhile"): lazy("“%(sanction)s” belum dapat dipilih pada hari itu."),
    ("body_ended_no_other", "due"): lazy("%(body)s mengawasi sampai %(until)s. Siapa sesudah itu belum diketahui."),
}


def sentence(book: Rulebook, reason: Reason) -> str:
    """Return the sentence for a reason, in the reader's language. Raises KeyError for a code that is not known here."""
    text = SENTENCES[reason.code]
    for name, value in reason.values:
        if not value:
            text = _WITHOUT.get((reason.code, name), text)
    return str(text) % _Told(book, reason)


class _Told(dict[str, str]):
    """The values of a reason as a sentence tells them; each is looked up when the sentence comes to it."""

    def __init__(self, book: Rulebook, reason: Reason) -> None:
        self._book = book
        self._values = dict(reason.values)

    def __missing__(self, name: str) -> str:
        if name in _TOLD_BY_ALL:
            return _TOLD_BY_ALL[name](self._book, self._values)
        value = self._values[name]
        if name in _TOLD:
            return _TOLD[name](self._book, value)
        return label(_LABELS[name](self._book, value)) if name in _LABELS else value


def passed_over(book: Rulebook, passed: PassedOver) -> str:
    """Return the sentence for an office, or one holder of it, that does not decide."""
    values = {
        "authority": _office(book, passed.authority),
        "capacity": word("capacity", passed.capacity),
        "why": word("why", passed.why),
    }
    if passed.capacity:
        return _("%(authority)s (%(capacity)s) tidak dapat memutuskan: %(why)s.") % values
    return _("%(authority)s tidak dapat memutuskan: %(why)s.") % values


# --- refusals on a page -------------------------------------------------------------------------------------------

# The kind of its words for each fact whose value is one of a few codes.
_WORDS_OF_FACT = {
    "employment": "employment", "post": "employment", "contest": "contest", "relation": "relation",
    "candidate_status": "candidate_status", "level": "level", "post_level": "post_level",
    "superior_level": "post_level", "agency_kind": "agency_kind", "capacity": "capacity", "leave": "leave",
    "conflicts": "why",
}  # fmt: skip
_MOST_KNOWN = 20  # longer lists are no help on a page


def refusal(error: DomainError) -> str:
    """Return the sentence for a refusal as a page tells it: what would be known in words, not in codes."""
    if not isinstance(error, ValueUnknown):
        return messages.sentence(error)
    words = WORDS.get(_WORDS_OF_FACT.get(error.fact, ""), {})
    known = tuple(str(words[each]) if each in words else _span(each) for each in error.known if each)
    if error.fact == "circumstance" or len(known) > _MOST_KNOWN:
        values = {"value": error.value, "fact": messages.fact_word(error.fact)}
        return _("“%(value)s” tidak dikenal sebagai isi untuk %(fact)s.") % values
    return messages.sentence(ValueUnknown(error.fact, error.value, known))


def _span(known: str) -> str:
    """Write two days that bound what is known as people do."""
    first, dots, last = known.partition(" … ")
    if not dots:
        return known
    return _("%(first)s sampai %(last)s") % {"first": _day(first), "last": _day(last)}


# --- how a value is told -----------------------------------------------------------------------------------------


# What is said of a citation rather than cited.
_REMARKS: dict[str, Any] = {
    "(nomor pasal belum dipastikan)": lazy("(nomor pasal belum dipastikan)"),
    "(nomor disimpulkan dari urutan Pasal 16)": lazy("(nomor disimpulkan dari urutan Pasal 16)"),
}


def cited(text: str) -> str:
    """Return a citation with the remarks on it in the reader's language."""
    for remark, told in _REMARKS.items():
        if remark in text:
            text = text.replace(remark, str(told))
    return text


def label(text: Label) -> str:
    """Return a name of the rulebook in the reader's language."""
    return text.in_language(get_language() or "id")


def name(book: Rulebook, kind: str, id: str, *, election: str = "") -> str:
    """Return the name of what an id stands for, in the reader's language; of a stage, with the election it belongs to.

    Raises KeyError for a kind or an id that is not known, StageUnknown.
    """
    if kind == "stage":
        return label(book.elections[election].stage(id).label)
    return label(_LABELS[kind](book, id))


_LABELS: dict[str, Callable[[Rulebook, str], Label]] = {
    "act": lambda book, id: book.acts[id].label,
    "form": lambda book, id: book.forms[id],
    "sanction": lambda book, id: book.sanctions[id].label,
    "term": lambda book, id: book.terms[id].label,
    "election": lambda book, id: book.elections[id].label,
    "authority": lambda book, id: book.authorities[id].label,
    "rule": lambda book, id: book.authority_rules[id].label,
    "body": lambda book, id: book.bodies[id].label,
    "activity": lambda book, id: book.guidance.activities[id].label,
    "statement": lambda book, id: book.guidance.statements[id].label,
    "principle": lambda book, id: book.principles[id].label,
    "source": lambda book, id: book.sources[id].label,
}


def _office(book: Rulebook, name: str) -> str:
    """Tell an office that a reason names as the matrix does, in Indonesian."""
    if get_language() != "en":
        return name
    rows = book.authorities.values()
    known = [each for row in rows for each in (row.label, row.substitute, row.on_proposal_of) if each is not None]
    known += [*OFFICES.values(), _HOME_AFFAIRS]
    return next((each.en for each in known if each.id == name), name)


_HOME_AFFAIRS = Label("Menteri Dalam Negeri", "Minister of Home Affairs")


def _employment(book: Rulebook, value: str) -> str:
    """Tell an employment by its word; a post that is named by nothing but itself, as it was written."""
    try:
        return word("employment", persons.class_of(value))
    except PersonUnknown:
        return value


def _election(book: Rulebook, value: str) -> str:
    return name(book, "election", value) if value in book.elections else word("election_kind", value)


def _statement(book: Rulebook, value: str) -> str:
    found = book.guidance.statements[value]
    return f"“{label(found.label)}” – {label(found.stated_by)}"


def _day(value: str) -> str:
    return messages.day(date.fromisoformat(value))


def _what(book: Rulebook, values: Mapping[str, str]) -> str:
    """Tell the act, or the form of conduct where no act is named."""
    return name(book, "act", values["act"]) if values.get("act") else label(book.forms[values["form"]])


def _basis(book: Rulebook, values: Mapping[str, str]) -> str:
    basis = book.guidance.activities[values["activity"]].basis
    return label(basis).removesuffix(".") if basis else ""


def _circumstance(book: Rulebook, values: Mapping[str, str]) -> str:
    """Tell a circumstance as it was told: not as a statement wants it, or so that it lifts an act.

    An act counts under what makes things worse and is lifted by what makes them better.
    """
    circumstance = book.guidance.circumstances[values["circumstance"]]
    if "statement" in values or "activity" in values:
        statement, activity = values.get("statement"), values.get("activity", "")
        told_by = book.guidance.statements[statement] if statement else book.guidance.activities[activity]
        is_so = not next(each.must for each in told_by.conditions if each.circumstance == circumstance.id)
    else:
        is_so = circumstance.favourable
    return label(circumstance.present if is_so else circumstance.absent)


def _point(book: Rulebook, value: str) -> str:
    return f"{value}: “{label(book.guidance.pledge.point(int(value)).label)}”"


_TOLD_BY_ALL: dict[str, Callable[[Rulebook, Mapping[str, str]], str]] = {
    "what": _what,
    "basis": _basis,
    "circumstance": _circumstance,
}
"""Values that are told with a look at the others."""

_TOLD: dict[str, Callable[[Rulebook, str], str]] = {
    "meanwhile": lambda book, value: name(book, "sanction", value),
    "election": _election,
    "statement": _statement,
    "number": _point,
    "status": lambda book, value: word("candidate_status", value),
    "calendar": lambda book, value: word("candidate_status", value),
    "level": lambda book, value: word("level", value),
    "kind": lambda book, value: word("track", value),
    "confidence": lambda book, value: word("confidence", value),
    "relation": lambda book, value: word("relation", value),
    "fact": lambda book, value: messages.fact_word(value),
    "employment": _employment,
    "post": _employment,
    "row": lambda book, value: label(book.authorities[value].offenders),
    "authority": _office,
    "passed": _office,
    "of": _office,
    "for": _office,
    "why": lambda book, value: word("why", value),
    "capacity": lambda book, value: word("capacity", value),
    "leave": lambda book, value: word("leave", value),
    "need": lambda book, value: word("need", value),
    "part": lambda book, value: word("part", value),
    "power": lambda book, value: word("power", value),
    "post_level": lambda book, value: word("post_level", value),
    "superior_level": lambda book, value: word("post_level", value),
    "above_level": lambda book, value: word("post_level", value),
    "agency_kind": lambda book, value: word("agency_kind", value),
    "day": lambda book, value: _day(value),
    "due": lambda book, value: _day(value),
    "last": lambda book, value: _day(value),
    "by": lambda book, value: _election(book, value),
    "from": lambda book, value: _day(value) if value else _("hari yang tidak diketahui"),
    # `until` is the first day after; people say the last one.
    "until": lambda book, value: (
        messages.day(date.fromisoformat(value) - timedelta(days=1)) if value else _("sekarang")
    ),
}


# --- time limits -------------------------------------------------------------------------------------------------


def skipped(each: Skipped) -> str:
    """Say why a day was not counted: `libur nasional: Hari Natal`."""
    why = word("skip", each.why)
    return f"{why}: {label(each.label)}" if each.label else why


def reading(each: TermReading) -> str:
    """Say how a term is counted by a reading: `14 hari kerja (cuti bersama tidak dihitung)`."""
    way = each.way
    if way.basis in (Basis.OFFICIAL, Basis.EXAMPLE):
        return word("basis", way.basis)
    length = {"n": way.length}
    text = {
        "working_days": ngettext("%(n)s hari kerja", "%(n)s hari kerja", way.length),
        "calendar_days": ngettext("%(n)s hari kalender", "%(n)s hari kalender", way.length),
        "hours": ngettext("%(n)s jam", "%(n)s jam", way.length),
        "months": ngettext("%(n)s bulan", "%(n)s bulan", way.length),
        "years": ngettext("%(n)s tahun", "%(n)s tahun", way.length),
    }[way.count]
    notes = [word("collective_leave", way.leave)] if way.leave else []
    if way.basis is Basis.READ_AS:
        notes.append(_("dibaca sebagai %(meaning)s") % {"meaning": word("meaning", each.meaning)})
    elif way.basis is not Basis.STATED:
        notes.append(word("basis", way.basis))
    if each.unknown_year is not None:
        notes.append(_("menunggu hari libur tahun %(year)s") % {"year": each.unknown_year})
    return f"{text % length} ({'; '.join(notes)})" if notes else text % length


def taken_in(computation: Computation) -> str:
    """Say until when a desk takes in what must be done by a limit; nothing where it is open at the limit itself."""
    found = computation.intake
    if found is None or not computation.is_taken_in_earlier:
        return ""
    values = {"hours": label(found.label), "cites": "; ".join(cite.text for cite in found.cites)}
    if found.at is None:
        said = _(
            "Di antara hari mulai dan batas ini tempat penerimaan laporan tidak buka (%(hours)s, %(cites)s). Apakah batasnya"
            " bergeser tidak ada di buku aturan; tanyakan kepada penerimanya."
        )
    else:
        values["at"] = f"{messages.day(found.at.date())} {found.at:%H.%M}"
        said = _("Menurut %(hours)s (%(cites)s), terakhir diterima sebelum %(at)s waktu setempat.")
    told = said % values
    if found.passed:
        passed = ", ".join(map(messages.day, found.passed))
        free = _("Hari libur tidak dihitung sebagai hari penerimaan, sebab aturannya tidak menyebutnya: %(days)s.")
        told = f"{told} {free % {'days': passed}}"
    return told
