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


def codes_on(picture: bytes) -> list[str]:
    """Return the text of every QR code that can be read on a picture, from left to right. None is no error."""
    import zxingcpp
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        found = zxingcpp.read_barcodes(opened.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.x) if code.valid]
