"""Contact book endpoints: which user ids Meta keeps a phone for, per number."""

from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json


def show(call: Call) -> Json:
    """GET /{number}/contact_book(/{user id}): whether a phone is kept, never the phone itself."""
    if not _given(call):
        shown, paging = call.page(list(call.by.book), key=str)
        return {"data": [{"user_id": user_id} for user_id in shown], **paging}
    return {"messaging_product": "whatsapp", "present": _user_id(call) in call.by.book}


def add(call: Call) -> Json:
    """POST /{number}/contact_book {user_id}: keep the phone of a known person."""
    user_id = _user_id(call)
    who = call.world.find(user_id)
    if who is None or who.phone is None:
        raise GraphError(131009, "The user id belongs to nobody with a phone.")
    call.by.book[user_id] = {"phone": who.phone}
    return {"messaging_product": "whatsapp", "success": True}


def delete(call: Call) -> Json:
    """DELETE /{number}/contact_book(/{user id})."""
    gone = call.by.book.pop(_user_id(call), None)
    return {"messaging_product": "whatsapp", "success": True, "deleted": gone is not None}


def _given(call: Call) -> str:
    if len(call.rest) > 1:
        return call.rest[1]
    for key in ("user_id", "bsuid"):
        if found := call.word(key, required=False):
            return found
    return ""


def _user_id(call: Call) -> str:
    found = _given(call)
    if "." not in found or ".ENT." in found:
        raise GraphError(131009, "Give a business-scoped user id; parent ids are not supported.")
    return found
