"""What of a reporter's identity an officer's words hold, as the browser reads them: static/sealing/identity.js."""

import pytest

from tests.journeys.test_sealing_vectors import page  # noqa: F401

WHO = {
    "v": 1,
    "name": "Drs. Pelapor Rekaan Tuladhamisal, M.Si.",
    "birth": "Kota Misal, 3 Februari 1981",
    "sex": "perempuan",
    "job": "guru di SMP Andaikata",
    "citizenship": "Indonesia",
    "address": "Jalan Contoh 7, RT 05/RW 02, Kelurahan Misal Indah, Kota Andaikata",
    "phone": "0812-3456-7890",
    "email": "Tulad.H@Misalnya.test",
    "id_number": "1271014302810003",
}
ZERO_WIDTH, JOINER, SOFT, RIGHT_TO_LEFT = "\u200b", "\u2060", "\u00ad", "\u202e"
FULL_WIDTH = {"Rekaan": "".join(chr(ord(sign) + 0xFEE0) for sign in "Rekaan")}
CYRILLIC = "\u0420elapor R\u0435k\u0430\u0430n"
GREEK = "\u03a1el\u03b1p\u03bfr Rek\u03b1\u03b1n"

NAMES = [
    "menurut pelapor  REKAAN ia melihatnya", "Rekaan, Pelapor", "Pelapor-Rekaan", "pelapor_rekaan", "PelaporRekaan",
    "P e l a p o r R e k a a n", "Pe.la.por Re.ka.an", f"Pel{ZERO_WIDTH}apor Re{JOINER}kaan", f"Pelap{SOFT}or Rek{RIGHT_TO_LEFT}aan",
    f"Pelapor {FULL_WIDTH['Rekaan']}", CYRILLIC, GREEK, "P\u00e9lapor R\u00eakaan", "Pe1ap0r R3kaan",
    "\U0001d413uladhamisal", "bernama tuladhamisal.", "ibu Tuladhamisal", "Pelapor\nRekaan",
]  # fmt: skip
PHONES = [
    "081234567890", "0812 3456 7890", "0812.3456.7890", "+62 812-3456-7890", "6281234567890", "(+62) 0812 / 3456 / 7890",
    "telepon 3456 7890", "\u0660\u0668\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660", "O8I2 3456 789O",
    "nol delapan satu dua tiga empat lima enam tujuh", f"0812{ZERO_WIDTH}3456{ZERO_WIDTH}7890",
]  # fmt: skip
EMAILS = [
    "tulad.h@misalnya.test", "TULAD.H@MISALNYA.TEST", "tulad.h [at] misalnya [dot] test", "akun tuladh di misalnya.test",
    "tulad h", "surat dari misalnya.test",
]  # fmt: skip
ADDRESSES = [
    "Jalan Contoh 7", "Jalan Contoh nomor 7", "Jl. Contoh No. 7", "jln contoh no 07", "JALAN CONTOH, NO. 7", "Jalan Contoh nomor tujuh",
    "di Contoh 7A", f"Jalan Con{ZERO_WIDTH}toh 7",
]  # fmt: skip
BIRTHS = ["lahir 3 Februari 1981", "03-02-1981", "1981-02-03", "3/2/81", "3 Feb 1981", "3 February 1981"]
CARDS = ["NIK 1271014302810003", "1271 0143 0281 0003", "430281-0003"]
FREE = [
    "Bu Camat mengajak hadirin memilih satu pasangan calon di pendopo.",
    "Saksi dan pelapor datang; semuanya rekaan.",
    "di Kelurahan Misal Indah, Kota Andaikata, Indonesia, seorang perempuan",
    "Jalan Contoh 70 dan Jalan Lain 7", "Jalan Contoh", "7 orang di RT 05 RW 02",
    "pada 3 Maret 2024 pukul 08.12", "Rp 81.000.000 dan Rp10.000.000", "nomor 0813-9999-7890", "guru di sekolah lain",
    "Lihat https://andaikata.go.id/berita", "NIP 198001012006041001", "",
]  # fmt: skip
HELD = [
    *(("name", each) for each in NAMES), *(("phone", each) for each in PHONES), *(("email", each) for each in EMAILS),
    *(("address", each) for each in ADDRESSES), *(("birth", each) for each in BIRTHS), *(("id_number", each) for each in CARDS),
    ("job", "seorang Guru di SMP  andaikata"),
]  # fmt: skip

READ = """
async ([who, texts]) => {
  const { heldOf } = await import("/sealing/identity.js");
  return texts.map((text) => heldOf(who, text));
}
"""


def test_no_spelling_of_an_identity_passes(page):  # noqa: F811
    found = page.evaluate(READ, [WHO, [text for _field, text in HELD]])
    assert [(field, text, got) for (field, text), got in zip(HELD, found, strict=True) if field not in got] == []


def test_what_many_share_is_no_identity(page):  # noqa: F811
    found = page.evaluate(READ, [WHO, FREE])
    assert [(text, got) for text, got in zip(FREE, found, strict=True) if got] == []


@pytest.mark.parametrize(
    ("who", "held", "free"),
    [
        ({"name": "Sari"}, {"name": ["kata SARI"]}, ["sarinya", "dari"]),
        ({"name": "Siti Aminah"}, {"name": ["Aminah, Siti"]}, ["Siti", "Aminah Umpama"]),
        ({"phone": "0800-0000-0000"}, {"phone": ["080000000000", "0800 0000 0000", "+6280000000000"]}, ["Rp10.000.000"]),
        ({"address": "Jl. 17 Agustus 1945 No. 5"}, {"address": ["agustus 1945 nomor 5"]}, ["17 Agustus 1945"]),
        ({"address": "Griya Misal Blok C 7"}, {"address": ["Griya Misal blok C-7"]}, ["Griya Misal", "lampiran C 7"]),
        ({"address": "Dusun Umpama, Desa Misal"}, {"address": ["Umpama Misal"]}, ["Desa Misal"]),
        ({"email": "ani@gmail.com"}, {"email": ["ani at gmail dot com", "ANI@GMAIL.COM"]}, ["ani", "gmail.com"]),
        ({"email": "pelapor@contoh.test"}, {"email": ["Contoh.Test"]}, ["menurut pelapor"]),
        ({"name": "", "email": " ", "phone": "-", "address": "7", "job": 5, "birth": "1981"}, {}, ["7", "1981", "5", "constructor"]),
        (None, {}, ["apa saja"]),
    ],
)  # fmt: skip
def test_each_field_is_told_by_what_is_its_own(page, who, held, free):  # noqa: F811
    for field, texts in held.items():
        assert page.evaluate(READ, [who, texts]) == [[field]] * len(texts)
    assert page.evaluate(READ, [who, free]) == [[]] * len(free)
