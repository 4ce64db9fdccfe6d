"""Answering with a file that was handed in. The view asks for right and reach first; here it only goes out."""

from django.http import FileResponse, HttpResponse

from ikrar.domain.files import FileKind
from ikrar.records.models import StoredFile
from ikrar.services import files


def sent(stored: StoredFile) -> HttpResponse:
    """Send a kept file: a picture to be shown, anything else to be saved. Raises FileLost.

    What people hand in is never run: the type is the one that its bytes said, and the page it would make is closed.
    """
    picture = FileKind(stored.media_type).is_picture
    response = FileResponse(
        files.path_of(stored).open("rb"),
        as_attachment=not picture,
        filename=stored.name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
