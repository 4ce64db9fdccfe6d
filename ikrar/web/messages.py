"""The sentence for each code: refusals, faults of a row, and the words of the records."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain import days
from ikrar.domain.errors import A_DAY, A_LOCAL_TIME, DomainError

_REFUSALS: dict[str, Any] = {
    "file_unreadable": lazy("Berkas tidak dapat dibaca."),
    "columns_not_mapped": lazy("Beberapa kolom wajib belum dipetakan: %(missing)s. Pilih kolom yang memuatnya."),
    "sheets_not_chosen": lazy(
        "Berkas ini memuat lembar dengan judul kolom yang berbeda. Pilih yang dibaca: %(sheets)s."
    ),
    "unknown_column": lazy("Berkas tidak mempunyai kolom “%(column)s”."),
    "unknown_field": lazy("Bidang “%(field)s” tidak dikenal atau dipakai untuk dua kolom."),
    "roster_changed_since_preview": lazy(
        "Data pegawai berubah setelah pratinjau ini dibuat. Tidak ada yang disimpan; buat pratinjau lagi."
    ),
    "import_state_wrong": lazy("Impor ini sudah tidak pada tahap itu. Muat ulang halaman."),
    "import_interrupted": lazy("Pekerjaan pada berkas ini terhenti di tengah. Tidak ada yang berubah; mulai lagi."),
    "import_not_undoable": lazy("Impor ini tidak dapat dibatalkan."),
    "unit_tree_has_cycle": lazy("Unit “%(unit)s” akan berada di bawah dirinya sendiri. Periksa unit induknya."),
    "unit_unknown": lazy("Unit “%(unit)s” tidak ada."),
    "unit_ambiguous": lazy("Kode unit “%(unit)s” dipakai beberapa instansi: %(agencies)s."),
    "import_unknown": lazy("Impor nomor %(number)s tidak ada."),
    "complete_file_empty": lazy(
        "Tidak ada satu baris pun yang dapat disimpan dari berkas ini. Sebagai berkas lengkap, ia akan mengakhiri penempatan"
        " semua orang; periksa berkasnya, atau hapus tanda bahwa ia memuat seluruh pegawai."
    ),
    "many_would_end": lazy(
        "Berkas ini akan mengakhiri penempatan %(ends)s dari %(placed)s orang. Tidak ada yang disimpan. Bila memang begitu,"
        " tegaskan dengan menulis angka %(ends)s."
    ),
    "unit_code_colon": lazy("Kode “%(unit)s” memuat titik dua. Pakai tanda lain, misalnya titik atau tanda hubung."),
    "unit_in_use": lazy(
        "Unit ini belum dapat ditutup: di dalam dan di bawahnya masih ada %(people)s pegawai dan %(below)s unit yang terbuka."
        " Pindahkan pegawainya dan tutup unit di bawahnya dulu."
    ),
    "region_taken": lazy("Wilayah “%(region)s” sudah menjadi wilayah %(agency)s. Periksa kodenya."),
    "unit_already_headed": lazy("Unit ini sudah mempunyai kepala. Akhiri dulu yang lama."),
    "agency_unknown": lazy("Instansi “%(agency)s” tidak ada."),
    "identifier_taken": lazy("Nomor itu sudah dipakai orang lain."),
    "identifier_invalid": lazy("Nomor itu tidak sah."),
    "office_already_held": lazy(
        "Jabatan ini sudah diserahterimakan pada atau sesudah saat itu. Pilih saat yang lebih kemudian."
    ),
    "not_the_latest_holder": lazy("Sudah ada serah terima yang lebih baru. Tarik yang terakhir lebih dahulu."),
    "dates_in_wrong_order": lazy("Tanggal akhir mendahului tanggal awal."),
    "day_too_far": lazy("%(day)s terlalu jauh. Periksa tahunnya: hari itu harus antara %(first)s dan %(last)s."),
    "person_not_of_agency": lazy("Orang ini bukan pegawai instansi tersebut."),
    "pact_text_empty": lazy("Teks pakta harus mempunyai judul dan sekurangnya satu butir."),
    "pact_text_too_long": lazy(
        "Teks pakta terlalu panjang. Paling banyak %(most_points)s butir, dan %(most_letters)s huruf seluruhnya."
    ),
    "due_in_past": lazy("%(due_on)s sudah lewat. Pilih hari ini (%(today)s) atau sesudahnya."),
    "duty_settled": lazy(
        "Tidak ada yang diubah: orang ini sudah menandatangani teks yang berlaku, atau keadaannya baru saja berubah."
    ),
    "pact_text_changed": lazy(
        "Teks pakta berubah setelah Anda membukanya. Anda belum menandatangani apa pun; baca teks yang baru di bawah ini."
    ),
    "pact_already_signed": lazy("Anda sudah menandatangani teks ini. Tanda tangan yang pertama berlaku."),
    "pact_not_open": lazy("Pakta ini tidak terbuka untuk Anda sekarang."),
    "nothing_to_print": lazy("Tidak ada yang perlu dicetak untuk unit ini."),
    "papers_gone": lazy("Berkas ini sudah dihapus. Bila masih diperlukan, buat yang baru."),
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
    "role_already_held": lazy("Orang ini sudah memegang peran itu, selama itu atau lebih lama."),
    "role_end_passed": lazy("Hari berakhirnya peran harus sesudah hari ini. Kosongkan bila tanpa batas."),
    "last_administrator": lazy("Ini administrator terakhir. Angkat yang lain lebih dahulu."),
    "election_unknown": lazy("Pemilihan “%(election)s” tidak ada di buku aturan."),
    "region_has_no_election": lazy(
        "“%(election)s” tidak berlangsung di wilayah %(region)s. Periksa wilayahnya, atau kosongkan pemilihannya."
    ),
    "election_over": lazy(
        "“%(election)s” sudah selesai (hari terakhirnya %(last_on)s) pada %(day)s. Kosongkan pemilihannya, atau sebut hari"
        " perbuatannya."
    ),
    "day_outside": lazy("Buku aturan memuat hari-hari dari %(first_on)s sampai %(last_on)s; %(day)s di luar itu."),
    "region_unknown": lazy("Wilayah dengan kode “%(region)s” tidak ada."),
    "stage_unknown": lazy("Tahapan “%(stage)s” tidak ada."),
    "not_a_demo": lazy("Ini instalasi sungguhan: orang rekaan tidak pernah masuk ke sini."),
    "already_installed": lazy("Di sini sudah ada instalasi. Tidak ada yang diubah."),
    "not_installed": lazy("Belum ada instalasi. Jalankan 'ikrar init', atau 'ikrar load-scenario all' untuk demo."),
    "scenario_unknown": lazy("Skenario “%(scenario)s” tidak ada. Yang ada: %(known)s."),
    "scenario_not_playable": lazy(
        "Skenario “%(scenario)s” belum dapat dimainkan. Yang sudah dapat: %(playable)s. Tidak ada yang diubah."
    ),
    "already_serving": lazy(
        "Ikrar sudah berjalan untuk folder %(home)s. Hentikan dulu yang itu, atau pakai IKRAR_HOME yang lain."
    ),
    "address_unusable": lazy("Alamat %(host)s port %(port)s tidak dapat dipakai di mesin ini."),
    "backup_unusable": lazy("Cadangan ini tidak dapat dipakai: %(reason)s. Tidak ada yang diubah."),
    "backup_failed": lazy("Cadangan tidak dibuat."),
    "file_trouble": lazy("Berkas “%(file)s” tidak dapat dibaca atau ditulis."),
    "restore_target_not_empty": lazy("Di sini sudah ada instalasi. Pulihkan ke folder dan basis data yang kosong."),
    "time_stamp_unavailable": lazy("Penyedia stempel waktu tidak menjawab. Tidak ada yang ditandatangani."),
    "payload_not_canonical": lazy("Catatan log tidak dapat ditulis: %(where)s. Tidak ada yang berubah."),
    "rule_version_unknown": lazy("Aturan “%(rule)s” tidak mempunyai versi yang mulai pada hari itu."),
    "rule_version_changed": lazy(
        "Isi aturan ini berubah sejak Anda membukanya. Tidak ada yang dicatat; baca dan bandingkan isinya yang sekarang."
    ),
    "rule_already_compared": lazy("Isi ini sudah dicatat sebagai dibandingkan pada %(compared_on)s."),
    "gazette_check_ended": lazy("Catatan ini sudah ditarik atau sudah digantikan pembandingan yang lebih baru."),
    "day_in_future": lazy("%(day)s belum tiba. Tulis hari pembandingannya dilakukan."),
    "guidance_busy": lazy("Saat ini terlalu banyak yang masuk. Tidak ada yang disimpan; coba lagi dalam satu jam."),
    "office_does_not_answer": lazy("Instansi atau badan ini tidak menerima pertanyaan di sini. Pilih yang lain."),
    "opinion_already_given": lazy("Pertanyaan ini sudah dijawab. Pendapat yang pertama berlaku."),
    "opinion_incomplete": lazy("Pendapat ini belum lengkap. Isi dulu %(fact)s."),
    "opinion_already_published": lazy("Pendapat ini sudah ada di perpustakaan."),
    "second_look_missing": lazy(
        "Baca sekali lagi teks yang akan terbit, lalu centang bahwa tidak ada yang menunjuk seseorang."
    ),
    "text_names_somebody": lazy("Teks ini memuat nomor atau alamat seseorang (“%(found)s”). Hapus dulu."),
    "text_may_name_somebody": lazy(
        "Tulisan ini tampaknya menyebut nama seseorang (“%(found)s”). Ganti dengan sebutan, misalnya “rekan saya” atau"
        " “kepala sekolah”. Bila itu bukan nama orang, centang di bawah isian ini lalu kirim lagi."
    ),
    "text_names_known": lazy(
        "Teks ini menyebut orang atau tempat kerja yang dikenal di sini: %(found)s. Ganti dengan sebutan umum, misalnya"
        " “seorang guru” atau “sebuah sekolah”."
    ),
    "opinion_too_long": lazy(
        "Pendapat berlaku paling lama dua tahun, jadi paling lambat sampai %(last_on)s; sesudah diberikan ia tidak dapat"
        " ditarik."
    ),
    "rulebook_fault": lazy("Buku aturan salah: %(file)s baris %(line)s: %(says)s."),
    "person_unknown": lazy(
        "Buku aturan tidak mengenal status kepegawaian “%(employment)s”. Tulis misalnya PNS, CPNS, PPPK, honorer, TNI,"
        " Polri, atau kepala desa."
    ),
    "act_unknown": lazy("Perbuatan “%(act)s” tidak ada di buku aturan."),
    "rule_not_in_force": lazy(
        "Untuk %(day)s, buku aturan tidak memuat aturan “%(rule)s” yang berlaku. Itu belum berarti boleh."
    ),
    "not_known": lazy(
        "Buku aturan tidak memuat jawaban tentang “%(rule)s” bagi orang ini, pada hari, status calon, dan pemilihan itu."
        " Itu belum berarti boleh."
    ),
    "fact_missing": lazy("Sebutkan %(fact)s; jawabannya bergantung pada itu."),
    "value_unknown": lazy("“%(value)s” tidak dikenal sebagai isi untuk %(fact)s. Yang dikenal: %(known)s."),
    "holidays_unknown": lazy(
        "Hari libur tahun %(year)s belum ditetapkan atau belum ada di buku aturan, jadi hari kerjanya belum dapat dihitung."
    ),
    "term_unknown": lazy("Batas waktu “%(term)s” tidak ada di buku aturan."),
    "term_start_wrong": lazy("Batas waktu ini tidak dapat dihitung dari hari mulai itu."),
    "term_regime_wrong": lazy("Batas waktu ini berlaku untuk %(regime)s, bukan untuk %(given)s."),
    "term_not_in_force": lazy(
        "Menurut buku aturan, batas waktu ini diketahui berlaku %(held)s. Untuk %(day)s tidak diketahui."
    ),
    "term_paused": lazy(
        "Batas waktu ini berhenti sejak %(since)s dan belum berjalan lagi, jadi hari terakhirnya belum ada."
    ),
    "activity_unknown": lazy(
        "Kegiatan “%(activity)s” tidak ada di buku aturan. Pilih dari daftar, atau tulis pertanyaan Anda."
    ),
    "activity_contradicted": lazy(
        "Kegiatan “%(activity)s” bukan yang ditanyakan; pertanyaannya terbaca sebagai: %(heard)s. Tulis salah satu saja."
    ),
    "question_empty": lazy("Tulis dulu pertanyaan Anda."),
    "question_not_understood": lazy(
        "Pertanyaan ini tidak terbaca sebagai bahasa Indonesia. Tulis dengan kata sehari-hari, atau pilih dari daftar."
    ),
}

_UNREADABLE: dict[str, Any] = {
    "empty": lazy("Berkas kosong."),
    "too_large": lazy("Berkas terlalu besar."),
    "not_a_table": lazy("Ini bukan tabel CSV atau XLSX yang dapat dibaca."),
    "old_excel": lazy("Ini berkas Excel lama (.xls). Simpan sebagai .xlsx lalu unggah lagi."),
    "no_header": lazy("Tidak ditemukan baris judul kolom seperti NIP, Nama, Unit Kerja pada 30 baris pertama."),
    "no_header_in_sheets": lazy(
        "Tidak ditemukan baris judul kolom seperti NIP, Nama, Unit Kerja pada 30 baris pertama lembar mana pun. Yang dicari:"
        " %(sheets)s."
    ),
    "sheets_differ": lazy(
        "Lembar %(sheets)s tidak ada, atau judul kolomnya tidak sama sehingga tidak dapat dibaca bersama."
    ),
    "too_many_sheets": lazy("Berkas mempunyai lebih dari 100 lembar. Pisahkan lembar yang memuat pegawai."),
    "locked": lazy("Berkas ini dikunci dengan kata sandi. Buka kuncinya, simpan sebagai .xlsx, lalu unggah lagi."),
    "gone": lazy("Berkas unggahan ini sudah tidak ada. Unggah lagi berkasnya."),
    "too_many_columns": lazy("Berkas mempunyai lebih dari 300 kolom."),
    "cut": lazy("Berkas berhenti di tengah. Unggahan terpotong; kirim lagi berkas yang utuh."),
    "quote_never_closed": lazy(
        "Tanda kutip yang dibuka di baris %(line)s tidak pernah ditutup. Hapus atau tutup tanda kutip itu, lalu unggah lagi."
    ),
    "bomb": lazy("Isi berkas ini membengkak jauh melebihi ukurannya. Berkas ditolak."),
}

_NOT_UNDOABLE: dict[str, Any] = {
    "not_the_latest": lazy("Sudah ada impor yang lebih baru. Batalkan yang terbaru lebih dahulu."),
    "changed_since": lazy("Orang yang diubah lewat impor ini sudah diubah lagi sesudahnya."),
    "in_use": lazy("Orang yang masuk lewat impor ini sudah mempunyai pakta, akun, jabatan, atau catatan lain."),
}

_TERM_STARTS: dict[str, Any] = {
    "day": lazy("Batas waktu ini dihitung dari satu hari. Isi tanggalnya saja, tanpa jam."),
    "local_time": lazy(
        "Batas waktu ini dihitung dalam jam. Isi tanggal dan jam setempat, tanpa zona waktu (2024-11-25T09:30)."
    ),
    "nearer_day": lazy("Hari mulai itu terlalu jauh untuk dihitung. Pilih hari yang lebih dekat."),
}

_PERSONS_UNKNOWN: dict[str, Any] = {
    "": lazy("Sebutkan status kepegawaian, misalnya PNS, PPPK, atau honorer; jawabannya bergantung pada itu."),
}

_NOT_UNDERSTOOD: dict[str, Any] = {
    "True": lazy(
        "Tulisan ini terlalu panjang, dan bagian awalnya tidak terbaca sebagai bahasa Indonesia. Tulis pertanyaan yang pendek"
        " dengan kata sehari-hari, atau pilih dari daftar."
    ),
}

_BACKUPS_UNUSABLE: dict[str, Any] = {
    "missing": lazy("Berkas cadangan “%(about)s” tidak ada. Tidak ada yang diubah."),
    "sha256": lazy(
        "SHA-256 berkas “%(about)s” lain dari yang Anda berikan: ini bukan cadangan itu. Tidak ada yang diubah."
    ),
    "cut": lazy("“%(about)s” terpotong, rusak, atau bukan cadangan Ikrar. Tidak ada yang diubah."),
    "unlisted": lazy("Cadangan memuat “%(about)s”, yang tidak ada di daftar isinya. Tidak ada yang diubah."),
    "changed": lazy("“%(about)s” di dalam cadangan lain dari yang dahulu dicadangkan. Tidak ada yang diubah."),
    "no_database": lazy("Cadangan tidak memuat basis data. Tidak ada yang diubah."),
    "other_database": lazy(
        "Cadangan ini dibuat dari %(about)s; basis data di sini jenis lain. Periksa DATABASE_URL. Tidak ada yang diubah."
    ),
    "newer": lazy(
        "Cadangan ini dibuat oleh Ikrar versi %(about)s, yang lebih baru daripada yang terpasang di sini. Pasang versi itu, lalu"
        " pulihkan lagi. Tidak ada yang diubah."
    ),
    "newer_tables": lazy(
        "Tabel di dalam cadangan dibuat oleh versi Ikrar yang lebih baru (%(about)s). Pasang versi itu, lalu pulihkan lagi."
        " Tidak ada yang diubah."
    ),
    "damaged": lazy("Basis data di dalam cadangan rusak. Tidak ada yang diubah."),
    "not_ours": lazy("Basis data di dalam cadangan bukan milik Ikrar. Tidak ada yang diubah."),
    "rows": lazy("Jumlah baris tidak sama dengan daftar isi cadangan: %(about)s. Tidak ada yang diubah."),
    "log": lazy("%(about)s isi log di dalam cadangan tidak cocok dengan komitmennya. Tidak ada yang diubah."),
    "evidence": lazy(
        "%(about)s teks pakta atau tanda tangan di dalam cadangan tidak sama dengan yang dicatat log. Tidak ada yang diubah."
    ),
    "tool": lazy("Perkakas PostgreSQL menolak cadangan ini: %(about)s. Tidak ada yang diubah."),
}

_BACKUPS_FAILED: dict[str, Any] = {
    "exists": lazy("Berkas “%(about)s” sudah ada dan tidak ditimpa. Pilih nama lain."),
    "tool": lazy("Perkakas PostgreSQL tidak berhasil: %(about)s. Cadangan tidak dibuat."),
}

_ADDRESSES_UNUSABLE: dict[str, Any] = {
    "taken": lazy("Port %(port)s di %(host)s sudah dipakai program lain. Pilih port lain dengan --port."),
    "forbidden": lazy("Sistem tidak mengizinkan port %(port)s bagi akun ini. Pilih port di atas 1023."),
    "unknown": lazy("Alamat %(host)s bukan alamat mesin ini. Periksa --host."),
}

_FILE_TROUBLES: dict[str, Any] = {
    "missing": lazy("Berkas atau folder “%(file)s” tidak ada."),
    "forbidden": lazy("Sistem tidak mengizinkan “%(file)s” dibuka atau ditulis."),
    "full": lazy("Tidak ada tempat lagi untuk menulis “%(file)s”."),
}

# Refusals whose sentence goes by one of their values; a value that is not listed has the sentence of the code.
_NOT_OPEN: dict[str, Any] = {
    "closed": lazy("Pakta ini sudah ditutup dan tidak terbuka lagi. Semuanya tetap dapat dibaca."),
    "draft": lazy("Pakta ini belum terbuka: ia belum diterbitkan."),
}

_DUTY_SETTLED: dict[str, Any] = {
    "excused": lazy("Orang ini sudah dikecualikan. Alasannya ada di halaman pegawainya."),
    "signed": lazy("Orang ini sudah menandatangani teks yang berlaku; tidak ada yang dikecualikan."),
}

_BY_VALUE: dict[str, tuple[str, dict[str, Any]]] = {
    "pact_not_open": ("state", _NOT_OPEN),
    "duty_settled": ("state", _DUTY_SETTLED),
    "file_unreadable": ("reason", _UNREADABLE),
    "import_not_undoable": ("reason", _NOT_UNDOABLE),
    "backup_unusable": ("reason", _BACKUPS_UNUSABLE),
    "backup_failed": ("reason", _BACKUPS_FAILED),
    "address_unusable": ("reason", _ADDRESSES_UNUSABLE),
    "file_trouble": ("reason", _FILE_TROUBLES),
    "term_start_wrong": ("needs", _TERM_STARTS),
    "person_unknown": ("employment", _PERSONS_UNKNOWN),
    "question_not_understood": ("cut", _NOT_UNDERSTOOD),
}

_FAULTS: dict[str, Any] = {
    "missing": lazy("kosong"),
    "nul_byte": lazy("berisi bita NUL"),
    "too_long": lazy("terlalu panjang"),
    "nul_shown": lazy("berisi tanda ␀, yang menggantikan bita NUL; hapus tanda itu"),
    "cell_cut": lazy("berakhir dengan “…”, jadi isinya terpotong; tulis seluruhnya"),
    "formula": lazy("berisi rumus; tulis sebagai teks biasa"),
    "formula_uncalculated": lazy(
        "berisi rumus yang hasilnya tidak ada di berkas; buka di Excel atau LibreOffice, simpan, lalu unggah lagi"
    ),
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
    "refused_before": lazy(
        "nomor ini milik orang lain di daftar; baris yang sama sudah ditolak di berkas sebelumnya (%(value)s) karena nomornya"
        " ada dua kali, dan belum diperbaiki"
    ),
    "unit_headed_twice": lazy("unit ini sudah mempunyai kepala di berkas ini, baris %(value)s"),
    "unit_already_headed": lazy("unit ini sudah mempunyai kepala, yang tidak ada di berkas ini"),
    "person_twice": lazy("orang tanpa nomor dengan nama, unit, dan tanggal lahir yang sama sudah ada di berkas"),
    "identifier_former": lazy("nomor lama; orang ini sekarang mempunyai nomor lain"),
    "person_of_other_agency": lazy("orang ini masih tercatat aktif di instansi lain"),
    "birth_date_differs_from_identifier": lazy("tanggal lahir berbeda dari yang ada di dalam nomor"),
    "sex_differs_from_identifier": lazy("jenis kelamin berbeda dari yang ada di dalam nomor"),
    "email_malformed": lazy("alamat surel salah bentuk"),
    "phone_malformed": lazy("nomor telepon salah bentuk"),
    "unit_unknown": lazy("unit tidak ada di struktur instansi"),
    "unit_ambiguous": lazy("nama unit ini ada beberapa; pakai kode unit atau unit induk"),
    "unit_own_parent": lazy("unit ini menyebut dirinya sendiri sebagai unit induk"),
    "unit_code_colon": lazy("kode unit memuat titik dua; pakai tanda lain"),
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

# What a question about the law can leave out or get wrong, by the name of the fact or of its field.
FACT_WORDS: dict[str, Any] = {
    "act": lazy("perbuatannya"), "form": lazy("bentuk perbuatannya"), "activity": lazy("kegiatannya"),
    "question": lazy("pertanyaannya"), "text": lazy("uraiannya"), "on": lazy("tanggalnya"), "region": lazy("wilayahnya"),
    "circumstance": lazy("keadaannya"), "facts": lazy("keadaan yang diandaikan"), "cites": lazy("dasarnya"),
    "valid_until": lazy("hari berlakunya"), "person": lazy("orangnya"), "who": lazy("siapa yang bertanya"),
    "employment": lazy("status kepegawaian (PNS, PPPK, …)"),
    "post": lazy("jabatannya"), "relation": lazy("hubungan dengan calon"), "election": lazy("pemilihannya"),
    "contest": lazy("siapa yang dipilih (presiden, DPR, DPD, DPRD, atau kepala daerah)"),
    "candidate_status": lazy("status calonnya pada hari itu"), "term": lazy("batas waktunya"),
    "start": lazy("hari mulainya"), "regime": lazy("pemilihan untuk batas waktu itu"), "length": lazy("panjangnya"),
    "level": lazy("tingkat pelanggaran atau hukumannya"), "post_level": lazy("jenjang jabatannya"),
    "superior_level": lazy("jenjang jabatan atasannya"), "agency_kind": lazy("jenis instansinya"),
    "levels_below": lazy("berapa tingkat di bawah kepala perwakilan"), "dismissal": lazy("apakah itu pemberhentian"),
    "authority": lazy("nama pejabatnya"), "capacity": lazy("bagaimana jabatan itu diisi"),
    "conflicts": lazy("alasan tidak boleh memutuskan"), "holders": lazy("siapa yang menjabat"),
    "leave": lazy("jenis cutinya"), "until": lazy("hari berakhirnya"), "vacant": lazy("apakah jabatan itu kosong"),
    "candidate": lazy("apakah ia calon"), "why": lazy("alasannya"),
    "appointed_by_president": lazy("apakah ia diangkat Presiden"), "is_ppk": lazy("apakah ia PPK"),
    "at_mission": lazy("apakah ia bertugas di perwakilan RI"), "reshuffle_ban": lazy("apakah penggantian pejabat dilarang"),
}  # fmt: skip

# What a field takes where it is no list of words, as the domain says it.
_KNOWN_WORDS: dict[str, Any] = {
    "text": lazy("teks di antara tanda kutip"), "a list": lazy("daftar"), "keys with values": lazy("kunci dengan isinya"),
    A_DAY: lazy("hari yang ada di kalender, ditulis 2024-11-27"), "1 …": lazy("1 atau lebih"),
    A_LOCAL_TIME: lazy("hari dan jam setempat, ditulis 2024-11-27T09:30"),
}  # fmt: skip

_REGIME_WORDS: dict[str, Any] = {"pilkada": lazy("Pilkada"), "pemilu": lazy("Pemilu")}

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
    "inquiry_state": {"waiting": lazy("Menunggu"), "answered": lazy("Dijawab")},
    "round_state": {"draft": lazy("Rancangan"), "issued": lazy("Terbit"), "closed": lazy("Ditutup")},
    "paper_state": {
        "waiting": lazy("Menunggu giliran"), "running": lazy("Sedang dibuat"), "ready": lazy("Siap diunduh"),
        "failed": lazy("Terhenti"), "gone": lazy("Sudah dihapus"),
    },
    "paper_kind": {"slips": lazy("Slip kode masuk"), "certificates": lazy("Himpunan sertifikat")},
    "change_kind": {
        "absent": lazy("tidak ada lagi di berkas"), "returned": lazy("tercatat lagi dengan penempatan baru"),
    },
    "sheet_why": {
        "hidden": lazy("tersembunyi"), "empty": lazy("kosong"), "no_header": lazy("tanpa baris judul kolom"),
        "other": lazy("tidak memuat nama orang"), "": lazy("judul kolomnya lain"),
    },
    "import_state": {
        "received": lazy("Diterima"), "reading": lazy("Sedang dibaca"), "previewed": lazy("Menunggu keputusan Anda"),
        "applying": lazy("Sedang disimpan"), "applied": lazy("Tersimpan"), "failed": lazy("Tidak terbaca"),
        "undoing": lazy("Sedang dibatalkan"), "undone": lazy("Dibatalkan"), "dropped": lazy("Ditinggalkan"),
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
    "event": {
        "installation.created": lazy("Instalasi dibuat"), "installation.started": lazy("Peladen dijalankan"),
        "installation.restored": lazy("Instalasi dipulihkan dari cadangan"),
        "agency.created": lazy("Instansi dibuat"), "agency.changed": lazy("Instansi diubah"),
        "unit.created": lazy("Unit dibuat"), "unit.changed": lazy("Unit diubah"),
        "roster.imported": lazy("Daftar pegawai diimpor"), "roster.import_undone": lazy("Impor dibatalkan"),
        "roster.exported": lazy("Daftar pegawai diekspor"), "person.changed": lazy("Data pegawai diubah"),
        "office.created": lazy("Jabatan dibuat"), "office.taken_over": lazy("Serah terima jabatan"),
        "office.left": lazy("Jabatan ditinggalkan"), "office.leave_recorded": lazy("Cuti pejabat dicatat"),
        "office.take_over_withdrawn": lazy("Serah terima jabatan ditarik"),
        "office.leave_withdrawn": lazy("Cuti pejabat ditarik"),
        "body.created": lazy("Badan dibentuk"), "body.member_added": lazy("Anggota badan ditambahkan"),
        "body.member_ended": lazy("Keanggotaan badan diakhiri"),
        "election.region_set": lazy("Angka pemilihan di wilayah dicatat"), "election.stage_moved": lazy("Tahapan digeser"),
        "role.granted": lazy("Peran diberikan"), "role.ended": lazy("Peran diakhiri"),
        "code.issued": lazy("Kode masuk diterbitkan"), "credential.set": lazy("Cara masuk dibuat atau diganti"),
        "credential.removed": lazy("Cara masuk dihapus"),
        "pact.round_created": lazy("Program pakta dibuat"), "pact.text_published": lazy("Teks pakta diterbitkan"),
        "pact.issued": lazy("Pakta diterbitkan kepada pegawai"), "pact.signed": lazy("Pakta ditandatangani"),
        "pact.refused": lazy("Pakta ditolak"), "pact.excused": lazy("Pegawai dikecualikan"),
        "pact.excuse_ended": lazy("Pengecualian diakhiri"), "pact.contested": lazy("Tanda tangan disangkal"),
        "pact.round_closed": lazy("Program pakta ditutup"), "pact.reminded": lazy("Pengingat dikirim"),
        "certificate.bundled": lazy("Himpunan sertifikat dibuat"),
        "gazette.checked": lazy("Aturan dibandingkan dengan berita negara"),
        "gazette.check_withdrawn": lazy("Catatan pembandingan ditarik"),
        "guidance.receipted": lazy("Bukti jawaban dibuat"), "opinion.asked": lazy("Pendapat diminta"),
        "opinion.given": lazy("Pendapat diberikan"), "opinion.published": lazy("Pendapat diterbitkan"),
        "opinion.withdrawn": lazy("Pendapat ditarik"),
        "opinion.lapsed": lazy("Pertanyaan tanpa jawaban dihapus"), "log.payload_erased": lazy("Isi entri log dihapus"),
        "report.filed": lazy("Laporan diterima"),
    },
    "confidence": {
        "confirmed": lazy("dua sumber atau lebih"), "one_source": lazy("satu sumber"), "uncertain": lazy("belum pasti"),
        "gazette": lazy("berita negara"),
    },
}  # fmt: skip

NOTICES: dict[str, Any] = {
    "pact_missing": lazy("Pakta “%(title)s” menunggu tanda tangan Anda."),
    "pact_text_changed": lazy(
        "Teks pakta “%(title)s” berganti. Anda menandatangani versi %(old)s; tanda tangan itu tetap tercatat, tetapi yang"
        " dihitung kini versi %(new)s. Baca lagi dan tandatangani."
    ),
    "code_issued": lazy(
        "Kode masuk sekali pakai yang baru dibuat untuk akun Anda. Bila Anda tidak memintanya, lihat siapa yang membuatnya"
        " dan tanyakan kepada petugas program."
    ),
}

# Where a message leads that was kept without an address of its own: the name of a URL.
NOTICE_PAGES: dict[str, str] = {"pact_text_changed": "my-pacts", "code_issued": "account"}


def sentence(error: DomainError) -> str:
    """Return the sentence for a refusal, in the reader's language."""
    details = error.details()
    values = {name: _shown(value) for name, value in details.items()}
    text = _REFUSALS.get(error.code)
    if error.code in _BY_VALUE:
        name, texts = _BY_VALUE[error.code]
        text = texts.get(str(details[name]), text)
    if error.code == "identifier_invalid" and details["fault"] in _FAULTS:
        return f"{_('Nomor itu tidak sah')}: {_FAULTS[details['fault']]}."
    if error.code == "pact_text_too_long":
        values |= {name: number(details[name]) for name in details}
    if error.code == "columns_not_mapped":
        values["missing"] = ", ".join(str(FIELD_WORDS[name]) for name in details["missing"])
    if error.code == "unknown_field" and details["known"]:
        text = _("Kunci “%(field)s” tidak dikenal di sini. Yang dikenal: %(known)s.")
    if "fact" in values:
        values["fact"] = fact_word(details["fact"])
    if error.code == "value_unknown":
        values["known"] = ", ".join(str(_KNOWN_WORDS.get(each, each)) for each in details["known"])
    if error.code == "term_regime_wrong":
        values |= {name: _REGIME_WORDS.get(details[name], details[name]) for name in ("regime", "given")}
    if error.code == "term_not_in_force":
        values["held"] = _held(details["held"])
    if error.code == "region_unknown" and not values["region"][:1].isdigit():
        text = lazy("Wilayah “%(region)s” tidak ditemukan. Tulis nama kabupaten, kota, atau provinsi, atau kodenya.")
    said = str(text or _("Permintaan ini ditolak.")) % values
    if error.code == "many_would_end" and details["unmatched"]:
        said = f"{said} {_('Perbaiki dulu baris yang ditolak: %(unmatched)s di antaranya mungkin tentang orang itu.') % values}"
    if error.code == "rule_not_in_force" and details["others"]:
        said = f"{said} {_('Pada hari itu perbuatan yang sama diatur oleh: %(others)s.') % values}"
    return said


