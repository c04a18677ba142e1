"""QR link endpoints: a code with words the customer's phone fills in."""

import io

import segno

from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json

_MOST = 2_000
_WORDS = 140
_FORMATS = ("SVG", "PNG")


def save(call: Call) -> Json:
    """POST /{number}/message_qrdls: a new code, or new words for one."""
    words = call.word("prefilled_message")
    if len(words) > _WORDS:
        raise GraphError(100, f"Param prefilled_message is longer than {_WORDS} characters.")
    code = call.word("code", required=False)
    if code and code not in call.by.qr_links:
        raise GraphError(100, "There is no QR link with that code.")
    if not code and len(call.by.qr_links) >= _MOST:
        raise GraphError(100, f"A number has at most {_MOST} QR links.")
    form = call.word("generate_qr_image", required=False).upper()
    if form and form not in _FORMATS:
        raise GraphError(100, "Param generate_qr_image must be SVG or PNG.")
    code = code or call.world.ids.qr_code()
    found = call.by.qr_links.setdefault(
        code,
        {
            "code": code,
            "deep_link_url": f"https://wa.me/message/{code}",
            "creation_time": int(call.world.clock.now()),
        },
    )
    found["prefilled_message"] = words
    return _shown(call, found, form=form)


def everyone(call: Call) -> Json:
    """GET /{number}/message_qrdls with cursors."""
    shown, paging = call.page(list(call.by.qr_links.values()), key=lambda each: each["code"])
    return {"data": [_shown(call, each) for each in shown], **paging}


def route(call: Call) -> Json:
    """GET of the list, or of one code below it."""
    if len(call.rest) == 1:
        return everyone(call)
    shown = _shown(call, _own(call))
    return {**shown, "data": [shown]}


def delete(call: Call) -> Json:
    """DELETE /{number}/message_qrdls/{code}."""
    del call.by.qr_links[_own(call)["code"]]
    return {"success": True}


def _own(call: Call) -> Json:
    found = call.by.qr_links.get(call.rest[1] if len(call.rest) > 1 else "")
    if found is None:
        raise GraphError(100, "There is no QR link with that code.")
    return found


def _shown(call: Call, found: Json, *, form: str = "") -> Json:
    asked = call.query.get("fields", "")
    form = form or next((each for each in _FORMATS if f"format({each})" in asked), "")
    shown = dict(found)
    if form:
        shown["qr_image_url"] = f"{call.base}/qr/{found['code']}.{form.lower()}"
    return shown


def image(code: str, *, form: str) -> bytes:
    """The picture of a QR link: png or svg."""
    made = segno.make(f"https://wa.me/message/{code}", micro=False)
    target = io.BytesIO()
    made.save(target, kind=form, scale=8)
    return target.getvalue()
