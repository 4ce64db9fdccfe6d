"""Files of a form that are taken as they come, past Django's own reading, which would spool them to the disk in clear."""

from collections.abc import Callable
from typing import Any, Protocol

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from ikrar.domain.errors import DomainError, ReportRefused

_MOST_PART_BYTES = 600_000


class Sink(Protocol):
    """What takes the bytes of one file."""

    def write(self, chunk: bytes) -> None: ...


class Taken(FileUploadHandler):
    """Gives each file of a form to a sink. What is refused first is kept in `refused`, and nothing is taken after it.

    The fields of the form are read to its end all the same, so that nothing that was typed is lost.
    """

    def __init__(self, begin: Callable[[str, str], Sink]) -> None:
        super().__init__()
        self.refused: DomainError | None = None
        self._begin = begin
        self._sink: Sink | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(field_name, file_name, *args, **kwargs)
        self._sink = None
        self._try(lambda: setattr(self, "_sink", self._begin(field_name, file_name)))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take some more of it; nothing is left to another handler."""
        if (sink := self._sink) is not None:
            self._try(lambda: sink.write(raw_data))

    def file_complete(self, file_size: int) -> None:
        """End it: no file stands in the request."""
        self._sink = None

    def _try(self, act: Callable[[], None]) -> None:
        if self.refused is not None:
            return
        try:
            act()
        except DomainError as error:
            self.refused, self._sink = error, None


class Part:
    """A small part that is gathered in memory."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, chunk: bytes) -> None:
        """Add to it. Raises ReportRefused (`reason`: too_large)."""
        if len(self.content) + len(chunk) > _MOST_PART_BYTES:
            raise ReportRefused("too_large", "content")
        self.content += chunk


def take(request: HttpRequest, begin: Callable[[str, str], Sink]) -> Taken:
    """Let the files of a request go to sinks when its form is read; call it before anything reads the form.

    The view is exempt from the check of its token outside, and held to it inside: that check reads the form.
    """
    taken = Taken(begin)
    request.upload_handlers = [taken]
    return taken
