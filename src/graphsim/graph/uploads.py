"""Resumable uploads: the handle a template's header example is named by."""

from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json

_KEPT = 200


def begin(call: Call) -> Json:
    """POST /{app}/uploads?file_name&file_length&file_type."""
    length = call.word("file_length")
    if not length.isascii() or not length.isdigit():
        raise GraphError(100, "Param file_length must be a number.")
    session = f"upload:{call.world.ids.token()}"
    call.world.uploads[session] = {"length": int(length), "got": 0}
    while len(call.world.uploads) > _KEPT:
        call.world.uploads.popitem(last=False)
    return {"id": session}


def receive(call: Call) -> Json:
    """POST /upload:…: the bytes; answers with the handle."""
    found = _session(call)
    found["got"] = len(call.raw)
    return {"h": f"4::{call.world.ids.token()}"}


def show(call: Call) -> Json:
    """GET /upload:…: how far it came."""
    return {"id": call.node, "file_offset": _session(call)["got"]}


def _session(call: Call) -> Json:
    found = call.world.uploads.get(call.node)
    if found is None:
        raise GraphError(100, "There is no such upload session.")
    return found
