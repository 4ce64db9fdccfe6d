"""The sentence for each code: refusals, faults of a row, and the words of the records."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain import days
from ikrar.domain.errors import DomainError

_REFUSALS: dict[str, Any] = {
    "file_unreadable": lazy("Berkas tidak dapat dibaca."),
    "columns_not_mapped": lazy("Beberapa kolom wajib belum dipetakan: %(missing)s. Pilih kolom yang memuatnya."),
    "unknown_column": lazy("Berkas tidak mempunyai kolom “%(column)s”."),
    "unknown_field": lazy("Bidang “%(field)s” tidak dikenal atau dipakai untuk dua kolom."),
    "roster_changed_since_preview": lazy(
        "Data pegawai berubah setelah pratinjau ini dibuat. Tidak ada yang disimpan; buat pratinjau lagi."
    ),
    "import_state_wrong": lazy("Impor ini sudah tidak pada tahap itu. Muat ulang halaman."),
    "import_not_undoable": lazy("Impor ini tidak dapat dibatalkan."),
    "unit_tree_has_cycle": lazy("Unit “%(unit)s” akan berada di bawah dirinya sendiri. Periksa unit induknya."),
    "unit_unknown": lazy("Unit “%(unit)s” tidak ada."),
    "unit_ambiguous": lazy("Kode unit “%(unit)s” dipakai beberapa instansi: %(agencies)s."),
    "unit_already_headed": lazy("Unit ini sudah mempunyai kepala. Akhiri dulu yang lama."),
    "agency_unknown": lazy("Instansi “%(agency)s” tidak ada."),
    "identifier_taken": lazy("Nomor itu sudah dipakai orang lain."),
    "identifier_invalid": lazy("Nomor itu tidak sah."),
    "office_already_held": lazy(
        "Jabatan ini sudah diserahterimakan pada atau sesudah saat itu. Pilih saat yang lebih kemudian."
    ),
    "dates_in_wrong_order": lazy("Tanggal akhir mendahului tanggal awal."),
    "person_not_of_agency": lazy("Orang ini bukan pegawai instansi tersebut."),
    "pact_text_empty": lazy("Teks pakta harus mempunyai judul dan sekurangnya satu butir."),
    "pact_text_changed": lazy(
        "Teks pakta berubah setelah Anda membukanya. Anda belum menandatangani apa pun; baca teks yang baru di bawah ini."
    ),
    "pact_already_signed": lazy("Anda sudah menandatangani teks ini. Tanda tangan yang pertama berlaku."),
    "pact_not_open": lazy("Pakta ini tidak terbuka untuk Anda sekarang."),
    "not_the_signer": lazy("Hanya orangnya sendiri yang dapat melakukan ini."),
    "reason_missing": lazy("Tulis alasannya."),
    "signature_already_contested": lazy("Tanda tangan ini sudah Anda sangkal."),
    "reminder_too_soon": lazy(
        "Orang-orang ini baru saja diingatkan. Pengingat berikutnya dapat dikirim mulai %(next_on)s."
    ),
    "reminders_used_up": lazy(
        "Mereka sudah diingatkan sebanyak yang boleh. Hubungi langsung, atau lewat kepala unitnya."
    ),
    "sign_in_refused": lazy(
        "Nama masuk dan kata sandi atau kode itu tidak cocok, atau sudah terlalu sering salah."
        " Periksa lagi, atau tunggu lima belas menit."
    ),
    "role_scope_wrong": lazy("Peran ini perlu cakupan lain: %(needs)s."),
    "last_administrator": lazy("Ini administrator terakhir. Angkat yang lain lebih dahulu."),
    "election_unknown": lazy("Pemilihan “%(election)s” tidak ada di buku aturan."),
    "region_unknown": lazy("Wilayah dengan kode “%(region)s” tidak ada."),
    "stage_unknown": lazy("Tahapan “%(stage)s” tidak ada."),
    "not_a_demo": lazy("Ini instalasi sungguhan: orang rekaan tidak pernah masuk ke sini."),
    "already_installed": lazy("Di sini sudah ada instalasi. Tidak ada yang diubah."),
    "not_installed": lazy("Belum ada instalasi. Jalankan 'ikrar init', atau 'ikrar load-scenario all' untuk demo."),
    "scenario_unknown": lazy("Skenario “%(scenario)s” tidak ada. Yang ada: %(known)s."),
    "backup_unusable": lazy("Cadangan ini tidak dapat dipakai: %(reason)s. Tidak ada yang diubah."),
    "restore_target_not_empty": lazy("Di sini sudah ada instalasi. Pulihkan ke folder dan basis data yang kosong."),
    "time_stamp_unavailable": lazy("Penyedia stempel waktu tidak menjawab. Tidak ada yang ditandatangani."),
    "payload_not_canonical": lazy("Catatan log tidak dapat ditulis: %(where)s. Tidak ada yang berubah."),
    "rulebook_fault": lazy("Buku aturan salah: %(file)s baris %(line)s: %(says)s."),
}

_UNREADABLE: dict[str, Any] = {
    "empty": lazy("Berkas kosong."),
    "too_large": lazy("Berkas terlalu besar."),
    "not_a_table": lazy("Ini bukan tabel CSV atau XLSX yang dapat dibaca."),
    "old_excel": lazy("Ini berkas Excel lama (.xls). Simpan sebagai .xlsx lalu unggah lagi."),
    "no_header": lazy("Tidak ditemukan baris judul kolom seperti NIP, Nama, Unit Kerja pada 30 baris pertama."),
    "too_many_columns": lazy("Berkas mempunyai lebih dari 300 kolom."),
    "cut": lazy("Berkas berhenti di tengah. Unggahan terpotong; kirim lagi berkas yang utuh."),
    "quote_never_closed": lazy("Ada tanda kutip yang tidak pernah ditutup."),
    "bomb": lazy("Isi berkas ini membengkak jauh melebihi ukurannya. Berkas ditolak."),
}

_NOT_UNDOABLE: dict[str, Any] = {
    "not_the_latest": lazy("Sudah ada impor yang lebih baru. Batalkan yang terbaru lebih dahulu."),
    "changed_since": lazy("Orang yang diubah lewat impor ini sudah diubah lagi sesudahnya."),
    "in_use": lazy("Orang yang masuk lewat impor ini sudah mempunyai pakta, akun, atau jabatan."),
}

_FAULTS: dict[str, Any] = {
    "missing": lazy("kosong"),
    "nul_byte": lazy("berisi bita NUL"),
    "too_long": lazy("terlalu panjang"),
    "formula": lazy("berisi rumus; tulis sebagai teks biasa"),
    "too_many_cells": lazy("baris ini mempunyai lebih banyak sel daripada judul kolom; mungkin ada koma tanpa kutip"),
    "employment_unknown": lazy("status kepegawaian tidak dikenal"),
    "name_without_letters": lazy("nama tanpa huruf"),
    "date_unreadable": lazy("tanggal tidak terbaca"),
    "date_out_of_range": lazy("tanggal di luar jangkauan"),
    "sex_unknown": lazy("jenis kelamin tidak dikenal"),
    "post_kind_unknown": lazy("jenis jabatan tidak dikenal"),
    "level_unknown": lazy("jenjang tidak dikenal"),
    "status_unknown": lazy("status tidak dikenal"),
    "is_head_unknown": lazy("isi dengan ya atau tidak"),
    "grade_unknown": lazy("golongan tidak dikenal"),
    "identifier_not_digits": lazy("nomor berisi selain angka"),
    "identifier_length": lazy("panjang nomor salah"),
    "identifier_birth_date": lazy("tanggal lahir di dalam nomor tidak mungkin"),
    "identifier_sex": lazy("angka jenis kelamin di dalam nomor bukan 1 atau 2"),
    "identifier_start_month": lazy("bulan pengangkatan di dalam nomor tidak mungkin"),
    "identifier_lost_digits": lazy(
        "angka terakhir hilang karena disimpan sebagai bilangan; format kolomnya sebagai teks"
    ),
    "identifier_type_unknown": lazy("jenis nomor tidak dikenal"),
    "identifier_twice": lazy("nomor ini sudah ada di berkas, baris %(value)s"),
    "person_twice": lazy("orang tanpa nomor dengan nama, unit, dan tanggal lahir yang sama sudah ada di berkas"),
    "identifier_former": lazy("nomor lama; orang ini sekarang mempunyai nomor lain"),
    "person_of_other_agency": lazy("orang ini masih tercatat aktif di instansi lain"),
    "birth_date_differs_from_identifier": lazy("tanggal lahir berbeda dari yang ada di dalam nomor"),
    "sex_differs_from_identifier": lazy("jenis kelamin berbeda dari yang ada di dalam nomor"),
    "email_malformed": lazy("alamat surel salah bentuk"),
    "phone_malformed": lazy("nomor telepon salah bentuk"),
    "unit_unknown": lazy("unit tidak ada di struktur instansi"),
    "unit_ambiguous": lazy("nama unit ini ada beberapa; pakai kode unit atau unit induk"),
}

FIELD_WORDS: dict[str, Any] = {
    "": lazy("baris"),
    "identifier": lazy("NIP / nomor induk"),
    "name": lazy("Nama"),
    "employment": lazy("Status kepegawaian"),
    "unit": lazy("Unit kerja"),
    "unit_code": lazy("Kode unit"),
    "parent_unit": lazy("Unit induk"),
    "post": lazy("Jabatan"),
    "post_kind": lazy("Jenis jabatan"),
    "level": lazy("Jenjang / eselon"),
    "grade": lazy("Golongan"),
    "is_head": lazy("Kepala unit"),
    "superior": lazy("NIP atasan"),
    "birth_on": lazy("Tanggal lahir"),
    "sex": lazy("Jenis kelamin"),
    "start_on": lazy("Tanggal mulai (TMT)"),
    "status": lazy("Status"),
    "email": lazy("Surel"),
    "phone": lazy("Telepon"),
    "front_title": lazy("Gelar depan"),
    "back_title": lazy("Gelar belakang"),
    "identifier_type": lazy("Jenis nomor"),
}

# Words for the values that records hold, by the name of their kind.
WORDS: dict[str, dict[str, Any]] = {
    "state": {
        "issued": lazy("Diterbitkan"), "opened": lazy("Dibuka"), "signed": lazy("Ditandatangani"),
        "witnessed": lazy("Disaksikan"), "refused": lazy("Menolak"), "excused": lazy("Dikecualikan"),
        "on_leave": lazy("Cuti"), "moved": lazy("Pindah"), "retired": lazy("Purnatugas"),
    },
    "grade": {
        "passkey": lazy("kunci sandi (passkey) milik sendiri"), "single_sign_on": lazy("masuk tunggal instansi (SSO)"),
        "password": lazy("kata sandi milik sendiri"), "paper": lazy("kertas, dicocokkan petugas"),
    },
    "employment": {
        "pns": "PNS", "cpns": "CPNS", "pppk": "PPPK", "contract": lazy("Non-ASN / kontrak"), "tni": "TNI",
        "polri": "Polri", "organiser": lazy("Penyelenggara pemilu"), "village": lazy("Perangkat desa"),
    },
    "status": {
        "active": lazy("Aktif"), "leave": lazy("Cuti"), "cltn": "CLTN", "retired": lazy("Pensiun"),
        "died": lazy("Meninggal"), "dismissed": lazy("Diberhentikan"), "resigned": lazy("Mengundurkan diri"),
    },
    "level": {
        "jpt_utama": lazy("JPT Utama"), "jpt_madya": lazy("JPT Madya"), "jpt_pratama": lazy("JPT Pratama"),
        "administrator": lazy("Administrator"), "pengawas": lazy("Pengawas"),
        "jf_ahli_utama": lazy("JF Ahli Utama"), "jf_ahli_madya": lazy("JF Ahli Madya"),
        "jf_ahli_muda": lazy("JF Ahli Muda"), "jf_ahli_pertama": lazy("JF Ahli Pertama"),
        "jf_skilled": lazy("JF Keterampilan"), "pelaksana": lazy("Pelaksana"),
    },
    "post_kind": {"structural": lazy("Struktural"), "functional": lazy("Fungsional"), "executor": lazy("Pelaksana")},
    "identifier_type": {
        "nip": lazy("NIP"), "ni_pppk": lazy("NI PPPK"), "nik": lazy("NIK"), "nrp": lazy("NRP"), "none": lazy("tanpa nomor"),
    },
    "keeps_on": {
        "same_post": lazy("Gugur bila pindah unit atau ganti jabatan"), "same_unit": lazy("Gugur bila pindah unit"),
        "same_agency": lazy("Tetap berlaku selama di instansi yang sama"),
    },
    "round_state": {"draft": lazy("Rancangan"), "issued": lazy("Terbit"), "closed": lazy("Ditutup")},
    "import_state": {
        "received": lazy("Diterima"), "reading": lazy("Sedang dibaca"), "previewed": lazy("Menunggu keputusan Anda"),
        "applying": lazy("Sedang disimpan"), "applied": lazy("Tersimpan"), "failed": lazy("Tidak terbaca"),
        "undone": lazy("Dibatalkan"), "dropped": lazy("Ditinggalkan"),
    },
    "unit_kind": {
        "root": lazy("Instansi"), "secretariat": lazy("Sekretariat"), "office": lazy("Perangkat daerah"),
        "education_office": lazy("Dinas pendidikan"), "district": lazy("Kecamatan"),
        "ward": lazy("Kelurahan/nagari"), "school": lazy("Sekolah"), "health_centre": lazy("Puskesmas"),
        "hospital": lazy("Rumah sakit"), "section": lazy("Bagian/bidang"),
    },
    "agency_kind": {
        "ministry": lazy("Kementerian/lembaga"), "province": lazy("Provinsi"), "regency": lazy("Kabupaten"),
        "city": lazy("Kota"), "other": lazy("Lain"),
    },
    "role": {
        "civil_servant": lazy("Pegawai"), "unit_head": lazy("Kepala unit"),
        "programme_officer": lazy("Petugas program"), "intake_officer": lazy("Petugas penerima laporan"),
        "examiner": lazy("Pemeriksa"), "drafter": lazy("Perancang / bagian hukum"), "pact_witness": lazy("Saksi pakta"),
        "supervisor_body": lazy("Badan pengawas"), "appointing_authority": lazy("Pejabat pembina kepegawaian"),
        "national_body": lazy("Badan nasional"), "auditor": lazy("Auditor"), "administrator": lazy("Administrator"),
    },
    "capacity": {"definitive": lazy("Definitif"), "plt": "Plt.", "plh": "Plh.", "pj": "Pj.", "pjs": "Pjs."},
    "office_kind": {
        "head_of_region": lazy("Kepala daerah"), "secretary": lazy("Sekretaris daerah"),
        "head_of_unit": lazy("Kepala unit"), "other": lazy("Lain"),
    },
    "leave_kind": {
        "campaign": lazy("Cuti kampanye"), "annual": lazy("Cuti tahunan"), "sick": lazy("Cuti sakit"),
        "other": lazy("Cuti lain"),
    },
    "body_kind": {
        "desk": lazy("Desk Pemilu"), "task_force": lazy("Satuan tugas"), "inspectorate": lazy("Inspektorat"),
        "bawaslu": "Bawaslu", "kpu": "KPU", "bkn": "BKN", "other": lazy("Lain"),
    },
    "credential": {
        "code_issued": lazy("Kode sekali pakai diterbitkan untuk Anda"), "code_withdrawn": lazy("Kode ditarik"),
        "code_used": lazy("Kode sekali pakai dipakai"), "password_set": lazy("Kata sandi dibuat atau diganti"),
        "passkey_added": lazy("Kunci sandi (passkey) ditambahkan"),
        "passkey_removed": lazy("Kunci sandi (passkey) dihapus"),
        "totp_added": lazy("Aplikasi autentikator dipasang"), "totp_removed": lazy("Aplikasi autentikator dilepas"),
        "recovery_codes_made": lazy("Kode cadangan dibuat"), "sso_linked": lazy("Akun SSO ditautkan"),
    },
    "confidence": {
        "confirmed": lazy("dua sumber atau lebih"), "one_source": lazy("satu sumber"), "uncertain": lazy("belum pasti"),
        "gazette": lazy("berita negara"),
    },
}  # fmt: skip

NOTICES: dict[str, Any] = {
    "pact_missing": lazy("Pakta “%(title)s” menunggu tanda tangan Anda."),
}


def sentence(error: DomainError) -> str:
    """Return the sentence for a refusal, in the reader's language."""
    values = {name: _shown(value) for name, value in error.details().items()}
    reason = str(values.get("reason", values.get("fault", "")))
    if error.code == "file_unreadable" and reason in _UNREADABLE:
        return str(_UNREADABLE[reason])
    if error.code == "import_not_undoable" and reason in _NOT_UNDOABLE:
        return str(_NOT_UNDOABLE[reason])
    if error.code == "identifier_invalid" and reason in _FAULTS:
        return f"{_('Nomor itu tidak sah')}: {_FAULTS[reason]}."
    if error.code == "columns_not_mapped":
        values["missing"] = ", ".join(str(FIELD_WORDS[name]) for name in error.details()["missing"])
    return str(_REFUSALS.get(error.code, _("Permintaan ini ditolak."))) % values


