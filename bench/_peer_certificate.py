"""The peer of certificates: the same page, written in HTML and set by WeasyPrint. `_peer_certificate.py COUNT`."""

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

_POINTS = [
    "menjaga netralitas di unit kerja saya dan melayani setiap warga dengan perlakuan yang sama;",
    "tidak ikut politik praktis dan tidak mengarahkan siapa pun kepada salah satu pasangan calon;",
    "menghindari benturan kepentingan, serta tidak menekan dan tidak mengancam sesama pegawai maupun warga;",
    "memakai media sosial dengan bijak, tanpa ujaran kebencian dan tanpa meneruskan kabar bohong;",
    "menolak politik uang dan pemberian dalam bentuk apa pun;",
    "menghormati hak pilih setiap orang; bila mengajak warga datang memilih, saya tidak menyebut pilihan.",
]
_PAGE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><style>
@page {{ size: A4; margin: 22mm }} body {{ font-family: sans-serif; font-size: 10.5pt }} h1 {{ font-size: 15pt; text-align: center }}
header, footer {{ text-align: center }} dl {{ display: grid; grid-template-columns: 40mm auto }} svg {{ width: 32mm; height: 32mm }}
</style></head><body><header><p>Pemerintah Kota Bukittinggi</p></header><h1>Pakta Integritas Netralitas</h1>
<p>Saya berjanji dengan kesadaran sendiri bahwa sejak hari ini sampai seluruh tahapan selesai saya akan</p>
<ol>{points}</ol><p>Hak pilih saya sendiri tetap bebas dan rahasia. Pakta ini saya tandatangani tanpa paksaan.</p>
<dl><dt>Nama</dt><dd>Rina Pualam {number}</dd><dt>Jabatan</dt><dd>Guru</dd><dt>Unit</dt><dd>SD Negeri 1</dd>
<dt>Kode</dt><dd>ABCD-{number:08d}</dd><dt>Sidik teks</dt><dd>{digest}</dd></dl>{qr}<footer><p>Periksa di alamat di atas.</p></footer>
</body></html>"""


def _set(number: int) -> int:
    import segno
    from weasyprint import HTML

    qr = segno.make(f"http://localhost:8000/periksa/ABCD{number:08d}/", error="m").svg_inline(omitsize=True)
    points = "".join(f"<li>{point}</li>" for point in _POINTS)
    return len(HTML(string=_PAGE.format(points=points, number=number, digest="a" * 64, qr=qr)).write_pdf() or b"")


def main() -> None:
    count = int(sys.argv[1])
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_set, range(4)))
        started = time.perf_counter()
        made = sum(1 for _ in pool.map(_set, range(count), chunksize=4))
        print(json.dumps({"made": made, "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
