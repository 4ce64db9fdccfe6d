"""Lines of the server's log: what a browser was refused is one line, not the way that the refusal took through the code."""

import logging

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError

_REFUSALS = (PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)


class OneLineForRefusals(logging.Filter):
    """Takes the traceback off a record about a request that was refused; nothing is left out of the log by it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], _REFUSALS):
            record.exc_info = record.exc_text = None
        return True