def fact_word(name: str) -> str:
    """Return the words for what a question about the law left out or got wrong; the name itself where none are written."""
    return str(FACT_WORDS.get(name, name))


DEMO_PARTS: dict[str, tuple[Any, Any]] = {
    "civil_servant": (
        lazy("Pegawai"),
        lazy("Baca pakta yang menunggu, tandatangani, unduh sertifikatnya, lalu periksa sebagai orang lain."),
    ),
    "unit_head": (
        lazy("Kepala unit"),
        lazy("Lihat siapa di unit Anda yang sudah dan belum; unduh himpunan sertifikat."),
    ),
    "programme_officer": (
        lazy("Petugas program"),
        lazy("Impor daftar pegawai, terbitkan pakta, telusuri cakupan sampai satu sekolah, ingatkan yang belum."),
    ),
    "legal_bureau": (
        lazy("Bagian hukum"),
        lazy(
            "Jawab pertanyaan yang menunggu pendapat, terbitkan di perpustakaan, bandingkan aturan dengan berita negara."
        ),
    ),
    "other_officer": (
        lazy("Petugas kota tetangga"),
        lazy("Peran yang sama di instansi lain: tidak sedikit pun terlihat dari kota yang pertama."),
    ),
    "auditor": (lazy("Auditor"), lazy("Baca log: setiap tindakan penting meninggalkan satu komitmen.")),
    "administrator": (lazy("Administrator"), lazy("Kelola instansi, akun, dan peran. Tanpa akses ke isi.")),
}


