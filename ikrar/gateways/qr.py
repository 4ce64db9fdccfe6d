"""QR codes for a screen, as addresses that an image takes."""

import segno


def picture(text: str) -> str:
    """Return a QR code as a `data:` address of an SVG: dark on white with its quiet margin, to be scaled by the page."""
    code = segno.make_qr(text, error="m")
    return str(code.svg_data_uri(scale=8, border=3, dark="#000", light="#fff", nl=False))
