"""Forms filled in as somebody would: a fitting text for every control, from the declaration of its field."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huxue.core.kinds import Field, Kind, fields_of_step
from huxue.core.kinds.numbers import number_text
from huxue.core.rulebook.model import Rulebook
from huxue.organisations.tables import select

Sent = dict[str, object]
SHA_LATER = "deadline", "until", "valid", "expires", "next"


def picture(colour: tuple[int, int, int] = (90, 120, 160), **saving: object) -> bytes:
    """Return a small JPEG."""
    out = BytesIO()
    Image.new("RGB", (32, 24), colour).save(out, "JPEG", **saving)
    return out.getvalue()


def photo(name: str = "photo.jpg", colour: tuple[int, int, int] = (90, 120, 160)) -> SimpleUploadedFile:
    """Return a photo as a browser sends it."""
    return SimpleUploadedFile(name, picture(colour), "image/jpeg")


def paper(name: str = "paper.pdf") -> SimpleUploadedFile:
    """Return a document as a browser sends it."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", "application/pdf")


def required_of(kind: Kind, step: str = "") -> dict[str, Field]:
    """Return the fields that a form must have."""
    required = {name: one for name, one in kind.fields.items() if one.required}
    if not step:
        return required
    said = kind.flow[step]
    allowed = fields_of_step(kind, said)
    asked = {name: kind.fields[name] for name in kind.fields if name in said.asks}
    return {**asked, **({n: f for n, f in required.items() if n in allowed} if said.opening else {})}


def filled(kind: Kind, rulebook: Rulebook, *, organisation: str, day: str, step: str = "") -> Sent:
    """Return what is sent for the fields that must be filled in."""
    sent: Sent = {}
    for name, one in required_of(kind, step).items():
        sent |= _control(name, one, rulebook, organisation, day)
    return sent


def _control(name: str, one: Field, rulebook: Rulebook, organisation: str, day: str) -> Sent:  # noqa: C901, PLR0912 - one line a type
    control = f"f.{name}"
    match one.type:
        case "text":
            return {control: "按要求落实"}
        case "number" | "money":
            low = max(one.at_least or 1, 1)
            whole = low if one.at_most is None else min(low, one.at_most)
            return {control: number_text(whole, 0)}
        case "choice":
            codes = list(rulebook.lists[one.list])
            return {control: codes[: max(one.at_least or 1, 1)] if one.many else codes[0]}
        case "yes_no":
            return {control: "yes"}
        case "date":
            return {control: "2027-06-30" if any(word in name for word in SHA_LATER) else day}
        case "time":
            return {control: f"{day}T09:30"}
        case "person" | "signature":
            return {control: "P000000001"}
        case "organisation":
            return {control: organisation}
        case "post":
            return {control: f"{organisation}/principal"}
        case "entry":
            return {control: _entry(one.kind)}
        case "place":
            return {f"{control}.lat": "15.1234567", f"{control}.lon": "155.1234567", f"{control}.crs": "cgcs2000"}
        case "photo":
            return {f"up.{name}": photo()}
        case "file":
            return {f"up.{name}": paper()}


def _entry(kind: str) -> str:
    rows = select("SELECT item FROM ledger_entry WHERE open AND kind = %s ORDER BY item LIMIT 1", kind)
    return str(rows[0][0]) if rows else "0" * 32