def demo_part(key: str) -> tuple[str, str]:
    """Return how a role of the demo is called, and what can be done in it."""
    title, says = DEMO_PARTS[key]
    return str(title), str(says)


def part_of_day(text: str) -> str:
    """Write a day that is known to the day, the month or the year only: `2024-07-09`, `2023-09`, `2023`."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts):
        return text
    if len(parts) == 3:
        return day(date(int(parts[0]), int(parts[1]), int(parts[2])))
    if len(parts) == 2:
        return day(date(int(parts[0]), int(parts[1]), 1)).partition(" ")[2]
    return text


def day(value: date) -> str:
    """Write a date in words, in the reader's language: 27 November 2024."""
    if get_language() == "en":
        return f"{value.day} {value:%B} {value.year}"
    return days.in_words(value)


def number(value: int) -> str:
    """Write a count with the thousands apart, as pages do: 9.348, in English 9,348."""
    grouped = f"{value:,}"
    return grouped if get_language() == "en" else grouped.replace(",", ".")


def some_regions(total: int) -> str:
    """Say that an election is held in so many regions, which the facts do not name."""
    return _("%(n)s daerah; periksa apakah daerah Anda termasuk") % {"n": total}


def _held(span: str) -> str:
    """Say since when and until when a term held; two points stand for a side that is open."""
    first, _slash, last = span.partition("/")
    ends = {"from": "" if first in ("", "..") else first, "until": "" if last in ("", "..") else last}
    try:
        told = {name: day(date.fromisoformat(end)) if end else "" for name, end in ends.items()}
    except ValueError:
        return span
    if told["from"] and told["until"]:
        return _("dari %(from)s sampai %(until)s") % told
    return _("sejak %(from)s") % told if told["from"] else _("sampai %(until)s") % told


def stored_sentence(error: Mapping[str, str]) -> str:
    """Return the sentence for a refusal as it was kept with an import."""
    code = error.get("code", "")
    text = _REFUSALS.get(code, _("Permintaan ini ditolak."))
    if code in _BY_VALUE:
        name, texts = _BY_VALUE[code]
        text = texts.get(error.get(name, ""), text)
    try:
        return str(text) % error
    except (KeyError, ValueError):
        return _("Permintaan ini ditolak.")


def _shown(value: Any) -> Any:
    if isinstance(value, date):
        return day(value)
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
