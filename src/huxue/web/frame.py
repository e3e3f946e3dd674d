"""What surrounds every page: who asks, in which language, at which time; refusals as pages; the headers of safety."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse

from huxue.core.values import Refused
from huxue.web.asking import prepare
from huxue.web.pages import failure

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STATUSES: Final = {"not_found": 404, "different_content": 409, "changed_meanwhile": 409, "too_large": 413}


class Frame:
    """Give each request its viewer, language and time, and answer what goes wrong in words."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes next."""
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        prepare(request)
        response = self._answer(request)
        for name, said in HEADERS.items():
            response.headers.setdefault(name, said)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"  # a shared desktop shows nothing after signing out
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Turn what may go wrong into a page; a bug is left to crash loudly."""
        match problem:
            case Refused():
                return failure(request, STATUSES.get(problem.code, 422), problem)
            case Http404():
                return failure(request, 404)
            case PermissionDenied():
                return failure(request, 403)
            case RequestDataTooBig():
                return failure(request, 413)
            case SuspiciousOperation() | TooManyFieldsSent():
                return failure(request, 400)
            case _:
                return None
