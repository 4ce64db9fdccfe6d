"""The sentence for each code: refusals, faults of a row, and the words of the records."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain import days
from ikrar.domain.errors import A_DAY, A_LOCAL_TIME, DomainError

_REPORTS_REFUSED: dict[str, Any] = {
    "form": lazy("Laporan ini tidak dapat dibaca. Muat ulang halaman, lalu kirim lagi."),
    "too_large": lazy("Laporan ini lebih panjang daripada yang dapat diterima. Persingkat, atau kirim sebagai berkas."),
    "day": lazy("Tanggal itu belum terjadi, atau terlalu lama. Periksa harinya."),
    "body": lazy("Badan ini belum mempunyai kunci untuk menerima laporan. Pilih badan lain."),
    "keys_changed": lazy("Kunci badan ini baru saja berubah. Periksa lagi siapa yang dapat membuka, lalu lanjutkan."),
    "nobody": lazy(
        "Dengan pengecualian ini tidak seorang pun dapat membuka laporan. Pilih badan lain, atau kurangi pengecualian."
    ),
    "files": lazy("Berkasnya terlalu banyak: paling banyak 20."),
    "messages": lazy(
        "Kotak ini menerima paling banyak 20 kiriman sehari, dan 200 seluruhnya. Gabungkan yang ingin Anda sampaikan."
    ),
    "moved": lazy(
        "Sementara itu berkas lain masuk ke kotak ini. Yang Anda tulis dan pilih masih di sini; tekan sekali lagi."
    ),
    "work": lazy("Bukti kerja peramban sudah kedaluwarsa. Tekan sekali lagi; jawaban Anda masih di sini."),
}
_NAME_QUERIES_REFUSED: dict[str, Any] = {
    "empty": lazy("Tulis nama orang yang dicari."),
    "too_long": lazy("Tulis nama dalam satu baris: paling banyak %(longest)s huruf."),
    "titles_only": lazy("Yang tertulis hanya gelar. Tulis juga namanya."),
    "letter_only": lazy("Satu huruf dapat berarti terlalu banyak orang. Tulis namanya."),
    "denied_only": lazy("Yang ditulis hanya siapa yang tidak dimaksud. Tulis nama yang dimaksud."),
    "sentence": lazy("Yang ditulis adalah kalimat, dan nama di dalamnya tidak terbaca. Tandai namanya saja."),
    "salutation_only": lazy("Yang tertulis hanya sapaan. Tulis juga namanya."),
    "post_only": lazy("Yang tertulis hanya jabatan. Tulis juga nama atau unit kerjanya."),
    "unreadable": lazy("Tidak ada nama dalam huruf Latin yang dapat dibaca di sini."),
}
_NAME_INDEXES_BROKEN: dict[str, Any] = {
    "missing": lazy("Indeks nama belum dibuat."),
    "foreign": lazy("Berkas ini bukan indeks nama."),
    "version": lazy("Indeks nama ini dibuat oleh versi lain. Buat lagi."),
    "broken": lazy("Indeks nama ini terpotong atau berubah. Buat lagi."),
}
_NAME_FILES_WRONG: dict[str, Any] = {
    "missing": lazy("Berkas pegawai itu tidak ada atau tidak dapat dibaca."),
    "columns": lazy("Berkas pegawai ini tidak mempunyai kolom “%(column)s”. Kolom yang perlu: nip, nama, unit."),
    "unreadable": lazy("Berkas pegawai ini bukan CSV dalam UTF-8."),
    "quote": lazy(
        "Tanda kutip pada baris %(line)s tidak ditutup, sehingga baris sesudahnya terbaca sebagai isi satu sel. Perbaiki baris itu."
    ),
    "folder": lazy("Indeks tidak dapat ditulis di samping berkas pegawai itu: periksa hak tulis dan ruang foldernya."),
}
_REPORT_ACTS_REFUSED: dict[str, Any] = {
    "unopened": lazy("Buka dulu laporan ini dengan kunci Anda sendiri."),
    "same_person": lazy(
        "Bukti ditegaskan oleh orang kedua: orang lain daripada yang pertama membukanya, dan sekali saja."
    ),
    "state": lazy("Keadaan laporan ini sudah berubah, atau langkah itu tidak terbuka. Muat ulang halaman."),
    "moved": lazy("Sementara itu %(by)s mengubah laporan ini menjadi “%(to)s”. Tindakan Anda tidak dijalankan."),
    "withdrawn": lazy("Pelapor menarik laporan ini; ia tidak dibuka kembali."),
    "in_case": lazy("Laporan ini bagian dari sebuah perkara: kelanjutannya ditentukan di perkara itu, bukan di sini."),
    "reason_missing": lazy("Tulis alasannya: pelapor akan membacanya."),
    "not_yours": lazy("Laporan ini bukan pada badan Anda, atau kunci Anda tidak membuka bagian itu."),
    "recipients": lazy("Himpunan kunci berubah, atau kunci itu sudah menerima laporan ini. Muat ulang halaman."),
    "consent": lazy("Pelapor belum menyetujui bahwa namanya atau percakapannya diberikan kepada badan itu."),
    "offered": lazy("Salinan laporan ini sudah ditawarkan kepada badan itu."),
    "answered": lazy("Tawaran ini sudah dijawab."),
    "ordered": lazy(
        "Pilihan ini sudah dijalankan, di tab lain atau oleh klik sebelumnya. Muat ulang halaman untuk melihat hasilnya."
    ),
    "nobody": lazy("Tidak seorang pun akan dapat membukanya."),
    "excluded": lazy("Pelapor mengecualikan orang itu: laporan ini tidak disegel kepadanya."),
    "erased": lazy("Laporan ini telah dihapus: amplop kuncinya dimusnahkan, dan tidak seorang pun dapat membukanya."),
}
_REPORT_ACTS_REFUSED |= {
    "to_whom": lazy(
        "Sebut kepada badan mana laporan ini diteruskan, dan bagaimana: salinan yang sudah ditawarkan di sini, atau surat dengan"
        " nomornya. Laporan diteruskan dari meja laporan."
    ),
    "copy_missing": lazy(
        "Belum ada salinan laporan ini yang ditawarkan kepada badan itu, atau tawarannya ditolak atau ditarik. Tawarkan dulu"
        " salinannya, atau teruskan dengan surat."
    ),
    "nothing": lazy("Tidak ada laporan yang dipilih. Tandai laporannya, atau pilih semua yang cocok dengan saringan."),
    "bodies": lazy("Laporan yang dipilih ada pada lebih dari satu badan. Saring dulu menurut badan."),
    "many": lazy("Terlalu banyak sekaligus. Saring lebih sempit, misalnya menurut hari diterima."),
    "keys_changed": lazy(
        "Himpunan kunci berubah sejak halaman ini dibuka. Muat ulang halaman; tidak ada yang tersimpan."
    ),
    "secret": lazy("Rahasia sidik badan ini sudah lain. Muat ulang halaman, lalu buka laporan sekali lagi."),
    "few": lazy("Pilih sedikitnya dua laporan yang belum digabung."),
    "single": lazy("Laporan ini tidak tergabung dengan laporan lain. Muat ulang halaman."),
    "second_holder": lazy("Pemegang kunci lain yang memintanya, bukan yang perambannya mengecualikan orang itu."),
    "waiting": lazy(
        "Badan itu belum menjawab banyak salinan yang sudah ditawarkan badan Anda. Tunggu jawabannya, atau tarik dulu"
        " tawaran yang lain."
    ),
}
_CONCLUSIONS_DOUBTED: dict[str, Any] = {
    "named": lazy(
        "Pelapor menyebut namanya: alasan “tanpa nama” keliru, dan pelapor akan membacanya. Pilih alasan lain."
    ),
    "lacks": lazy(
        "Menurut pemeriksaan kelengkapan laporan ini masih kurang %(lacks)s syarat, sedangkan pelapor akan membaca bahwa"
        " laporannya lengkap."
    ),
    "complete": lazy(
        "Menurut pemeriksaan kelengkapan semua syarat laporan ini terpenuhi, sedangkan pelapor akan membaca bahwa sebagiannya"
        " belum."
    ),
    "in_time": lazy(
        "Menurut hari yang disebut pelapor, batas waktu melapor berlangsung sampai %(until)s, sedangkan pelapor akan membaca"
        " bahwa batas itu sudah lewat."
    ),
}
_REPORT_FILES_WRONG: dict[str, Any] = {
    "kind": lazy(
        "“%(name)s” bukan teks, gambar, suara, video, atau PDF. Berkas itu tidak diterima, dan tidak ada yang terkirim."
    ),
    "size": lazy("“%(name)s” lebih besar dari 50 MB. Kirim bagian yang penting saja; tidak ada yang terkirim."),
    "empty": lazy("“%(name)s” kosong. Pilih berkas lain; tidak ada yang terkirim."),
    "traces": lazy(
        "Data tentang pembuatnya tidak dapat dibuang dari “%(name)s” di sini. Kirim tangkapan layarnya, atau hapus tanda"
        " itu untuk mengirim apa adanya; tidak ada yang terkirim."
    ),
}
_FILING_RECEIPTS_WRONG: dict[str, Any] = {
    "form": lazy(
        "Ini bukan bukti penerimaan yang utuh. Tempelkan seluruh isinya, dari baris pertama sampai baris tanda tangan."
    ),
    "key": lazy("Kunci pemeriksa itu tidak dapat dibaca."),
    "other_log": lazy(
        "Bukti ini ditandatangani oleh catatan lain, bukan oleh layanan ini. Periksa di tempat laporan disampaikan."
    ),
    "unsigned": lazy(
        "Tanda tangan pada bukti ini tidak cocok: isinya berubah, atau bukti ini bukan buatan layanan ini."
    ),
    "unkept": lazy(
        "Tanda tangannya asli, tetapi entri yang dijanjikan tidak ada di catatan. Simpan bukti ini dan tunjukkan kepada pengawas:"
        " janji itu tidak dipenuhi."
    ),
}
_REPORTS_STAND: dict[str, Any] = {
    "registered": lazy("Laporan yang sudah diregistrasi tidak dapat ditarik kembali."),
    "closed": lazy("Laporan ini sudah ditutup; tidak ada lagi yang dapat ditambahkan."),
    "erased": lazy("Isi laporan ini sudah dihapus menurut aturan penyimpanan."),
    "named": lazy("Nama Anda sudah disampaikan dengan laporan ini."),
    "unread": lazy(
        "Isi laporan ini tidak terbuka, sehingga siapa yang Anda kecualikan tidak terbaca. Laporan ini tidak disegel kepada"
        " badan lain."
    ),
}
_CASE_STEPS_REFUSED: dict[str, Any] = {
    "unknown": lazy("Tata cara perkara ini tidak mengenal langkah itu."),
    "ended": lazy("Perkara ini sudah berakhir."),
    "state": lazy("Langkah ini tidak terbuka dalam keadaan perkara sekarang: ada langkah yang belum ditempuh."),
    "role": lazy("Langkah ini bukan untuk peran Anda."),
    "scope": lazy("Perkara ini di luar lingkup Anda."),
    "interest": lazy("Anda berkepentingan dalam perkara ini, atau sudah mengundurkan diri darinya."),
    "absent": lazy(
        "Pejabat yang berwenang tidak ambil bagian dalam perkara ini, dan hukum tidak mengenal pejabat lain di atasnya: langkah ini"
        " tidak dapat diambil atas namanya, juga tidak dari kertas. Konflik yang keliru dicatat dicabut badan yang menangani"
        " perkara ini; pengganti yang sah bertindak begitu ia memangku jabatannya; selain itu, beri tahu badan pengawas ASN."
    ),
    "missing": lazy("Yang disyaratkan langkah ini belum ada."),
    "before": lazy("Tanggalnya tidak berurutan: %(about)s."),
    "not_later": lazy("Hari yang kedua harus sesudah yang pertama: %(about)s."),
    "after": lazy("Tanggal itu melewati batasnya: paling lambat %(about)s."),
    "holiday": lazy("Hari itu bukan hari kerja: %(about)s."),
}
_TARGETS_REFUSED: dict[str, Any] = {
    "order": lazy("Peringatan datang sebelum hari terakhir, dan lama lewat sesudahnya: isi tiga angka yang naik."),
    "most": lazy("Paling lama %(most)s hari sampai disebut lama lewat."),
    "unchanged": lazy("Angkanya sama dengan yang berlaku; tidak ada yang berubah."),
    "changed": lazy("Target ini baru saja diubah orang lain. Periksa angkanya, lalu ubah lagi bila masih perlu."),
    "unknown": lazy("Target itu tidak ada dalam buku aturan."),
}
_RETENTION_REFUSED: dict[str, Any] = {
    "bounds": lazy("Masa simpan jenis ini antara %(least)s dan %(most)s hari."),
    "unchanged": lazy("Masa simpan jenis ini sudah sekian hari."),
    "too_soon": lazy("Perubahan yang lalu belum tiga puluh hari umurnya. Sesudah itu masa ini dapat diubah lagi."),
    "until": lazy("Pilih hari sesudah hari ini, paling lama setahun lagi."),
    "gone": lazy("Penahanan itu sudah berakhir, atau laporannya sudah dihapus."),
    "another": lazy("Penahanan ini dipasang badan lain; hanya badan itu yang mengakhirinya."),
}
_CASE_ACTS_REFUSED: dict[str, Any] = {
    "changed": lazy("Perkara ini sudah berubah sejak halaman ini ditampilkan. Muat ulang, lalu periksa sekali lagi."),
    "not_yours": lazy("Perkara atau tindakan ini tidak termasuk wewenang Anda."),
    "conflict": lazy("Anda tidak ambil bagian dalam perkara ini."),
    "own_matter": lazy("Tidak seorang pun menangani perkaranya sendiri."),
    "relative": lazy("Perkara keluarga sendiri tidak ditangani sendiri."),
    "superior": lazy("Yang memeriksa tidak boleh bawahan dari yang diperiksa."),
    "rank": lazy("Jabatan pemeriksa tidak boleh lebih rendah daripada jabatan yang diperiksa."),
    "drafter": lazy("Yang menyusun konsep tidak memutus. Minta orang lain."),
    "same_person": lazy("Langkah ini dilakukan orang kedua, bukan orang yang sama."),
    "unopened": lazy("Buka dulu laporan itu sendiri, lalu lanjutkan."),
    "in_case": lazy("Laporan ini sudah berada dalam sebuah perkara."),
    "report_state": lazy("Laporan dalam keadaan ini tidak dapat diregistrasi."),
    "respondents": lazy("Isi sedikitnya satu terlapor, masing-masing satu kali."),
    "person": lazy(
        "Pilih orangnya dari daftar, atau gambarkan orang luar itu: salah satu saja, dengan status kepegawaiannya."
    ),
    "nobody_placed": lazy("Tempat tugas orang ini pada hari itu tidak ditemukan."),
    "closed": lazy("Perkara atau terlapor ini sudah selesai."),
    "assigned": lazy("Orang ini sudah ditugasi dalam perkara ini."),
    "not_assigned": lazy("Orang ini tidak sedang ditugasi dalam perkara ini."),
    "not_examiner": lazy(
        "Jawaban terlapor hanya dicatat oleh mereka yang ditugasi memeriksanya. Minta yang mengatur tim perkara ini menugasi Anda."
    ),
    "text": lazy("Isian wajib masih kosong atau terlalu panjang."),
    "evidence": lazy("Bukti atau dugaan itu sudah ada, atau bagian laporan itu tidak dapat dikeluarkan."),
    "step": lazy("Langkah ini mempunyai halamannya sendiri."),
    "drafted": lazy("Sudah ada konsep atau keputusan untuk terlapor ini."),
    "decided": lazy("Keputusan sudah dijatuhkan: tidak diputus dua kali, dan dugaan yang diputus tidak diubah lagi."),
    "not_decided": lazy("Belum ada keputusan, jadi belum ada yang disampaikan."),
    "not_sent": lazy(
        "Keputusan dikirim ke alamat terakhir hanya bila terlapor tidak hadir saat disampaikan. Catat dulu bahwa"
        " penyampaiannya tidak dihadiri dan langkah Kirim ke alamat terakhir, lalu catat kapan diterima."
    ),
    "not_confirmed": lazy(
        "Keputusan ini memakai aturan yang belum dibandingkan dengan lembaran negara, atau yang diperselisihkan. Orang kedua"
        " harus menegaskannya lebih dulu."
    ),
    "punisher": lazy(
        "%(about)s menjatuhkan hukuman ini sendiri; keberatan diputus atasannya. Periksa penanda tangannya; bila orang lain yang"
        " senama, tandai di bawah."
    ),
    "own_number": lazy(
        "Nomor putusan ini sama dengan nomor keputusan yang diajukan keberatan atau banding: %(number)s, tanggal %(on)s."
        " Putusan mempunyai nomornya sendiri dari kantor yang memutus. Periksa nomornya; bila kantor itu memang memberi nomor"
        " yang sama, tandai di bawah."
    ),
    "same_letter": lazy(
        "Nomor dan tanggal putusan ini sama dengan keputusan yang diajukan keberatan atau banding: %(number)s, tanggal %(on)s. Itu"
        " keputusannya sendiri; tulis nomor dan tanggal pada surat putusan."
    ),
    "number_used": lazy(
        "Nomor ini sudah dipakai pada keputusan lain instansi ini, tanggal %(about)s. Periksa nomornya; bila memang sama, tandai"
        " di bawah."
    ),
    "ruling_number_used": lazy(
        "Nomor ini sudah dipakai pada keputusan atau putusan perkara lain di sini, tanggal %(about)s. Periksa nomornya; bila memang"
        " sama, tandai di bawah."
    ),
    "outdated": lazy(
        "Sesudah konsep ini disusun, rekomendasi, usul, dugaan, atau status aturannya berubah. Konsep ini tidak dapat diputus lagi:"
        " staf kepegawaian membatalkannya, lalu menyusun yang baru."
    ),
    "no_allegation": lazy(
        "Tidak ada dugaan yang masih berlaku terhadap terlapor ini, jadi tidak ada yang dapat diputus. Pemeriksa mencatat dugaannya"
        " lagi, atau badan yang menangani perkara ini mencoret terlapornya."
    ),
    "departure": lazy("Keputusan ini lain dari yang direkomendasikan atau diusulkan. Tulis alasannya."),
    "paper": lazy("Isi nomor surat, penanda tangan dan pindaian keputusan yang ditandatangani."),
    "beside": lazy("Tidak ada dugaan yang dijawab lewat jalur itu, atau perkara ini sudah terbuka juga di jalur itu."),
    "scan": lazy(
        "Lampirkan pindaian dokumen yang ditandatangani pejabatnya: tanpa itu langkah ini tidak dapat dicatat atas namanya."
    ),
    "gone": lazy(
        "Terlapor sudah tidak lagi dalam dinas (pensiun, meninggal, atau keluar); hukuman tidak dapat dijatuhkan."
    ),
    "authority": lazy("Pada hari itu tidak diketahui siapa yang berwenang memutus. Periksa pemangku jabatannya."),
    "not_holder": lazy("Jabatan yang berwenang memutus dipangku orang lain pada saat itu."),
    "body_gone": lazy("Badan itu tidak ada lagi, atau belum ada, pada hari itu."),
    "nobody": lazy("Badan itu belum mempunyai petugas yang dapat menerima. Minta administrator memberi perannya dulu."),
    "power": lazy("Tindakan itu bukan wewenang badan Anda terhadap instansi ini pada hari itu."),
    "sent": lazy("Perkara ini sedang menunggu jawaban badan lain, atau sudah berada di badan itu."),
    "behind": lazy(
        "Terlapor lain dalam perkara ini berada di keadaan lain, dan di badan itu tidak ada yang dapat melanjutkannya. "
        "Bawa semuanya ke keadaan yang sama, rujuk ke luar yang pejabatnya tidak ada di sini, atau hentikan yang tidak diteruskan"
        " dengan alasan."
    ),
    "answered": lazy("Pelimpahan ini sudah dijawab."),
    "reason": lazy("Pilih alasannya."),
    "clock": lazy("Tenggat itu tidak sedang berjalan, atau aturannya tidak berlaku pada hari itu."),
    "other_side": lazy(
        "Orang ini bukan dari pihak Anda. Yang dari badan atau instansi lain diatur pihaknya sendiri, atau ia mengundurkan diri."
    ),
    "of_agency": lazy(
        "Perkara ini sudah pada instansi terlapor: yang memeriksa ditugaskan pejabat yang berwenang di instansi itu, bukan badan"
        " ini."
    ),
    "element": lazy("Pilih unsur yang diwakili anggota tim ini."),
    "element_taken": lazy(
        "Setiap terlapor mempunyai satu atasan langsung, dan atasan itu sudah ada dalam tim. Akhiri dulu penugasannya, atau"
        " tugaskan orang ini untuk unsur lain."
    ),
    "no_role": lazy(
        "Orang ini tidak memegang peran yang diminta tugas itu (%(about)s). Minta administrator memberinya peran itu dulu, lalu"
        " tugaskan."
    ),
    "team": lazy(
        "Tim belum lengkap, %(there)s dari %(most)s. Belum ada: %(about)s. Tugaskan dulu, lalu bentuk timnya."
    ),
    "own_clock": lazy(
        "Tenggat ini mengikat pihak Anda sendiri. Hanya pihak lain yang menangani perkara ini yang mengubahnya."
    ),
    "too_long": lazy("Target diperpanjang paling lama sepanjang target itu sendiri setiap kali: %(about)s hari."),
    "holidays": lazy("Hari libur tahun itu belum diketahui, jadi tenggatnya belum dapat dihitung."),
    "dates": lazy("Tanggal itu tidak dapat dipakai: sudah lewat."),
    "target_running": lazy(
        "Pada hari itu target pejabatnya belum lewat, jadi ia belum diam: tindakan dapat bertanggal %(about)s atau sesudahnya."
    ),
    "not_today": lazy(
        "Yang ditandatangani di sini bertanggal hari penandatanganannya. Muat ulang halaman ini, lalu tanda tangani."
    ),
    "number": lazy("Perkara ini sudah bernomor, atau nomor itu sudah dipakai perkara lain."),
    "filters_full": lazy(
        "Sudah ada dua puluh saringan tersimpan. Hapus yang tidak dipakai lagi, lalu simpan yang baru."
    ),
    "filter_taken": lazy("Saringan dengan nama itu sudah ada. Pilih nama lain."),
    "filter_gone": lazy("Saringan itu tidak ada lagi."),
    "outcome": lazy(
        "Isi putusan itu tidak cocok dengan sanksinya: yang meringankan lebih ringan, yang memperberat lebih berat."
    ),
    "own_proceeding": lazy(
        "Putusan keberatan tidak dapat menjadi pemberhentian: pemberhentian memerlukan pemeriksaannya sendiri. Ini bacaan buku"
        " aturan ini, belum dipastikan; BPASN tidak terikat olehnya."
    ),
}
_BODIES_IN_USE: dict[str, Any] = {
    "roles": lazy(
        "Masih ada yang bertindak untuk badan ini. Akhiri dulu perannya satu per satu, lalu akhiri badannya."
    ),
    "referrals": lazy("Badan ini masih berutang jawaban atas sebuah pelimpahan. Jawab atau tolak dulu pelimpahan itu."),
    "cases": lazy("Masih ada perkara yang ditangani badan ini. Kembalikan atau selesaikan dulu perkara itu."),
    "ended": lazy("Badan ini sudah berakhir."),
    "inside": lazy("Badan ini milik sebuah instansi; petugas program instansi itu yang mengelolanya."),
}
_CLIPPINGS_REFUSED: dict[str, Any] = {
    "empty": lazy("Tempelkan teksnya, atau tulis alamat halamannya."),
    "too_long": lazy(
        "Teks ini %(length)s huruf; yang disimpan paling panjang %(most)s. Yang Anda tempel masih ada di sini: ambil bagian yang"
        " perlu, atau simpan sebagai dua kliping."
    ),
    "address": lazy("Alamat ini bukan alamat halaman. Tulis yang berawal http:// atau https://, tanpa spasi."),
    "credentials": lazy("Alamat ini memuat nama pengguna atau kata sandi. Hapus bagian sebelum tanda @."),
    "seen_at": lazy("Saat itu belum tiba, atau lebih dari sepuluh tahun yang lalu. Periksa hari dan jamnya."),
    "reason_missing": lazy("Tulis catatan atau alasannya."),
    "day": lazy("Tandai tepat satu hari dan periksa tanggalnya; kegiatan mempunyai satu hari."),
    "title": lazy("Tulis judulnya."),
    "gone": lazy(
        "Kliping ini sudah dibuang. Untuk memakainya lagi, tunggu sampai terhapus, lalu tempelkan sekali lagi."
    ),
    "moved": lazy(
        "Sementara halaman ini terbuka, kliping ini sudah dipakai atau usulannya berubah. Periksa lagi, lalu pilih sekali lagi."
    ),
}
_FINDING_REFUSED: dict[str, Any] = {
    "region": lazy("Tempat itu tidak dikenal, atau di luar jangkauan badan Anda."),
    "index": lazy("Daftar nama sedang disusun. Coba lagi beberapa menit lagi."),
    "pace": lazy("Terlalu banyak pencarian dalam satu menit. Tunggu sebentar, lalu cari lagi."),
    "hour": lazy(
        "Dalam satu jam ini Anda sudah mencari lebih banyak nama daripada yang dapat dibaca seseorang. Pencarian terbuka lagi"
        " %(minutes)s menit lagi. Bahwa batas ini tercapai dicatat di log; apa yang dicari tidak disimpan di mana pun."
    ),
}
_REFUSALS: dict[str, Any] = {
    "case_act_refused": lazy("Tindakan pada perkara ini tidak diterima."),
    "clipping_refused": lazy("Kliping ini tidak diterima."),
    "clipping_known": lazy("Teks yang sama sudah disimpan sebelumnya. Tidak ada yang disimpan dua kali."),
    "finding_refused": lazy("Pencarian ini tidak dapat dijalankan."),
    "name_query_refused": lazy("Dengan kata-kata ini tidak seorang pun dapat dicari."),
    "name_index_broken": lazy("Indeks nama tidak dapat dipakai. Buat lagi."),
    "name_file_wrong": lazy("Berkas pegawai ini tidak dapat dipakai untuk mencari nama."),
    "report_refused": lazy("Laporan ini tidak diterima."),
    "report_act_refused": lazy("Tindakan ini tidak diterima."),
    "conclusion_doubted": lazy("Simpulan ini bertentangan dengan yang tercatat."),
    "procedure_unknown": lazy("Tata cara untuk hari dan jalur itu tidak ada dalam buku aturan."),
    "case_step_refused": lazy("Langkah ini tidak diterima."),
    "body_in_use": lazy("Badan ini belum dapat diakhiri."),
    "sanction_outside_band": lazy("Sanksi itu di luar rentang yang dibolehkan pasalnya."),
    "intake_full": lazy(
        "Saluran ini sudah menerima sebanyak yang dapat ditampung hari ini untuk badan itu. Tidak ada yang terkirim;"
        " besok saluran ini terbuka lagi."
    ),
    "report_file_wrong": lazy("Berkas itu tidak diterima."),
    "storage_full": lazy(
        "Tempat penyimpanan penuh: tidak ada yang diterima dan tidak ada yang tertinggal. Coba lagi nanti."
    ),
    "filing_receipt_wrong": lazy("Bukti ini tidak sah."),
    "answers_lost": lazy(
        "Jawaban yang dibawa formulir ini tidak dapat dibuka lagi: sudah terlalu lama, atau layanan baru dimulai ulang."
        " Tidak ada yang tersimpan dan tidak ada yang terkirim."
    ),
    "target_refused": lazy("Target tidak berubah."),
    "retention_refused": lazy("Masa simpan tidak berubah."),
    "mailbox_unknown": lazy(
        "Tidak ada kotak laporan yang terbuka dengan kode ini. Periksa kata demi kata dengan catatan Anda."
    ),
    "mailbox_busy": lazy(
        "Terlalu banyak kode salah dalam satu menit ini. Kode yang benar tetap diterima; coba lagi sebentar."
    ),
    "report_stands": lazy("Itu tidak dapat dilakukan pada keadaan laporan ini."),
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
    "import_interrupted": lazy(
        "Pekerjaan ini terputus sebelum selesai, misalnya karena peladen dihentikan. Tidak ada yang disimpan; ulangi."
    ),
    "import_state_wrong": lazy("Impor ini sudah tidak pada tahap itu. Muat ulang halaman."),
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
    "agency_parent_wrong": lazy(
        "%(agency)s (%(kind)s) tidak dapat berada di bawah %(above)s (%(kind_above)s). Kabupaten dan kota berada di bawah"
        " provinsinya sendiri; provinsi tidak di bawah siapa pun."
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
    "holding_rested_on": lazy(
        "Sudah ada yang menggantikan atau bertugas karena catatan ini, jadi catatan ini tidak dapat ditarik. Akhiri saja."
    ),
    "dates_in_wrong_order": lazy("Tanggal akhir mendahului tanggal awal."),
    "stage_out_of_order": lazy(
        "Pada hari-hari itu urutan tahapan berubah terhadap tahapan lain. Periksa harinya; bila memang begitu, centang."
    ),
    "day_too_far": lazy("%(day)s terlalu jauh. Periksa tahunnya: hari itu harus antara %(first)s dan %(last)s."),
    "person_not_of_agency": lazy("Orang ini bukan pegawai instansi tersebut."),
    "holder_from_outside": lazy(
        "Jabatan ini hanya untuk pegawai di daftar pegawai instansi ini. Dari luar daftar boleh kepala daerah dan penjabatnya; "
        "pada jabatan lain yang tidak terikat unit, seperti wakil kepala daerah, hanya pemegang definitif."
    ),
    "office_vacant": lazy(
        "Pada saat itu jabatan ini tidak ada pemegangnya, jadi tidak ada yang cuti. Catat dulu serah terimanya."
    ),
    "leave_overlaps": lazy(
        "Sudah tercatat cuti dari %(first)s sampai %(last)s. Akhiri atau batalkan yang itu dulu, atau pilih hari lain."
    ),
    "leave_over": lazy("Cuti ini sudah berakhir atau sudah dibatalkan. Muat ulang halaman."),
    "leave_not_running": lazy("Cuti ini berjalan dari %(first)s sampai %(last)s. Pilih saat di antaranya."),
    "capacity_not_acting": lazy("Pengganti selama cuti tidak mungkin definitif. Pilih Plt., Plh., Pj., atau Pjs."),
    "stand_in_is_holder": lazy("Orang ini yang cuti; ia tidak dapat menggantikan dirinya sendiri."),
    "stand_in_on_leave": lazy(
        "Orang ini sendiri tercatat cuti dari %(first)s sampai %(last)s. Pilih orang lain, atau catat tanpa pengganti."
    ),
    "stand_in_away": lazy(
        "Menurut daftar pegawai orang ini sedang cuti. Pilih orang lain, atau perbarui datanya dulu."
    ),
    "hand_over_in_past": lazy(
        "%(at)s sudah lewat. Periksa tanggalnya; bila memang sudah terjadi, centang bahwa ini dicatat sesudahnya."
    ),
    "duty_text_empty": lazy("Tulis apa yang harus tetap berjalan."),
    "duty_without_owner": lazy("Pilih sekurangnya satu jabatan atau satu kelompok unit dari instansi ini."),
    "duty_not_yours": lazy(
        "Tugas ini sekarang ada pada orang lain: pemegang jabatannya, kepala unitnya, atau yang menggantikannya."
    ),
    "duty_over": lazy("Tugas ini sudah diakhiri. Tidak ada lagi yang dicatat."),
    "duty_day_wrong": lazy("Pilih hari antara %(first)s dan %(last)s."),
    "address_of_nobody": lazy("Tidak ada orang di sini dengan alamat ini, atau alamatnya tidak pada daftar itu."),
    "nobody_selected": lazy("Tidak ada yang terpilih. Centang dulu orangnya, atau pilih semua orang pada daftar ini."),
    "selection_too_large": lazy(
        "%(people)s orang terpilih; satu per satu paling banyak %(most)s sekaligus. Belum ada yang dilakukan. Pilih semua orang"
        " pada daftar ini atau pada daftar unit di bawahnya, atau bagi pilihannya."
    ),
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
    "account_unknown": lazy("Tidak ada akun dengan nama masuk “%(name)s”."),
    "reset_not_yours": lazy("Akun ini tidak dapat diatur ulang oleh Anda."),
    "reset_of_oneself": lazy("Ini akun Anda sendiri. Cara masuk Anda diatur di halaman Akun saya."),
    "second_step_stands": lazy(
        "Akun ini memakai langkah kedua. Kode pada slip menggantikan kata sandinya saja; bila perangkatnya hilang, minta"
        " petugas mengatur ulang cara masuk Anda."
    ),
    "role_not_given": lazy(
        "Peran ini tidak diberikan dengan tangan: ia mengikuti daftar pegawai, jabatan, atau slip saksi."
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
    "recipient_wrong": lazy("Ini bukan kunci penerima age yang sah."),
    "return_code_wrong": lazy("Kata “%(word)s” tidak ada dalam daftar kata. Periksa ejaannya."),
    "seal_broken": lazy("Segel ini tidak dapat dibuka: kuncinya lain, atau isinya berubah."),
    "key_set_wrong": lazy("Himpunan kunci ini tidak sah."),
    "key_set_proposed": lazy("Sudah ada usulan yang menunggu tanda tangan. Tandatangani atau tarik dulu yang itu."),
    "officer_key_wrong": lazy("Kunci ini tidak diterima."),
    "not_a_demo": lazy("Ini instalasi sungguhan: orang rekaan tidak pernah masuk ke sini."),
    "already_installed": lazy("Di sini sudah ada instalasi. Tidak ada yang diubah."),
    "not_installed": lazy("Belum ada instalasi. Jalankan 'ikrar init', atau 'ikrar load-scenario all' untuk demo."),
    "scenario_unknown": lazy("Skenario “%(scenario)s” tidak ada. Yang ada: %(known)s."),
    "scenario_out_of_order": lazy(
        "Skenario “%(scenario)s” terjadi sebelum “%(later)s”, yang sudah dimuat di provinsi yang sama. Muat keduanya bersama"
        " di tempat yang kosong, atau mulai dari yang lebih dahulu. Tidak ada yang diubah."
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
    "compared_in_future": lazy("%(day)s belum tiba. Tulis hari pembandingannya dilakukan."),
    "day_in_future": lazy("%(day)s belum tiba. Tulis hari terjadinya, paling lambat hari ini."),
    "guidance_busy": lazy("Saat ini terlalu banyak yang masuk. Tidak ada yang disimpan; coba lagi dalam satu jam."),
    "office_does_not_answer": lazy("Instansi atau badan ini tidak menerima pertanyaan di sini. Pilih yang lain."),
    "opinion_already_given": lazy("Pertanyaan ini sudah dijawab. Pendapat yang pertama berlaku."),
    "opinion_incomplete": lazy("Pendapat ini belum lengkap. Isi dulu %(fact)s."),
    "opinion_already_published": lazy("Pendapat ini sudah ada di perpustakaan."),
    "second_look_missing": lazy(
        "Baca sekali lagi teks yang akan terbit, lalu centang bahwa tidak ada yang menunjuk seseorang."
    ),
    "text_names_somebody": lazy("Teks ini memuat nomor atau alamat seseorang (“%(found)s”). Hapus dulu."),
    "activity_state_wrong": lazy("Keadaan kegiatan ini baru saja berubah. Muat ulang halaman."),
    "activity_day_absurd": lazy("%(on)s bukan tanggal yang masuk akal untuk kegiatan. Periksa tahunnya."),
    "activity_in_past": lazy(
        "%(on)s sudah lewat (hari ini %(today)s). Pindahkan tanggalnya dulu, atau buka sebagai kegiatan yang"
        " sudah berlangsung."
    ),
    "activity_not_yet": lazy("Daftar hadir baru dapat dibuka pada harinya, %(on)s."),
    "hours_in_wrong_order": lazy(
        "Jam selesai harus sesudah jam mulai pada hari yang sama, dan jam mulai harus diisi. Bila acara melewati tengah malam,"
        " kosongkan jam selesai: kehadiran masih dicatat sampai hari berikutnya."
    ),
    "nobody_invited": lazy("Belum ada yang diundang. Tambahkan unit, orang, atau tamu dulu."),
    "activity_attended": lazy(
        "%(people)s orang sudah tercatat hadir, jadi harinya tidak dapat dipindah atau dibatalkan. Tutup saja"
        " kegiatannya, atau coret dulu yang salah catat."
    ),
    "activity_signed": lazy(
        "Di kegiatan ini sudah ditandatangani %(people)s pakta, dan sertifikatnya menyebut judul, tempat, dan harinya. Karena"
        " itu kegiatan ini tidak dapat diubah, dipindah, atau dibatalkan. Tutup saja kegiatannya."
    ),
    "nothing_moved": lazy("Hari, jam, dan tempatnya masih sama. Ubah salah satunya."),
    "check_in_code_wrong": lazy(
        "Kode ini tidak berlaku: sudah lewat, salah ketik, atau dari kegiatan lain. Ketik atau pindai kode"
        " yang sekarang tampil di layar tempat acara."
    ),
    "too_many_guesses": lazy(
        "Terlalu banyak kode yang salah. Tunggu %(minutes)s menit, atau minta panitia mencatat Anda."
    ),
    "not_invited": lazy(
        "Unit atau nama ini tidak termasuk yang diundang ke kegiatan ini. Bila mestinya diundang, temui"
        " panitia di tempat acara."
    ),
    "on_leave_now": lazy(
        "Menurut daftar pegawai Anda sedang cuti. Bila Anda memang hadir, minta panitia mencatat Anda dari daftar."
    ),
    "quota_full": lazy("Kuota %(quota)s orang sudah penuh. Temui panitia di tempat acara."),
    "share_exceeded": lazy(
        "Anda memilih %(people)s orang, sedangkan tempat yang tersisa %(left)s. Tidak ada yang dicatat."
    ),
    "not_of_share": lazy(
        "Salah seorang yang dipilih tidak lagi di unit ini, sudah diundang, atau sudah hadir. Tidak ada yang dicatat; pilih"
        " lagi dari daftar di bawah."
    ),
    "attendance_struck": lazy(
        "Panitia mencoret kehadiran ini: %(reason)s. Bila itu keliru, temui panitia; ia dapat mencatat Anda lagi."
    ),
    "attendance_settled": lazy("Tidak ada yang diubah: keadaannya sudah seperti itu."),
    "minutes_final": lazy("Notulen sudah final dan tidak berubah lagi."),
    "minutes_empty": lazy("Notulen masih kosong. Tulis dulu isinya."),
    "decision_without_owner": lazy("Pilih satu penanggung jawab: satu jabatan, atau satu unit."),
    "decision_due_too_early": lazy(
        "%(day)s mendahului hari kegiatannya. Periksa tanggalnya: paling cepat %(first)s, atau kosongkan."
    ),
    "decision_settled": lazy("Keputusan ini sudah dinyatakan selesai, atau notulennya belum final."),
    "evidence_missing": lazy("Tulis apa yang menunjukkan bahwa ini sudah dikerjakan."),
    "list_too_long": lazy(
        "Daftar ini memuat %(people)s orang; sekali cetak paling banyak %(most)s. Buka unit di bawahnya dan cetak per unit."
    ),
    "photos_full": lazy("Sudah ada %(most)s foto. Hapus satu dulu."),
    "number_pattern_wrong": lazy("Pola nomor ini tidak dapat dipakai."),
    "numberings_alike": lazy(
        "Pola ini akan menghasilkan nomor yang sama dengan jenis surat “%(kind)s”. Tambahkan {code} atau tanda lain yang"
        " membedakan."
    ),
    "numbering_backwards": lazy("Nomor %(last)s sudah terpakai. Tulis angka itu atau yang lebih besar."),
    "numbering_year_over": lazy(
        "Penomoran tahun %(year)s sudah berjalan; surat bertanggal tahun sebelumnya tidak dinomori lagi."
    ),
    "letterhead_too_long": lazy(
        "Kop surat paling banyak %(most_lines)s baris, dan tiap baris paling banyak %(most_letters)s huruf."
    ),
    "letter_number_taken": lazy("Nomor %(number)s sudah dipakai surat lain dari instansi ini. Periksa lagi nomornya."),
    "circular_text_empty": lazy("Tulis isinya (pembuka atau butir-butir), atau lampirkan berkas PDF."),
    "circular_text_too_long": lazy(
        "Naskah ini terlalu panjang. Paling banyak %(most_points)s butir, dan %(most_letters)s huruf seluruhnya."
    ),
    "circular_day_wrong": lazy("Tanggal %(day)s tidak dapat dipakai di sini."),
    "question_faulty": lazy("Pertanyaan %(place)s belum lengkap."),
    "questions_too_many": lazy("Paling banyak %(most)s pertanyaan."),
    "answers_wrong": lazy(
        "Jawaban untuk pertanyaan %(places)s belum tepat. Baca penjelasannya, lalu jawab lagi. Edaran ini belum"
        " dikonfirmasi."
    ),
    "circular_not_open": lazy("Edaran ini tidak terbuka untuk itu."),
    "circular_changed": lazy(
        "Isi edaran ini berubah setelah Anda membukanya. Tidak ada yang tersimpan; baca lagi yang sekarang."
    ),
    "circular_reaches_nobody": lazy(
        "Menurut daftar pegawai hari ini tidak seorang pun termasuk sasaran. Periksa unit, jabatan, dan statusnya."
    ),
    "circular_already_replaced": lazy("Sudah ada edaran atau rancangan lain yang menggantikan edaran ini."),
    "not_addressed": lazy("Edaran ini tidak ditujukan kepada Anda."),
    "file_empty": lazy("Berkas ini kosong. Pilih berkas yang lain."),
    "file_too_big": lazy("Berkas ini %(size)s, padahal paling besar %(most)s. Kecilkan dulu, lalu unggah lagi."),
    "file_kind_wrong": lazy("Hanya berkas %(kinds)s yang diterima di sini, apa pun nama berkasnya."),
    "file_damaged": lazy("Berkas ini rusak dan tidak dapat dibaca. Pilih yang lain, atau foto lagi."),
    "file_lost": lazy("Berkas ini tercatat, tetapi isinya tidak ada lagi di peladen. Beri tahu administrator."),
    "ceremony_not_open": lazy("Acara ini belum dibuka atau sudah ditutup. Tanyakan kepada panitia."),
    "ceremony_without_pact": lazy(
        "Pada acara ini tidak ada pakta yang ditandatangani. Pilih dulu paktanya di halaman acara."
    ),
    "witness_code_refused": lazy(
        "Kode ini tidak dikenal, sudah tidak berlaku, atau terlalu sering dicoba. Periksa lagi tiap hurufnya, tunggu lima"
        " belas menit, atau minta slip baru kepada panitia."
    ),
    "witness_not_arrived": lazy(
        "Anda belum dicatat hadir. Sampaikan kepada panitia di tempat acara; sesudah itu pernyataan dapat ditandatangani."
    ),
    "nobody_signed_yet": lazy(
        "Belum ada yang menandatangani pakta pada acara ini. Saksi menandatangani sesudah mereka."
    ),
    "statement_changed": lazy(
        "Isi pernyataan berubah setelah Anda membukanya. Anda belum menandatangani apa pun; baca yang baru di bawah ini."
    ),
    "witness_already_signed": lazy("Pernyataan saksi ini sudah ditandatangani dan tidak berubah lagi."),
    "name_missing": lazy("Tulis namanya."),
    "witness_name_differs": lazy(
        "Anda dicatat hadir sebagai %(received)s. Tandatangani dengan nama itu; bila salah, minta panitia memperbaikinya dahulu."
    ),
    "no_office_chosen": lazy("Pilih sekurangnya satu jabatan."),
    "office_out_of_reach": lazy("Jabatan ini bukan milik instansi Anda atau instansi di bawahnya."),
    "holder_on_roster": lazy(
        "Pemegang jabatan ini ada di daftar pegawai. Slip kodenya dicetak dari halaman pegawainya."
    ),
    "office_without_holder": lazy("Pemegang jabatan ini belum tercatat. Catat dulu namanya di halaman jabatan."),
    "sheet_unknown": lazy("Tidak ada lembar instansi Anda dengan kode ini. Periksa lagi kodenya."),
    "sheet_two_codes": lazy("Pada satu gambar ada kode dua orang. Foto atau pindai lagi satu lembar satu gambar."),
    "sheet_of_older_text": lazy(
        "Lembar ini memuat teks yang sudah diganti. Cetak lembar baru dan minta orangnya menandatangani lagi."
    ),
    "sheet_signed_meanwhile": lazy(
        "Orang ini sudah menandatangani teks yang sama. Tanda tangan yang ada berlaku; lembar ini tidak diperlukan lagi."
    ),
    "sheet_not_open": lazy(
        "Pakta ini sudah ditutup, atau orangnya pindah, tidak bertugas lagi, atau dikecualikan. Lembar ini tidak dapat dicatat."
    ),
    "sheet_day_wrong": lazy(
        "Hari pada lembar harus antara hari lembar dicetak (%(printed_on)s) dan hari ini (%(today)s). Baca lagi tanggal yang"
        " ditulis tangan."
    ),
    "sheet_already_read": lazy(
        "Lembar ini sudah dicocokkan dari gambar lain. Lihat di daftar “Dicocokkan” atau “Ditegaskan”."
    ),
    "scan_seen_before": lazy("Gambar yang persis sama sudah pernah diserahkan. Tidak ada yang disimpan lagi."),
    "scan_state_wrong": lazy("Gambar ini baru saja diproses orang lain. Muat ulang halaman."),
    "second_person_missing": lazy(
        "Yang mencocokkan tidak dapat menegaskan sendiri. Minta petugas lain membuka gambar ini."
    ),
    "own_sheet": lazy("Ini lembar Anda sendiri. Petugas lain yang memprosesnya."),
    "too_many_pages": lazy(
        "Berkas PDF ini berisi %(pages)s halaman; paling banyak %(most)s sekali serah. Bagi menjadi beberapa berkas."
    ),
    "too_many_sheets": lazy(
        "%(people)s orang terpilih; sekali cetak paling banyak %(most)s lembar. Belum ada yang dicetak. Centang sebagian"
        " orangnya, atau buka unit di bawahnya dan cetak per unit."
    ),
    "too_many_files": lazy(
        "%(count)s berkas dipilih; paling banyak %(most)s sekali serah. Serahkan sisanya sesudah ini."
    ),
    "own_device_needed": lazy(
        "Akun ini memakai langkah kedua, jadi tidak dibuka di perangkat bersama. Tandatangani di perangkat Anda sendiri."
    ),
    "agency_not_below": lazy(
        "Pakta hanya dapat diterbitkan ke instansi yang berada langsung di bawah instansi pembuatnya."
    ),
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
    "gone": lazy("Berkas yang diunggah tidak ada lagi di sini; cadangan tidak memuatnya. Unggah berkas itu lagi."),
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
    "version": lazy("Cadangan tidak menyebut versi Ikrar yang membuatnya dengan benar. Tidak ada yang diubah."),
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
    "no_folder": lazy("Folder “%(about)s” tidak ada. Buat lebih dahulu, atau periksa tulisannya."),
    "exists": lazy("Berkas “%(about)s” sudah ada dan tidak ditimpa. Pilih nama lain."),
    "tool": lazy("Perkakas PostgreSQL tidak berhasil: %(about)s. Cadangan tidak dibuat."),
}

_ADDRESSES_UNUSABLE: dict[str, Any] = {
    "taken": lazy("Port %(port)s di %(host)s sudah dipakai program lain. Pilih port lain dengan --port."),
    "forbidden": lazy("Sistem tidak mengizinkan port %(port)s bagi akun ini. Pilih port di atas 1023."),
    "unknown": lazy("Alamat %(host)s bukan alamat mesin ini. Periksa --host."),
}

_ACTIVITY_STATES: dict[str, Any] = {
    "draft": lazy("Kegiatan ini masih rancangan; langkah itu belum dapat diambil."),
    "called": lazy("Kegiatan ini belum dibuka; langkah itu belum dapat diambil."),
    "open": lazy("Kegiatan ini sedang berlangsung; langkah itu tidak dapat diambil lagi."),
    "closed": lazy("Kegiatan ini sudah ditutup. Tidak ada lagi kehadiran yang dicatat."),
    "cancelled": lazy("Kegiatan ini dibatalkan."),
}

_PATTERNS_WRONG: dict[str, Any] = {
    "empty": lazy("Tulis pola nomornya, misalnya {number:03}/{code}/{month_roman}/{year}."),
    "too_long": lazy("Pola ini terlalu panjang; paling banyak %(about)s huruf."),
    "braces": lazy("Kurung kurawal “%(about)s” tidak berpasangan."),
    "field": lazy(
        "%(about)s tidak dikenal. Yang dikenal: {number}, {number:03}, {code}, {month}, {month_roman}, {year}."
    ),
    "number": lazy("Pola harus memuat {number} tepat satu kali."),
    "year": lazy("Pola harus memuat {year}: nomor mulai lagi dari 1 setiap tahun."),
    "joined": lazy("Di kiri dan kanan %(about)s harus ada pemisah: garis miring, titik, tanda hubung, atau spasi."),
    "sign": lazy("Tanda “%(about)s” tidak dapat dipakai. Pakai huruf, angka, / . - dan spasi."),
}

_CIRCULAR_DAYS_WRONG: dict[str, Any] = {
    "past": lazy("%(day)s sudah lewat. Pilih hari ini (%(limit)s) atau sesudahnya."),
    "future": lazy("%(day)s belum tiba. Tanggal surat paling lambat hari ini (%(limit)s)."),
    "before_due": lazy("%(day)s mendahului batas konfirmasi (%(limit)s). Pilih hari itu atau sesudahnya."),
    "after_end": lazy("%(day)s melewati hari terakhir berlakunya (%(limit)s)."),
    "without_number": lazy(
        "Tanggal surat hanya ditulis bersama nomor surat dari naskah kertas. Kosongkan, atau isi nomornya."
    ),
}

_QUESTIONS_FAULTY: dict[str, Any] = {
    "empty": lazy("Pertanyaan %(place)s masih kosong, padahal jawabannya sudah ditulis. Tulis pertanyaannya."),
    "too_long": lazy("Pertanyaan %(place)s atau salah satu jawabannya terlalu panjang. Persingkat."),
    "few": lazy("Pertanyaan %(place)s perlu sekurangnya dua jawaban, satu baris satu jawaban."),
    "many": lazy("Pertanyaan %(place)s paling banyak mempunyai empat jawaban."),
    "alike": lazy("Pertanyaan %(place)s mempunyai dua jawaban yang sama."),
    "right": lazy("Jawaban yang benar untuk pertanyaan %(place)s tidak ada di antara jawabannya. Pilih salah satu."),
}

_CIRCULARS_NOT_OPEN: dict[str, Any] = {
    "draft": lazy("Edaran ini masih rancangan. Terbitkan dulu."),
    "published": lazy(
        "Edaran ini sudah terbit, jadi tidak berubah lagi. Yang keliru diganti dengan edaran baru atau ditarik."
    ),
    "superseded": lazy("Edaran ini sudah digantikan oleh yang lebih baru. Tidak ada lagi yang dikonfirmasi di sini."),
    "withdrawn": lazy("Edaran ini sudah ditarik. Tidak ada lagi yang perlu dikonfirmasi."),
    "gone": lazy("Rancangan ini sudah dihapus."),
    "over": lazy("Masa berlaku edaran ini sudah habis. Tidak ada lagi yang perlu dikonfirmasi."),
}

_FILES_DAMAGED: dict[str, Any] = {
    "cut": lazy("Berkas ini berhenti di tengah: unggahannya terpotong. Kirim lagi berkas yang utuh."),
    "too_many_pixels": lazy("Gambar ini terlalu besar. Foto lagi dengan mode biasa, atau kecilkan dulu."),
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

_RESETS_NOT_YOURS: dict[str, Any] = {
    "administrator": lazy(
        "Akun ini memegang peran yang memakai langkah kedua. Hanya administrator yang mengatur ulang cara masuknya, di halaman"
        " Peran."
    ),
    "operator": lazy(
        "Ini akun administrator. Cara masuknya hanya diatur ulang di peladen, oleh yang mengelolanya: ikrar reset-account."
    ),
}

_KEY_SETS_WRONG: dict[str, Any] = {
    "form": lazy("Himpunan kunci ini tidak menurut bentuknya."),
    "holders": lazy(
        "Pilih sekurangnya dua pemegang, paling banyak empat puluh, yang kuncinya masih berlaku dan masih berhak."
    ),
    "double": lazy("Satu kunci tercantum dua kali. Setiap pemegang dan kunci luring harus mempunyai kunci sendiri."),
    "chain": lazy(
        "Himpunan kunci yang tersimpan tidak bersambung dengan yang sebelumnya. Tidak ada yang disegel kepadanya; laporkan"
        " kepada auditor."
    ),
    "unsigned": lazy(
        "Tanda tangan ini tidak dihitung. Yang dihitung: dua pemegang himpunan yang berlaku, atau kunci luringnya."
    ),
    "unchanged": lazy("Tidak ada yang berubah: pemegang dan kunci luringnya sama dengan yang berlaku."),
    "empty": lazy("Badan ini belum mempunyai himpunan kunci, jadi belum dapat menerima laporan."),
    "nobody": lazy("Tidak ada lagi yang dapat membukanya. Pilih badan lain, atau kurangi yang dikecualikan."),
    "offline": lazy("Himpunan pertama perlu kunci luring. Buat dulu di halaman ini, lalu simpan kertasnya."),
    "gone": lazy("Usulan ini sudah ditarik. Muat ulang halaman."),
    "withdraw": lazy("Usulan ini ditarik oleh yang mengusulkan atau oleh pemegang kunci; Anda bukan keduanya."),
}
_OFFICER_KEYS_WRONG: dict[str, Any] = {
    "right": lazy("Anda tidak lagi berhak membuka laporan badan ini, jadi kuncinya tidak disimpan."),
    "form": lazy("Kunci yang sampai tidak menurut bentuknya. Tidak ada yang disimpan; buat sekali lagi."),
    "proof": lazy("Bukti bahwa kunci itu milik Anda tidak cocok. Tidak ada yang disimpan; buat sekali lagi."),
    "taken": lazy("Kunci itu sudah tersimpan sebelumnya. Buat kunci yang baru."),
}
_RETURN_CODES_WRONG: dict[str, Any] = {
    "": lazy("Kode kembali terdiri atas sembilan kata. Yang terbaca %(count)s kata, atau salah satunya keliru."),
}

_BY_VALUE: dict[str, tuple[str, dict[str, Any]]] = {
    "case_act_refused": ("reason", _CASE_ACTS_REFUSED),
    "report_refused": ("reason", _REPORTS_REFUSED),
    "report_act_refused": ("reason", _REPORT_ACTS_REFUSED),
    "conclusion_doubted": ("doubt", _CONCLUSIONS_DOUBTED),
    "case_step_refused": ("reason", _CASE_STEPS_REFUSED),
    "body_in_use": ("reason", _BODIES_IN_USE),
    "name_query_refused": ("reason", _NAME_QUERIES_REFUSED),
    "name_index_broken": ("reason", _NAME_INDEXES_BROKEN),
    "name_file_wrong": ("reason", _NAME_FILES_WRONG),
    "report_file_wrong": ("reason", _REPORT_FILES_WRONG),
    "filing_receipt_wrong": ("reason", _FILING_RECEIPTS_WRONG),
    "report_stands": ("reason", _REPORTS_STAND),
    "target_refused": ("reason", _TARGETS_REFUSED),
    "retention_refused": ("reason", _RETENTION_REFUSED),
    "clipping_refused": ("reason", _CLIPPINGS_REFUSED),
    "finding_refused": ("reason", _FINDING_REFUSED),
    "key_set_wrong": ("reason", _KEY_SETS_WRONG),
    "officer_key_wrong": ("reason", _OFFICER_KEYS_WRONG),
    "return_code_wrong": ("word", _RETURN_CODES_WRONG),
    "pact_not_open": ("state", _NOT_OPEN),
    "number_pattern_wrong": ("reason", _PATTERNS_WRONG),
    "circular_day_wrong": ("reason", _CIRCULAR_DAYS_WRONG),
    "circular_not_open": ("state", _CIRCULARS_NOT_OPEN),
    "question_faulty": ("fault", _QUESTIONS_FAULTY),
    "duty_settled": ("state", _DUTY_SETTLED),
    "file_unreadable": ("reason", _UNREADABLE),
    "import_not_undoable": ("reason", _NOT_UNDOABLE),
    "backup_unusable": ("reason", _BACKUPS_UNUSABLE),
    "backup_failed": ("reason", _BACKUPS_FAILED),
    "address_unusable": ("reason", _ADDRESSES_UNUSABLE),
    "reset_not_yours": ("needs", _RESETS_NOT_YOURS),
    "file_trouble": ("reason", _FILE_TROUBLES),
    "file_damaged": ("reason", _FILES_DAMAGED),
    "activity_state_wrong": ("state", _ACTIVITY_STATES),
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
    "name_is_title": lazy("nama hanya berisi gelar"),
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
    "identifier_kind_differs": lazy("jenis nomor ini bukan untuk kepegawaian orang ini"),
    "identifier_type_unknown": lazy("jenis nomor tidak dikenal"),
    "identifier_twice": lazy("nomor ini sudah ada di berkas, baris %(value)s"),
    "refused_before": lazy(
        "nomor ini milik orang lain di daftar; baris yang sama sudah ditolak di berkas sebelumnya (%(value)s) karena nomornya"
        " ada dua kali, dan belum diperbaiki"
    ),
    "unit_headed_twice": lazy("unit ini sudah mempunyai kepala di berkas ini, baris %(value)s"),
    "unit_already_headed": lazy("unit ini sudah mempunyai kepala, yang tidak ada di berkas ini"),
    "person_twice": lazy("orang tanpa nomor dengan nama, unit, dan tanggal lahir yang sama sudah ada di berkas"),
    "person_unclear": lazy(
        "mungkin orang tanpa nomor yang tercatat di %(value)s; bila dia yang pindah, pindahkan di halaman orangnya lalu impor"
        " lagi; bila orang lain, tulis tanggal lahir atau nomornya"
    ),
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
    "superior_level": lazy("jenjang jabatan atasannya"), "levels_above": lazy("jenjang jabatan kepala di atasnya"),
    "agency_kind": lazy("jenis instansinya"),
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
    "case_outcome": {
        "open": lazy("Berjalan"), "proven": lazy("Terbukti"), "not_proven": lazy("Tidak terbukti"),
        "referred": lazy("Dirujuk ke instansi lain"), "closed": lazy("Dihentikan"), "entered_wrongly": lazy("Salah dicatat"),
    },
    "case_track": {
        "discipline": lazy("Disiplin"), "ethics": lazy("Kode etik"), "criminal": lazy("Pidana"),
        "referral": lazy("Rujukan"),
    },
    "case_regime": {"pilkada": lazy("Pilkada"), "pemilu": lazy("Pemilu")},
    "case_late": {
        "near": lazy("Mendekati tenggat"), "late": lazy("Lewat tenggat"), "long": lazy("Lama lewat tenggat"),
    },
    "case_stage": {"2": lazy("lewat tenggat"), "3": lazy("lama lewat tenggat")},
    "case_order": {
        "clock": lazy("tenggat terdekat dulu"), "age": lazy("paling lama terbuka dulu"), "number": lazy("nomor perkara"),
    },
    "case_gone": {
        "moved": lazy("Sekarang bertugas di instansi lain. Perkara dapat mengikutinya."),
        "retired": lazy("Menurut daftar pegawai ia sudah pensiun. Hukuman disiplin tidak dapat dijatuhkan lagi kepadanya."),
        "died": lazy("Menurut daftar pegawai ia sudah meninggal. Hukuman tidak dapat dijatuhkan."),
        "dismissed": lazy("Menurut daftar pegawai ia sudah diberhentikan. Hukuman disiplin tidak dapat dijatuhkan lagi kepadanya."),
        "resigned": lazy("Menurut daftar pegawai ia sudah berhenti. Hukuman disiplin tidak dapat dijatuhkan lagi kepadanya."),
        "gone": lazy("Hari ini ia tidak tercatat dalam daftar pegawai mana pun. Periksa daftarnya sebelum melangkah."),
    },
    "case_event": {
        "opened": lazy("Perkara dibuka"), "numbered": lazy("Nomor perkara dicatat"),
        "report_added": lazy("Laporan ditambahkan"), "respondent_added": lazy("Terlapor ditambahkan"),
        "respondent_struck": lazy("Terlapor dikeluarkan: salah dicatat"),
        "respondent_moved": lazy("Perkara mengikuti terlapor ke tempat tugasnya yang baru"),
        "beside_opened": lazy("Dibuka juga di jalur lain"),
        "examiner_apart": lazy("Yang memeriksa sebagai atasan langsung bukan atasan menurut daftar pegawai"),
        "allegation_struck": lazy("Dugaan dicoret"), "recused": lazy("Seorang petugas mengundurkan diri"),
        "conflict_stated": lazy("Konflik kepentingan dicatat"), "conflict_lifted": lazy("Konflik kepentingan dicabut"),
        "clock_extended": lazy("Tenggat diperpanjang"), "clock_paused": lazy("Hitungan tenggat dihentikan atau dilanjutkan"),
        "clock_recounted": lazy("Tenggat dihitung ulang dengan buku aturan yang baru"),
        "clock_warned": lazy("Tenggat hampir habis"), "clock_overdue": lazy("Tenggat lewat"),
        "clock_long_overdue": lazy("Tenggat sudah lama lewat"),
        "authority_idle": lazy("Pejabat berwenang diam melewati target: badan yang berwenang atasnya diberi tahu"),
    },
    "team_element": {
        "superior": lazy("atasan langsung"), "oversight": lazy("unsur pengawasan"), "personnel": lazy("unsur kepegawaian"),
    },
    "case_duty": {"examiner": lazy("Pemeriksa"), "team": lazy("Anggota tim pemeriksa"), "drafter": lazy("Penyusun konsep")},
    "case_owner": {"respondent": lazy("Terlapor")},
    "case_actor": {
        "by_level": lazy("Pejabat yang berwenang menghukum, menurut tingkatnya"),
        "staff": lazy("Staf kepegawaian, atas nama pejabat yang berwenang"),
        "assigned": lazy("Pemeriksa yang ditugaskan PPK"),
    },
    "case_elsewhere": {
        "gakkumdu": lazy(
            "Tidak seorang pun di sini memeriksa atau memutus perkara pidana: Sentra Gakkumdu yang menanganinya, dan pengadilan"
            " yang memutus. Maka di sini tidak ada pemeriksa, usul, konsep, atau putusan; yang dicatat ialah penyerahan, jawaban,"
            " dan hasilnya."
        ),
        "authority": lazy(
            "Tidak seorang pun di sini memeriksa atau memutus tentang terlapor ini: itu urusan pejabat yang berwenang atas dirinya,"
            " di luar instansi yang ada di sini. Maka di sini tidak ada pemeriksa, usul, konsep, atau putusan; yang dicatat ialah"
            " rujukan, jawaban, dan hasilnya."
        ),
    },
    "case_conflict": {"recused": lazy("Mengundurkan diri dari perkara"), "conflict": lazy("Konflik kepentingan")},
    "case_clock": {"term": lazy("Batas waktu hukum"), "target": lazy("Target operator")},
    "case_way": {"recorded": lazy("Dicatat dari dokumen yang ditandatangani"), "signed_here": lazy("Ditandatangani di sini")},
    "case_desk_act": {
        "sign": lazy("Putuskan"), "outdated": lazy("Konsep usang: menunggu konsep baru dari staf kepegawaian"),
        "renew": lazy("Konsep usang: batalkan, lalu susun yang baru"),
        "accept": lazy("Terima atau kembalikan rekomendasi"), "team": lazy("Bentuk tim pemeriksa"),
        "council": lazy("Bentuk Majelis Kode Etik"), "assign": lazy("Tugaskan pemeriksa"), "objection": lazy("Putuskan keberatan"),
        "objection_paper": lazy("Putuskan keberatan dengan surat; staf kepegawaian mencatatnya"),
        "draft": lazy("Susun konsep keputusan"), "confirm": lazy("Tegaskan aturan yang belum dibandingkan"),
        "await_confirm": lazy("Menunggu penegasan orang kedua"), "record": lazy("Catat keputusan yang ditandatangani"),
        "serve": lazy("Sampaikan keputusan"), "send": lazy("Kirim ke alamat terakhir"),
        "announce": lazy("Sampaikan pernyataan"), "execute": lazy("Catat pelaksanaan"),
        "objection_outcome": lazy("Catat putusan keberatan"), "appeal_outcome": lazy("Catat putusan BPASN"),
        "answer_appeal": lazy("Tanggapi banding"), "restore": lazy("Catat pemulihan"), "follow": lazy("Ikuti"),
        "nobody": lazy("Belum diketahui siapa yang berwenang memutus"),
        "stopped": lazy("Hari ini tidak ada yang dapat bertindak; sebabnya di berkas"),
    },
    # What happens when a clock reaches zero, by its term; a target is no limit of the law.
    "case_zero": {
        "target-decide": lazy(
            "Bukan batas waktu hukum. Lewat hari itu, BKN dan Kementerian Dalam Negeri diberi tahu; wewenang tidak berpindah."
        ),
        "target-objection": lazy(
            "Bukan batas waktu hukum. Lewat hari itu, BKN dan Kementerian Dalam Negeri diberi tahu; wewenang tidak berpindah."
        ),
        "target-restore": lazy("Bukan batas waktu hukum. Lewat hari itu, BKN diberi tahu bahwa terlapor belum dipulihkan."),
        "ppk-act-after-reprimand": lazy("Sesudah teguran Menteri Dalam Negeri; lewat hari itu BKN dan kementerian diberi tahu."),
        "pp94-decision-delivery": lazy("Batas waktu hukum menyampaikan keputusan; lewat hari itu keterlambatannya tercatat."),
        "pp94-decision-sending": lazy("Batas waktu hukum mengirim keputusan ke alamat terakhir yang diketahui."),
        "pp94-effective": lazy("Keputusan berlaku dengan sendirinya pada hari itu, kecuali ada keberatan atau banding."),
        "pp79-ppk-response": lazy("Tanpa tanggapan, BPASN memutus berdasarkan bukti yang ada padanya."),
        "target-execute": lazy("Bukan batas waktu hukum. Lewat hari itu, BKN diberi tahu bahwa hukuman belum dilaksanakan."),
        "target-examine": lazy("Bukan batas waktu hukum. Lewat hari itu, atasan pemeriksa diberi tahu."),
        "other": lazy("Lewat hari itu, keterlambatannya tercatat dan yang bertugas diberi tahu."),
    },
    "case_delivery": {
        "handed": lazy("Diserahkan langsung"), "post": lazy("Pos tercatat"), "electronic": lazy("Sarana elektronik resmi"),
        "last_address": lazy("Dikirim ke alamat terakhir yang diketahui"),
    },
    "case_settlement": {
        "upheld": lazy("Menguatkan"), "lightened": lazy("Meringankan"), "aggravated": lazy("Memperberat"),
        "changed": lazy("Mengubah"), "cancelled": lazy("Membatalkan"),
        "granted": lazy("Mengabulkan seluruhnya: tidak ada hukuman"),
    },
    "case_became": {
        "upheld": lazy("Dikuatkan"), "lightened": lazy("Diringankan menjadi"), "aggravated": lazy("Diperberat menjadi"),
        "changed": lazy("Diubah menjadi"), "cancelled": lazy("Dibatalkan"),
        "granted": lazy("Keberatan dikabulkan seluruhnya: tidak ada hukuman"),
    },
    "case_unchecked": {
        "disputed": lazy("masih diperselisihkan"), "not_compared": lazy("belum dibandingkan dengan berita negara"),
        "changed": lazy("berubah sejak dibandingkan"),
    },
    "case_examiner_out": {
        "accused": lazy("ia sendiri terlapor"), "relative": lazy("ia berkeluarga dengan orang dalam perkara ini"),
        "candidate": lazy("ia sendiri calon"), "patron": lazy("ia pelindung terlapor, atau pihak yang didukungnya"),
        "rank": lazy("jabatannya lebih rendah daripada jabatan yang diperiksa"),
    },
    "referral_state": {
        "sent": lazy("Dilimpahkan"), "accepted": lazy("Pelimpahan diterima"), "refused": lazy("Pelimpahan ditolak"),
        "returned": lazy("Pelimpahan dikembalikan"),
    },
    "state": {
        "issued": lazy("Diterbitkan"), "opened": lazy("Dibuka"), "signed": lazy("Ditandatangani"),
        "witnessed": lazy("Disaksikan"), "refused": lazy("Menolak"), "excused": lazy("Dikecualikan"),
        "on_leave": lazy("Cuti"), "moved": lazy("Pindah"), "retired": lazy("Tidak bertugas lagi"),
    },
    "grade": {
        "passkey": lazy("kunci sandi (passkey) milik sendiri"), "single_sign_on": lazy("masuk tunggal instansi (SSO)"),
        "password": lazy("kata sandi milik sendiri"), "paper": lazy("kertas, dicocokkan petugas"),
    },
    "activity_kind": {
        "briefing": lazy("Pengarahan"), "roll_call": lazy("Apel"), "coordination": lazy("Rapat koordinasi"),
        "fgd": lazy("Diskusi kelompok terpumpun (FGD)"), "declaration": lazy("Deklarasi"), "other": lazy("Lain"),
    },
    "activity_state": {
        "draft": lazy("Rancangan"), "called": lazy("Undangan terkirim"), "open": lazy("Sedang berlangsung"),
        "closed": lazy("Selesai"), "cancelled": lazy("Dibatalkan"),
    },
    "answer": {"none": lazy("Belum menjawab"), "comes": lazy("Akan datang"), "excused": lazy("Izin")},
    "way": {
        "phone": lazy("lewat ponsel"), "officer": lazy("dicatat panitia"), "paper": lazy("tanda tangan di kertas"),
    },
    "guest_kind": {
        "bawaslu": "Bawaslu", "kpu": "KPU", "police": lazy("Kepolisian"), "military": lazy("TNI"),
        "prosecutor": lazy("Kejaksaan"), "party": lazy("Partai politik"), "forkopimda": "Forkopimda",
        "other": lazy("Lembaga lain"),
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
    "letter_kind": {
        "circular": pgettext_lazy("satu", "Surat edaran"), "instruction": lazy("Instruksi"), "appeal": lazy("Surat imbauan"),
        "invitation": lazy("Undangan"), "minutes": lazy("Berita acara"),
    },
    "circular_kind": {
        "circular": pgettext_lazy("satu", "Surat edaran"), "instruction": lazy("Instruksi"), "appeal": lazy("Surat imbauan"),
    },
    "clipping_became": {
        "waiting": lazy("Menunggu keputusan"), "activity": lazy("Kegiatan"), "circular": pgettext_lazy("satu", "Surat edaran"),
        "initial_information": lazy("Dibawa ke catatan tersegel"), "kept": lazy("Disimpan dengan catatan"),
        "discarded": lazy("Dibuang"),
    },
    "clipping_kind": {
        "day": lazy("Hari"), "place": lazy("Tempat"), "unit": lazy("Unit"), "agency": lazy("Instansi"),
        "act": lazy("Perbuatan menurut buku aturan"), "person": lazy("Orang, seperti tertulis"),
        "office": lazy("Jabatan, seperti tertulis"), "activity": lazy("Kegiatan yang diumumkan"),
        "circular": lazy("Surat yang diumumkan"), "number": lazy("Nomor surat"),
    },
    "clipping_doubt": {
        "weekday": lazy("nama hari di teks bukan hari dari tanggal ini"), "either": lazy("hari yang lalu atau yang akan datang"),
        "year": lazy("tahunnya tidak tertulis: diambil yang terdekat"), "several": lazy("beberapa unit bernama sama"),
        "otherwise": lazy("di teks berdampingan dengan hari lain: salah satunya keliru"),
        "aside": lazy("di teks setelah “padahal”: mungkin hari dari hal lain"),
        "year_beside": lazy("tahunnya dari kata lain di kalimat yang sama"),
        "years": lazy("tahunnya tidak tertulis di sini, dan kalimatnya menyebut tahun lain: periksa"),
        "denied": lazy("di teks disangkal: belum tentu terjadi"),
        "name": lazy("batasnya dapat keliru: mungkin memuat nama orang"),
        "beside": lazy("di antara koma sesudah sebuah jabatan: mungkin nama tempat"),
        "capitals": lazy("dari judul berhuruf besar: batas nama atau jabatannya dapat keliru"),
    },
    "circular_state": {
        "draft": lazy("Rancangan"), "published": lazy("Terbit"), "superseded": lazy("Digantikan"),
        "withdrawn": lazy("Ditarik"),
    },
    "paper_state": {
        "waiting": lazy("Menunggu giliran"), "running": lazy("Sedang dibuat"), "ready": lazy("Siap diunduh"),
        "failed": lazy("Terhenti"), "gone": lazy("Sudah dihapus"),
    },
    "scan_state": {
        "waiting": lazy("Menunggu dicocokkan"), "reconciled": lazy("Dicocokkan, menunggu orang kedua"),
        "confirmed": lazy("Ditegaskan, tercatat"), "refused": lazy("Ditolak"),
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
        "office_holder": lazy("Pemegang jabatan"),
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
    "duty_every": {
        "once": lazy("satu kali"), "day": lazy("setiap hari"), "week": lazy("setiap minggu"),
        "month": lazy("setiap bulan"),
    },
    "duty_standing": {
        "overdue": lazy("Terlambat"), "due": lazy("Menunggu"), "done": lazy("Sudah dikerjakan"),
        "ahead": lazy("Belum mulai"), "over": lazy("Berakhir"),
    },
    "unit_head": {
        "district": lazy("Camat"), "opd": lazy("Pimpinan OPD"), "ward": lazy("Lurah atau wali nagari"),
        "school": lazy("Kepala sekolah"), "health_centre": lazy("Kepala puskesmas"),
        "hospital": lazy("Direktur rumah sakit"),
    },
    "round_people": {
        "moved": lazy("Pindah, harus menandatangani lagi"), "new": lazy("Baru, belum menerima"),
        "old_text": lazy("Menandatangani teks lama"), "refused": lazy("Menolak"), "contested": lazy("Disangkal"),
        "excused": lazy("Dikecualikan"), "on_leave": lazy("Cuti"),
    },
    "outside_way": {"email": lazy("surel"), "messenger": lazy("aplikasi percakapan")},
    "outside_state": {
        "waiting": lazy("menunggu"), "sending": lazy("sedang dikirim"), "sent": lazy("terkirim"),
        "given_up": lazy("tidak dikirim"),
    },
    "address_answer": {
        "returned": lazy("surat kembali"), "not_taken": lazy("tidak diterima"),
    },
    "report_state": {
        "received": lazy("diterima"), "read": lazy("dibaca"), "asked": lazy("menunggu kelengkapan dari pelapor"),
        "initial_information": lazy("informasi awal"), "formal": lazy("laporan resmi"),
        "registered": lazy("diregister sebagai perkara"),
        "handed_over": lazy("diteruskan kepada badan lain"), "not_a_breach": lazy("bukan pelanggaran"),
        "closed": lazy("ditutup"), "set_aside": lazy("disisihkan"),
    },
    # What an officer concludes, why, and what its reporter reads of it: by the word of domain/conclusions.py.
    "conclusion": {
        "registered": lazy("Register sebagai perkara"), "initial_information": lazy("Jadikan informasi awal"),
        "not_a_breach": lazy("Bukan pelanggaran"), "handed_over": lazy("Teruskan kepada badan lain"),
        "read": lazy("Buka kembali"),
    },
    "conclusion_reason": {
        "registered:complete": lazy("syarat formal dan materiel terpenuhi"),
        "registered:finding": lazy("ditindaklanjuti sebagai temuan"),
        "initial_information:unnamed": lazy("pelapor tidak menyebut nama"),
        "initial_information:incomplete": lazy("syaratnya belum lengkap"),
        "initial_information:late": lazy("batas waktu melapor resmi sudah lewat"),
        "not_a_breach:allowed": lazy("perbuatan itu boleh menurut aturan"),
        "not_a_breach:not_asn": lazy("yang dilaporkan bukan pegawai ASN"),
        "not_a_breach:not_shown": lazy("isi dan buktinya tidak menunjukkan pelanggaran"),
        "handed_over:outside": lazy("di luar wewenang badan ini"),
        "handed_over:other_region": lazy("terjadi di daerah lain"),
        "handed_over:held": lazy("badan lain sudah menanganinya"),
        "read:new_facts": lazy("ada keterangan baru"), "read:objection": lazy("ada keberatan atas simpulan itu"),
        "read:mistake": lazy("simpulan sebelumnya keliru"),
    },
    "conclusion_told": {
        "registered:complete": lazy("Laporan Anda lengkap dan diregister sebagai perkara. Petugas memeriksanya."),
        "registered:finding": lazy(
            "Yang Anda sampaikan ditindaklanjuti badan ini sebagai temuan dan diregister sebagai perkara. Petugas memeriksanya."
        ),
        "initial_information:unnamed": lazy(
            "Laporan tanpa nama tidak dapat menjadi laporan resmi. Yang Anda sampaikan dicatat sebagai informasi awal, dan"
            " petugas menelusurinya sendiri."
        ),
        "initial_information:incomplete": lazy(
            "Sebagian syarat laporan resmi belum terpenuhi. Yang Anda sampaikan dicatat sebagai informasi awal, dan petugas"
            " menelusurinya sendiri. Anda masih dapat melengkapinya di sini."
        ),
        "initial_information:late": lazy(
            "Batas waktu untuk melapor resmi sudah lewat. Yang Anda sampaikan dicatat sebagai informasi awal, dan petugas"
            " menelusurinya sendiri."
        ),
        "not_a_breach:allowed": lazy("Laporan Anda diperiksa. Perbuatan itu tidak dilarang oleh aturan netralitas."),
        "not_a_breach:not_asn": lazy(
            "Laporan Anda diperiksa. Yang dilaporkan bukan pegawai ASN, sehingga aturan netralitas ASN tidak berlaku baginya."
        ),
        "not_a_breach:not_shown": lazy(
            "Laporan Anda diperiksa. Isi dan buktinya tidak menunjukkan pelanggaran. Bila Anda mempunyai bukti lain,"
            " sampaikan laporan baru."
        ),
        "handed_over:outside": lazy("Yang Anda laporkan di luar wewenang badan ini."),
        "handed_over:other_region": lazy("Yang Anda laporkan terjadi di daerah lain."),
        "handed_over:held": lazy("Badan lain sudah menangani hal ini."),
        "read:new_facts": lazy("Laporan Anda dibuka kembali karena ada keterangan baru. Petugas memeriksanya lagi."),
        "read:objection": lazy("Laporan Anda dibuka kembali karena ada keberatan atas simpulannya. Petugas memeriksanya lagi."),
        "read:mistake": lazy("Laporan Anda dibuka kembali karena simpulan sebelumnya keliru. Petugas memeriksanya lagi."),
    },
    # What follows the reason where a report is handed over: to whom, and how.
    "conclusion_handed": {
        "copy": lazy("Laporan diteruskan kepada %(body)s: salinannya ditawarkan kepada badan itu lewat layanan ini."),
        "letter": lazy("Laporan diteruskan kepada %(body)s dengan surat nomor %(letter)s."),
        "": lazy("Diserahkan kepada badan lain yang berwenang."),
    },
    "report_source": {
        "letter": lazy("surat"), "telephone": lazy("telepon"), "visit": lazy("datang langsung"),
        "finding": lazy("temuan lapangan"), "body": lazy("pelimpahan dari badan lain"),
    },
    "report_row": {
        "name": lazy("Nama"), "post": lazy("Jabatan"), "unit": lazy("Unit atau instansi"),
        "contact": lazy("Cara menghubungi"), "address": lazy("Alamat halaman"), "captured": lazy("Dilihat pada"),
    },
    "report_channel": {
        "scripted": lazy("disegel di peramban pelapor"), "plain": lazy("disegel saat diterima"),
        "staff": lazy("dicatat petugas"),
    },
    "report_act": {
        "opened": lazy("membuka laporan"), "confirmed": lazy("menegaskan bukti"),
        "ticked": lazy("memeriksa kelengkapan"), "state": lazy("mengubah keadaan"),
        "resealed": lazy("menyegel untuk pemegang baru"), "offered": lazy("menawarkan salinan"),
        "taken": lazy("menerima salinan"), "declined": lazy("menolak salinan"),
        "taken_back": lazy("menarik tawaran salinan"), "consent": lazy("persetujuan pelapor"),
        "erased": lazy("menghapus laporan"), "entered": lazy("mencatat laporan untuk orang lain"),
        "set_aside": lazy("menyisihkan laporan"), "restored": lazy("mengembalikan laporan yang disisihkan"),
        "rule_read": lazy("membuka isi di perambannya untuk menyegelkannya kepada pemegang baru"),
        "left_out": lazy("tidak menyegel kepada pemegang yang dikecualikan pelapor"),
        "ask_again": lazy("meminta pengecualian itu diperiksa peramban lain"),
        "unopened": lazy("tidak dapat membukanya: segelnya tidak terbuka oleh kuncinya"),
    },
    "double_because": {
        "evidence": lazy("berkas yang sama"), "page": lazy("halaman yang sama"),
        "deed": lazy("orang, perbuatan, dan hari yang sama"),
    },
    "matter_end": {"unmerged": lazy("dipisahkan"), "joined": lazy("perkaranya digabung dengan yang lain")},
    "report_copy_state": {
        "offered": lazy("ditawarkan"), "taken": lazy("diterima"), "declined": lazy("ditolak"),
        "taken_back": lazy("ditarik kembali"),
    },
    "report_lacks": {
        "nothing": lazy("lengkap"), "few": lazy("kurang satu atau dua"), "much": lazy("kurang tiga atau lebih"),
    },
    "report_due": {"soon": lazy("dalam tiga hari"), "over": lazy("sudah lewat")},
    "report_age": {
        "today": lazy("hari ini"), "3": lazy("paling lama 3 hari"), "7": lazy("paling lama 7 hari"),
        "over_7": lazy("lebih dari 7 hari"), "over_30": lazy("lebih dari 30 hari"),
    },
    "report_named": {"yes": lazy("menyebut nama (tersegel)"), "no": lazy("tanpa nama")},
    "report_copy_reason": {
        "outside": lazy("di luar kewenangan badan ini"), "held": lazy("badan ini sudah menanganinya"),
        "conflict": lazy("ada yang berkepentingan di badan ini"), "other": lazy("alasan lain"),
    },
    "triage_act": {"set_aside": lazy("menyisihkan"), "restore": lazy("mengembalikan")},
    "triage_reason": {
        "empty": lazy("kosong atau tidak dapat dipahami"), "double": lazy("sama dengan laporan lain"),
        "other_matter": lazy("bukan tentang netralitas"),
    },
    "triage_state": {
        "chosen": lazy("dipilih, belum dijalankan"), "waiting": lazy("sedang dikerjakan"), "done": lazy("selesai"),
    },
    "report_part": {
        "content": lazy("isi laporan"), "identity": lazy("identitas pelapor"), "file": lazy("berkas"),
        "message": lazy("pesan"),
    },
    "file_reveals": {
        "place": lazy("tempat"), "device": lazy("alat"), "time": lazy("waktu"), "author": lazy("nama pembuat"),
        "title": lazy("judul"), "software": lazy("program"), "comment": lazy("keterangan"),
        "xmp": lazy("metadata XMP"), "iptc": lazy("metadata IPTC"), "container": lazy("data wadah"),
        "format": lazy("format"), "blackened": lazy("bagian gambar yang dihitamkan"), "original": lazy("berkas aslinya"),
        "acts": lazy("perintah yang berjalan bila dibuka; petugas diperingatkan sebelum menyimpannya"),
    },
    "retention_kind": {
        "withdrawn": lazy("ditarik pelapor"), "closed": lazy("ditutup"), "not_a_breach": lazy("bukan pelanggaran"),
        "set_aside": lazy("disisihkan"), "handed_over": lazy("diteruskan kepada badan lain"),
        "initial_information": lazy("informasi awal"), "waiting": lazy("belum selesai ditangani"),
        "formal": lazy("laporan resmi atau perkara"),
    },
    "hold_kind": {
        "case": lazy("perkaranya masih berjalan"), "authority": lazy("diminta aparat atau pengadilan"),
        "reporter": lazy("diminta pelapor"), "own_rule": lazy("jadwal retensi arsip badan ini"),
    },
    "body_kind": {
        "desk": lazy("Desk Pemilu"), "task_force": lazy("Satuan tugas"), "inspectorate": lazy("Inspektorat"),
        "bawaslu": "Bawaslu", "kpu": "KPU", "bkn": "BKN", "kasn": "KASN", "kemenpanrb": lazy("Kementerian PANRB"),
        "kemendagri": lazy("Kementerian Dalam Negeri"), "other": lazy("Lain"),
    },
    "credential": {
        "code_issued": lazy("Kode sekali pakai diterbitkan untuk Anda"), "code_withdrawn": lazy("Kode ditarik"),
        "code_used": lazy("Kode sekali pakai dipakai"), "password_set": lazy("Kata sandi dibuat atau diganti"),
        "passkey_added": lazy("Kunci sandi (passkey) ditambahkan"),
        "passkey_removed": lazy("Kunci sandi (passkey) dihapus"),
        "totp_added": lazy("Aplikasi autentikator dipasang"), "totp_removed": lazy("Aplikasi autentikator dilepas"),
        "recovery_codes_made": lazy("Kode cadangan dibuat"), "sso_linked": lazy("Akun SSO ditautkan"),
        "account_reset": lazy("Cara masuk diatur ulang: kata sandi, kunci sandi, dan autentikator dilepas"),
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
        "office.stand_in_named": lazy("Pengganti pejabat yang cuti dicatat"),
        "office.leave_ended": lazy("Cuti pejabat diakhiri"),
        "office.leave_cancelled": lazy("Cuti pejabat dibatalkan"),
        "duty.created": lazy("Tugas dibuat"), "duty.done": lazy("Pelaksanaan tugas dicatat"),
        "duty.ended": lazy("Tugas diakhiri"), "pact.escalated": lazy("Atasan diberi tahu"),
        "body.created": lazy("Badan dibentuk"), "body.ended": lazy("Badan berakhir"),
        "body.member_added": lazy("Anggota badan ditambahkan"),
        "body.member_ended": lazy("Keanggotaan badan diakhiri"),
        "election.region_set": lazy("Angka pemilihan di wilayah dicatat"), "election.stage_moved": lazy("Tahapan digeser"),
        "election.stage_move_withdrawn": lazy("Pergeseran tahapan ditarik"),
        "role.granted": lazy("Peran diberikan"), "role.ended": lazy("Peran diakhiri"),
        "code.issued": lazy("Kode masuk diterbitkan"), "credential.set": lazy("Cara masuk dibuat atau diganti"),
        "credential.removed": lazy("Cara masuk dihapus"), "credential.reset": lazy("Cara masuk diatur ulang"),
        "pact.round_created": lazy("Program pakta dibuat"), "pact.text_published": lazy("Teks pakta diterbitkan"),
        "pact.issued": lazy("Pakta diterbitkan kepada pegawai"), "pact.signed": lazy("Pakta ditandatangani"),
        "pact.refused": lazy("Pakta ditolak"), "pact.excused": lazy("Pegawai dikecualikan"),
        "pact.excuse_ended": lazy("Pengecualian diakhiri"), "pact.contested": lazy("Tanda tangan disangkal"),
        "pact.round_closed": lazy("Program pakta ditutup"), "pact.reminded": lazy("Pengingat dikirim"),
        "certificate.bundled": lazy("Himpunan sertifikat dibuat"),
        "letter.letterhead_set": lazy("Kop surat diubah"), "letter.numbering_set": lazy("Penomoran surat diatur"),
        "circular.drafted": lazy("Rancangan edaran dibuat"), "circular.changed": lazy("Rancangan edaran diubah"),
        "circular.discarded": lazy("Rancangan edaran dihapus"), "circular.published": lazy("Edaran diterbitkan"),
        "circular.delivered": lazy("Edaran disampaikan kepada yang baru masuk"),
        "circular.acknowledged": lazy("Edaran dikonfirmasi"), "circular.superseded": lazy("Edaran digantikan"),
        "circular.withdrawn": lazy("Edaran ditarik"), "circular.reminded": lazy("Pengingat edaran dikirim"),
        "circular.escalated": lazy("Atasan diberi tahu tentang edaran"),
        "circular.exported": lazy("Daftar konfirmasi edaran diunduh"), "clipping.kept": lazy("Kliping disimpan"),
        "clipping.became": lazy("Kliping diputuskan"), "clipping.erased": lazy("Kliping dihapus menurut aturan penyimpanan"),
        "pact.offices_chosen": lazy("Jabatan untuk pakta dipilih"),
        "witness.appointed": lazy("Kode saksi pakta dibuat"), "witness.withdrawn": lazy("Saksi pakta ditarik"),
        "witness.words_set": lazy("Kata-kata pernyataan saksi diatur"),
        "witness.signed": lazy("Pernyataan saksi ditandatangani"),
        "ceremony.recorded": lazy("Berita acara penandatanganan dibuat"),
        "kiosk.opened": lazy("Perangkat bersama dibuka untuk penandatanganan"),
        "sheet.printed": lazy("Lembar pakta dicetak"), "scan.received": lazy("Gambar lembar diserahkan"),
        "scan.reconciled": lazy("Lembar dicocokkan"), "scan.reopened": lazy("Lembar dikembalikan untuk dicocokkan lagi"),
        "scan.refused": lazy("Lembar ditolak"),
        "officer_key.made": lazy("Kunci petugas dibuat"), "key_set.proposed": lazy("Perubahan himpunan kunci diusulkan"),
        "key_set.withdrawn": lazy("Usulan himpunan kunci ditarik"),
        "key_set.changed": lazy("Himpunan kunci berubah"),
        "gazette.checked": lazy("Aturan dibandingkan dengan berita negara"),
        "gazette.check_withdrawn": lazy("Catatan pembandingan ditarik"),
        "activity.drafted": lazy("Kegiatan dirancang"), "activity.changed": lazy("Kegiatan diubah"),
        "activity.invited": lazy("Unit atau orang diundang"), "activity.share_named": lazy("Orang dipilih untuk kuota unit"),
        "activity.called": lazy("Undangan kegiatan dikirim"),
        "activity.moved": lazy("Kegiatan dipindah"), "activity.cancelled": lazy("Kegiatan dibatalkan"),
        "activity.answered": lazy("Undangan dijawab"), "activity.opened": lazy("Daftar hadir dibuka"),
        "activity.closed": lazy("Daftar hadir ditutup"), "activity.attended": lazy("Kehadiran dicatat"),
        "activity.attendance_struck": lazy("Kehadiran dicoret"), "activity.guest_added": lazy("Tamu diundang"),
        "activity.guest_removed": lazy("Tamu dihapus dari daftar"), "activity.guest_arrived": lazy("Tamu datang"),
        "activity.guest_arrival_struck": lazy("Kedatangan tamu dicoret"),
        "activity.minutes_finished": lazy("Notulen disahkan"), "activity.decision_done": lazy("Keputusan selesai"),
        "activity.photo_added": lazy("Foto kegiatan ditambahkan"), "activity.photo_removed": lazy("Foto kegiatan dihapus"),
        "activity.printed": lazy("Daftar atau berkas kegiatan dicetak"),
        "guidance.receipted": lazy("Bukti jawaban dibuat"), "opinion.asked": lazy("Pendapat diminta"),
        "opinion.given": lazy("Pendapat diberikan"), "opinion.published": lazy("Pendapat diterbitkan"),
        "opinion.withdrawn": lazy("Pendapat ditarik"),
        "opinion.lapsed": lazy("Pertanyaan tanpa jawaban dihapus"), "log.payload_erased": lazy("Isi entri log dihapus"),
        "report.filed": lazy("Laporan diterima"), "report.erased": lazy("Laporan dihapus menurut aturan penyimpanan"),
        "report.held": lazy("Penghapusan laporan ditahan"), "report.hold_ended": lazy("Penahanan laporan diakhiri"),
        "retention.changed": lazy("Masa simpan laporan diubah"),
        "report.part_opened": lazy("Bukti dibuka"), "report.completeness_checked": lazy("Kelengkapan laporan diperiksa"),
        "report.opened": lazy("Laporan dibuka petugas"), "report.state_changed": lazy("Keadaan laporan diubah"),
    },
    "confidence": {
        "confirmed": lazy("dua sumber atau lebih"), "one_source": lazy("satu sumber"), "uncertain": lazy("belum pasti"),
        "gazette": lazy("berita negara"),
    },
}  # fmt: skip

_WAYS: dict[str, Any] = {
    "scripted": lazy("formulir dengan skrip"),
    "plain": lazy("formulir tanpa skrip"),
    "staff": lazy("lewat petugas badan itu: surat, telepon, atau datang langsung"),
}


def ways(channels: Sequence[str]) -> str:
    """Say by which channels a body takes reports today, where another one is full."""
    if not channels:
        return _(
            "Semua saluran badan itu penuh hari ini. Besok semuanya terbuka lagi; badan lain mungkin masih menerima."
        )
    open_ones = "; ".join(str(_WAYS[each]) for each in channels)
    return _("Yang masih terbuka hari ini: %(ways)s; atau badan lain.") % {"ways": open_ones}


NOTICES: dict[str, Any] = {
    "activity_called": lazy("Anda diundang ke “%(title)s”: %(on)s%(clock)s. Tempat: %(place)s."),
    "activity_quota": lazy(
        "Unit Anda dapat mengirim %(quota)s orang ke “%(title)s”: %(on)s%(clock)s. Tempat: %(place)s. Pilih siapa yang"
        " datang di halaman kegiatan ini; mereka mencatatkan diri di tempat acara."
    ),
    "activity_moved": lazy("“%(title)s” berubah: %(on)s%(clock)s. Tempat: %(place)s. Alasan: %(reason)s."),
    "activity_cancelled": lazy("“%(title)s” pada %(on)s dibatalkan. Alasan: %(reason)s."),
    "attendance_recorded": lazy(
        "Panitia mencatat Anda hadir di “%(title)s”. Bila Anda tidak hadir, beri tahu panitia."
    ),
    "attendance_struck": lazy("Panitia mencoret kehadiran Anda di “%(title)s”. Alasan: %(reason)s."),
    "decision_yours": lazy("Keputusan rapat menjadi tugas Anda: “%(text)s”. Batasnya: %(due_on)s."),
    "pact_missing": lazy("Pakta “%(title)s” menunggu tanda tangan Anda."),
    "pact_text_changed": lazy(
        "Teks pakta “%(title)s” berganti. Anda menandatangani versi %(old)s; tanda tangan itu tetap tercatat, tetapi yang"
        " dihitung kini versi %(new)s. Baca lagi dan tandatangani."
    ),
    "pact_escalated": lazy(
        "%(people)s orang di %(unit)s belum menandatangani “%(title)s” walau sudah diingatkan: %(names)s. Mohon Bapak/Ibu"
        " menanyakan langsung kepada mereka."
    ),
    "pact_for_office": lazy("Pakta “%(title)s” menunggu tanda tangan Anda sebagai pemegang jabatan."),
    "pact_signed_on_paper": lazy(
        "Tanda tangan Anda di atas kertas untuk “%(title)s”, bertanggal %(on)s, sudah dicocokkan dan ditegaskan dua petugas."
        " Bila Anda tidak menandatanganinya, sangkal di halaman akun."
    ),
    "duty_given": lazy("Anda mendapat tugas yang berjalan mulai %(from_on)s: “%(text)s”."),
    "stand_in_named": lazy(
        "Anda tercatat sebagai %(capacity)s %(office)s, mulai %(from_on)s sampai %(last_on)s. Tugas jabatan itu menjadi tugas"
        " Anda pada menit mulainya."
    ),
    "stand_in_begun": lazy(
        "Sejak sekarang Anda memegang jabatan %(office)s, sampai %(last_on)s. Tugas yang masih terbuka: %(open)s."
    ),
    "stand_in_ended": lazy(
        "Masa Anda menggantikan %(office)s sudah berakhir. Tugas jabatan itu kembali kepada pemegangnya."
    ),
    "leave_begun": lazy(
        "Cuti Anda dari jabatan %(office)s sudah mulai, sampai %(last_on)s. Selama itu tugas jabatan tidak ada pada Anda."
    ),
    "leave_over": lazy(
        "Cuti Anda sudah berakhir; jabatan %(office)s kembali kepada Anda. Tugas yang masih terbuka: %(open)s."
    ),
    "leave_ended": lazy("Cuti dari jabatan %(office)s diakhiri pada %(on)s. Jabatan itu kembali kepada pemegangnya."),
    "leave_cancelled": lazy("Cuti dari jabatan %(office)s yang sudah tercatat dibatalkan sebelum mulai."),
    "circular_published": lazy("Surat %(number)s tentang “%(title)s” ditujukan kepada Anda. Baca, lalu konfirmasi."),
    "circular_renewed": lazy(
        "Surat %(number)s tentang “%(title)s” menggantikan surat %(old)s yang sudah Anda terima. Baca, lalu konfirmasi."
    ),
    "circular_superseded": lazy("Surat %(number)s tentang “%(title)s” digantikan oleh surat %(new)s."),
    "circular_withdrawn": lazy("Surat %(number)s tentang “%(title)s” ditarik. Alasannya ada di halamannya."),
    "circular_reminded": lazy("Surat %(number)s tentang “%(title)s” menunggu konfirmasi Anda."),
    "circular_unread": lazy(
        "%(people)s orang bawahan Anda belum mengonfirmasi surat %(number)s tentang “%(title)s”. Lihat siapa, lalu ingatkan"
        " mereka."
    ),
    "code_issued": lazy(
        "Kode masuk sekali pakai yang baru dibuat untuk akun Anda. Bila Anda tidak memintanya, lihat siapa yang membuatnya"
        " dan tanyakan kepada petugas program."
    ),
    "key_set_proposed": lazy(
        "Perubahan himpunan kunci %(name)s menunggu tanda tangan. Periksa siapa yang datang dan pergi sebelum menandatangani."
    ),
    "key_set_withdrawn": lazy(
        "Usulan perubahan himpunan kunci %(name)s ditarik kembali. Himpunan yang berlaku tidak berubah."
    ),
    "report_news": lazy("Laporan untuk Anda: %(news)s."),
    "retention_changed": lazy(
        "Masa simpan laporan di %(name)s diubah. Masa yang diperpendek baru berlaku sesudah tiga puluh hari."
    ),
    "key_set_changed": lazy(
        "Himpunan kunci %(name)s berubah. Cetak sidik kunci yang baru untuk dinding dan situs web."
    ),
    "body_secret_unopened": lazy(
        "Rahasia pembanding %(name)s (versi %(version)s) tidak terbuka oleh kunci %(who)s. Peramban pemegang lain menyegelnya"
        " lagi; bila tetap tidak terbuka, buat rahasia baru di halaman laporan kembar."
    ),
    "cases_due": lazy(
        "Perkara yang menunggu Anda: %(warned)s mendekati tenggat, %(overdue)s lewat tenggat, %(long_overdue)s lama lewat tenggat."
    ),
    "decisions_due": lazy(
        "Perkara dengan tenggat pada jabatan Anda: %(warned)s mendekati tenggat, %(overdue)s lewat tenggat, %(long_overdue)s lama"
        " lewat tenggat. Yang perlu keputusan Anda sendiri ada di meja Anda; selebihnya dikerjakan staf dan pemeriksa."
    ),
    "authority_idle": lazy(
        "Pejabat yang berwenang belum memutus atau melaksanakan melewati target kerja (bukan batas waktu hukum):"
        " %(overdue)s perkara, dan"
        " %(long_overdue)s sudah lama."
    ),
    "superior_warned": lazy(
        "Perkara bawahan langsung Anda yang belum dipanggil atau diperiksa: %(warned)s mendekati tenggat, %(overdue)s lewat"
        " tenggat, %(long_overdue)s lama lewat tenggat. Atasan yang tidak memanggil atau memeriksa dikenai hukuman yang lebih"
        " berat daripada bawahannya (PP 94/2021 Pasal 28)."
    ),
    "case_assigned": lazy("Anda ditugasi dalam sebuah perkara %(number)s."),
    "case_referred": lazy("%(name)s melimpahkan sebuah perkara. Terima, atau tolak dengan alasannya."),
    "case_referral_answered": lazy("%(name)s menjawab pelimpahan perkara. Lihat jawabannya di perkara itu."),
    "report_copy_offered": lazy("%(name)s menawarkan salinan sebuah laporan. Terima, atau tolak dengan alasannya."),
    "account_reset": lazy(
        "Cara masuk ke akun Anda diatur ulang. Alasan: %(reason)s. Bila Anda tidak memintanya, lihat siapa yang melakukannya"
        " dan tanyakan kepada administrator."
    ),
}

# Where a message leads that was kept without an address of its own: the name of a URL.
NOTICE_PAGES: dict[str, str] = {
    "case_assigned": "cases",
    "case_referred": "cases",
    "case_referral_answered": "cases",
    "decision_yours": "my-decisions",
    "report_copy_offered": "report-copies",
    "body_secret_unopened": "report-doubles",
    "pact_for_office": "my-pacts",
    "pact_signed_on_paper": "account",
    "pact_text_changed": "my-pacts",
    "code_issued": "account",
    "account_reset": "account",
    "circular_unread": "reported-circulars",
    "report_news": "sealed-reports",
    "authority_idle": "cases-national",
    "superior_warned": "home",
} | dict.fromkeys(
    ("duty_given", "stand_in_named", "stand_in_begun", "stand_in_ended", "leave_begun", "leave_ended", "leave_over",
     "leave_cancelled"), "my-duties",
)  # fmt: skip

# What waits with somebody in cases: which of these permissions of the reader opens the page where it stands, the first first.
NOTICES_OF_CASES: dict[str, tuple[str, ...]] = {
    "cases_due": ("case.view", "case.weigh"),
    "decisions_due": ("case.weigh", "case.view"),
}

# The same where the address holds a key: the name of a URL, and which of the message's values goes into it.
NOTICE_PLACES: dict[str, tuple[str, str]] = (
    dict.fromkeys(
        (
            "activity_called",
            "activity_quota",
            "activity_moved",
            "activity_cancelled",
            "attendance_recorded",
            "attendance_struck",
        ),
        ("my-activity", "activity"),
    )
    | dict.fromkeys(
        ("circular_published", "circular_renewed", "circular_superseded", "circular_withdrawn", "circular_reminded"),
        ("read-circular", "circular"),
    )
    | {
        "key_set_proposed": ("sign-key-set", "body"),
        "key_set_changed": ("key-set", "body"),
        "key_set_withdrawn": ("key-set", "body"),
        "retention_changed": ("retention-terms", "body"),
        "case_assigned": ("case", "case"),
        "case_referred": ("case-referrals", "case"),
        "case_referral_answered": ("case-referrals", "case"),
    }
)


def _report_news(values: Mapping[str, int]) -> str:
    """Say what waits of sealed reports: counts that are none are left out."""
    said = {
        "new": ngettext("%(n)s baru", "%(n)s baru", values["new"]),
        "answers": ngettext("%(n)s dijawab pelapornya", "%(n)s dijawab pelapornya", values["answers"]),
        "copies": ngettext("%(n)s salinan menunggu diterima", "%(n)s salinan menunggu diterima", values["copies"]),
        "closing": ngettext(
            "%(n)s yang batas waktunya dalam dua hari", "%(n)s yang batas waktunya dalam dua hari", values["closing"]
        ),
        "late": ngettext("%(n)s belum dibuka selama tiga hari", "%(n)s belum dibuka selama tiga hari", values["late"]),
        "ending": ngettext(
            "%(n)s dihapus dalam tiga puluh hari", "%(n)s dihapus dalam tiga puluh hari", values["ending"]
        ),
    }
    return "; ".join(text % {"n": number(values[name])} for name, text in said.items() if values[name])


def notice(kind: str, values: Mapping[str, Any]) -> str:
    """Write a message of the inbox: days that were kept as text, counts and codes are put into words when it is read."""
    shown = dict(values)
    if kind == "report_news":
        shown = {"news": _report_news(values)}
    for name, value in values.items():
        if isinstance(value, str) and value and (name == "on" or name.endswith("_on")):
            try:
                shown[name] = day(date.fromisoformat(value))
            except ValueError:
                continue
        elif type(value) is int:
            shown[name] = number(value)
        elif name == "capacity":
            shown[name] = word("capacity", value)
    return str(NOTICES.get(kind, kind)) % shown


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
    if error.code in (
        "circular_text_too_long",
        "list_too_long",
        "selection_too_large",
        "too_many_sheets",
        "retention_refused",
        "target_refused",
        "clipping_refused",
    ):
        values |= {name: number(value) for name, value in details.items() if isinstance(value, int)}
    if error.code == "intake_full":
        return f"{text} {ways(details['others'])}"
    if error.code == "return_code_wrong" and details["word"] and details["meant"]:
        text = lazy("Kata “%(word)s” tidak ada dalam daftar kata. Maksud Anda “%(meant)s”?")
    if error.code == "circular_text_empty" and details["field"] == "title":
        return _("Tulis judulnya.")
    if error.code == "agency_parent_wrong":
        values |= {name: word("agency_kind", details[name]) for name in ("kind", "kind_above")}
    if error.code == "numberings_alike":
        values["kind"] = word("letter_kind", details["kind"])
    if error.code == "pact_text_too_long":
        values |= {name: number(details[name]) for name in details}
    if error.code == "file_too_big":
        values |= {name: megabytes(details[name]) for name in ("size", "most")}
    if error.code == "columns_not_mapped":
        values["missing"] = ", ".join(str(FIELD_WORDS[name]) for name in details["missing"])
    if error.code == "unknown_field" and details["known"]:
        text = _("Kunci “%(field)s” tidak dikenal di sini. Yang dikenal: %(known)s.")
    if "fact" in values:
        values["fact"] = fact_word(details["fact"])
    if error.code == "value_unknown":
        values["known"] = ", ".join(str(_KNOWN_WORDS.get(each, each)) for each in details["known"])
    if error.code == "report_act_refused":
        values["by"] = details["by"] or _("pelapornya, atau petugas lain,")
        values["to"] = word("report_state", details["to"]) if details["to"] else ""
    if error.code == "case_act_refused" and details["reason"] == "team":
        lacking, most = details["about"].split(","), len(WORDS["team_element"])
        values["about"] = ", ".join(word("team_element", each) for each in lacking)
        values |= {"most": number(most), "there": number(most - len(lacking))}
    if error.code == "case_act_refused" and details["reason"] in (
        "number_used",
        "ruling_number_used",
        "target_running",
    ):
        values["about"] = day(date.fromisoformat(details["about"]))
    if error.code == "case_act_refused" and details["reason"] == "no_role":
        values["about"] = ", ".join(word("role", each) for each in details["about"].split(","))
    if error.code == "case_step_refused" and details["reason"] in ("before", "not_later", "after", "holiday"):
        values["about"] = ", ".join(day(date.fromisoformat(each)) for each in details["about"])
    if error.code == "term_regime_wrong":
        values |= {name: _REGIME_WORDS.get(details[name], details[name]) for name in ("regime", "given")}
    if error.code == "term_not_in_force":
        values["held"] = _held(details["held"])
    if error.code == "region_unknown" and not values["region"][:1].isdigit():
        text = lazy("Wilayah “%(region)s” tidak ditemukan. Tulis nama kabupaten, kota, atau provinsi, atau kodenya.")
    if error.code == "region_unknown" and details["above"]:
        text = lazy("Wilayah dengan kode “%(region)s” tidak dikenal di sini. Yang dikenal di atasnya: %(above)s.")
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
        lazy("Seorang pegawai"),
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
    "province_officer": (
        lazy("Petugas provinsi"),
        lazy("Terbitkan pakta dan imbauan ke 33 kabupaten dan kota; lihat angkanya, tanpa satu nama pun."),
    ),
    "acting_head": (
        lazy("Penjabat kepala daerah"),
        lazy(
            "Pegang jabatan untuk sementara: tugas yang terus berjalan di daerah ini ada pada Anda sejak menit pertama."
        ),
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
    "intake_officer": (
        lazy("Penerima laporan"),
        lazy(
            "Buka laporan rekaan di peramban Anda dengan tujuh kata yang tampil di halamannya, "
            "jawab pelapornya, dan lihat kunci badan ini."
        ),
    ),
    "intake_colleague": (
        lazy("Penerima laporan kedua"),
        lazy("Pemegang kunci yang lain di badan yang sama: setiap perubahan ditandatangani berdua."),
    ),
    "supervisor_officer": (
        lazy("Petugas Bawaslu"),
        lazy("Kotak laporan dan kunci yang lain: yang dikirim kepada badan pertama tidak terlihat di sini."),
    ),
    "case_supervisor": (
        lazy("Pengawas perkara"),
        lazy("Perkara rekaan di Kabupaten Andaikata: kaji, daftarkan, dan teruskan; satu sudah lewat waktunya."),
    ),
    "case_national": (
        lazy("Petugas badan nasional"),
        lazy("Terima atau kembalikan penerusan, rekomendasikan, dan ingatkan pejabat yang diam."),
    ),
    "case_authority": (
        lazy("Pejabat pembina kepegawaian"),
        lazy("Bupati rekaan: lihat yang menunggu keputusan Anda, dan putuskan di dalam rentangnya."),
    ),
    "case_examiner": (
        lazy("Pemeriksa"),
        lazy("Panggil, periksa, dan usulkan: perkara yang diserahkan kepada tim Anda."),
    ),
    "case_drafter": (
        lazy("Staf kepegawaian"),
        lazy("Siapkan rancangan keputusan dan catat yang sudah ditandatangani di kertas."),
    ),
    "case_lawyer": (
        lazy("Konfirmasi kedua"),
        lazy("Tegaskan rancangan orang lain bila aturannya belum dicocokkan dengan berita negara."),
    ),
    "auditor": (lazy("Auditor"), lazy("Baca log: setiap tindakan penting meninggalkan satu komitmen.")),
    "administrator": (lazy("Administrator"), lazy("Kelola instansi, akun, dan peran. Tanpa akses ke isi.")),
}


_DEMO_PROGRAMMES: dict[str, Any] = {
    "medan-2020": lazy(
        "Pengarahan kepada pimpinan OPD dan camat, cuti kampanye Wali Kota, dan tugas yang terus berjalan selama cuti. Untuk"
        " melihat cutinya berlangsung, pindahkan hari demo ke 28 September 2020."
    ),
    "sumut-2022": lazy(
        "Satu pakta untuk dua pemilihan, ditandatangani 33 kepala daerah di hadapan saksi dari luar pemerintah daerah."
    ),
    "sumut-2024": lazy(
        "Surat imbauan ke 33 kabupaten dan kota, deklarasi, dan ikrar empat butir dengan rekap cakupan se-provinsi."
    ),
    "bukittinggi-2024": lazy("Pakta setiap pegawai, diskusi persiapan tahapan, dan jawaban atas “bolehkah saya…?”."),
    "payakumbuh-2024": lazy(
        "Surat edaran, satgas di samping desk pemilu, apel netralitas, dan pakta di setiap perangkat daerah."
    ),
}


def demo_programme(scenario: str) -> str:
    """Return what is to be seen of a scenario that is loaded into a demo."""
    return str(_DEMO_PROGRAMMES.get(scenario, ""))


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


def megabytes(size: int) -> str:
    """Write a size in bytes as people read it, in megabytes with one decimal: 2,5 MB."""
    text = f"{size / 1_000_000:.1f}".removesuffix(".0")
    return f"{text if get_language() == 'en' else text.replace('.', ',')} MB"


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


def conclusion_told(note: str, handed_to: str = "", letter: str = "") -> str:
    """Return what a reporter reads of a conclusion: the sentence of its reason and, of one that hands over, to whom and how."""
    said = word("conclusion_told", note)
    if not note.startswith("handed_over:"):
        return said
    way = "letter" if letter else "copy" if handed_to else ""
    return f"{said} {WORDS['conclusion_handed'][way] % {'body': handed_to, 'letter': letter}}"
