"""Pictures of sheets: the pages of a scanned PDF as pictures, and what the QR codes on a picture hold."""

import io
import threading

from ikrar.domain.errors import FileDamaged, TooManyPages

_LONGEST_SIDE = 2600  # pixels of a page: A4 at some 220 to the inch, enough for a code of 24 mm and for handwriting
_QUALITY = 85
_ONE_AT_A_TIME = threading.Lock()  # PDFium knows no threads


def pages_of(document: bytes, *, most: int) -> list[bytes]:
    """Return each page of a PDF as a JPEG. Raises TooManyPages, FileDamaged (also for one that asks for a password)."""
    # What reads and draws is loaded where the first picture comes: a server that takes none does not carry it.
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            opened = pypdfium2.PdfDocument(document)
        except pypdfium2.PdfiumError as error:
            raise FileDamaged("damaged") from error
        try:
            if len(opened) > most:
                raise TooManyPages(len(opened), most)
            return [_drawn(page) for page in opened]
        except pypdfium2.PdfiumError as error:
            raise FileDamaged("damaged") from error
        finally:
            opened.close()


def _drawn(page: object) -> bytes:
    scale = _LONGEST_SIDE / max(1.0, *page.get_size())
    picture = page.render(scale=min(scale, 8.0)).to_pil().convert("RGB")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def sample_photo() -> bytes:
    """Return an invented photo (JPEG, 640 by 420) that tells, as phones' photos do, by what and where it was taken."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (640, 420), (214, 222, 230))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 300, 640, 420), fill=(150, 160, 140))
    for left, colour in ((90, (181, 74, 62)), (270, (74, 112, 170)), (450, (196, 156, 62))):
        pen.ellipse((left + 30, 110, left + 80, 160), fill=(120, 90, 70))
        pen.rectangle((left, 165, left + 110, 320), fill=colour)
    pen.text((20, 390), "FOTO REKAAN UNTUK DEMO", fill=(20, 20, 20))
    told = Image.Exif()
    told[0x0110] = "Ponsel Umpama 7"
    told.get_ifd(0x8825).update({1: "S", 2: (0.0, 18.0, 20.0), 3: "E", 4: (100.0, 22.0, 10.0)})
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, exif=told)
    return written.getvalue()


def codes_on(picture: bytes) -> list[str]:
    """Return the text of every QR code that can be read on a picture, from left to right. None is no error."""
    import zxingcpp
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        found = zxingcpp.read_barcodes(opened.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.x) if code.valid]