def stored_sentence(error: Mapping[str, str]) -> str:
    """Return the sentence for a refusal as it was kept with an import."""
    if error.get("code") == "file_unreadable":
        return str(_UNREADABLE.get(error.get("reason", ""), _REFUSALS["file_unreadable"]))
    try:
        return str(_REFUSALS.get(error.get("code", ""), _("Permintaan ini ditolak."))) % error
    except (KeyError, ValueError):
        return _("Permintaan ini ditolak.")


def _shown(value: Any) -> Any:
    if isinstance(value, date):
        return days.in_words(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value


def fault_sentence(fault: Mapping[str, str]) -> str:
    """Return what is wrong with one field of a row: field, reason, and the text that stood there."""
    words = str(_FAULTS.get(fault["code"], fault["code"]))
    if "%(value)s" in words:
        words = words % {"value": fault["value"]}
    elif fault["value"]:
        words = f"{words} (“{fault['value']}”)"
    return f"{FIELD_WORDS.get(fault['field'], fault['field'])}: {words}"


def word(kind: str, value: str | None) -> str:
    """Return the word for a value of the records; the value itself where none is written."""
    return str(WORDS[kind].get(str(value or ""), value or ""))


def choices(kind: str) -> list[tuple[str, Any]]:
    """Return all values of a kind with their words, for a form."""
    return list(WORDS[kind].items())
