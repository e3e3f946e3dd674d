"""Any item as a clean page that prints, and as a Word file."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse

from huxue.actions.standings import settle
from huxue.documents.values import Document, Heading, KeyValues, Paragraph, Signature, Table
from huxue.documents.word import document
from huxue.standings.dossier import dossier
from huxue.web.dossier_paper import dossier_document
from huxue.web.pages import page
from huxue.web.papers import document_of, paper_of
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.books import download

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def printed(request: Request, kind: str, item: str) -> HttpResponse:
    """Show an item as it prints."""
    paper = paper_of(request, kind, item)
    return paper_page(request, document_of(request, paper), word=f"/k/{kind}/{item}/word")


def word(request: Request, kind: str, item: str) -> HttpResponse:
    """Hand an item out as a Word file."""
    paper = paper_of(request, kind, item)
    return word_file(document_of(request, paper), f"{paper.kind.title.say(request.lang)}-{item[:12]}")


def dossier_word(request: Request, org: str) -> HttpResponse:
    """Hand the dossier of an organisation out as a Word file."""
    if not request.viewer.sees(org):
        raise Http404
    settle(org, now=request.now)
    found = dossier(org, rulebook=rules(request).rulebook, now=request.now)
    if found is None:
        raise Http404
    return word_file(
        dossier_document(request, found), f"{found.name}-{'一校一档' if request.lang == 'zh' else 'dossier'}"
    )


def paper_page(request: Request, value: Document, *, word: str = "", back: str = "") -> HttpResponse:
    """Return a document as a page that prints; ``word``: address of the same as a Word file."""
    blocks = [(_SORTS[type(block)], block) for block in value.blocks if type(block) in _SORTS]
    return page(request, "books/paper.html", d=value, blocks=blocks, word=word, back=back)


def word_file(value: Document, name: str) -> HttpResponse:
    """Return a document as a Word file to be saved under a name."""
    return download(document(value), f"{name}.docx", DOCX)


_SORTS: Final = {
    Heading: "heading", Paragraph: "paragraph", KeyValues: "pairs", Table: "table", Signature: "signature",
}  # fmt: skip
ROUTES = [
    route("k/<slug:kind>/<item:item>/print", printed, name="item_print", needs="export"),
    route("k/<slug:kind>/<item:item>/word", word, name="item_word", needs="export"),
    route("schools/<str:org>/word", dossier_word, name="dossier_word", needs="export"),
]
