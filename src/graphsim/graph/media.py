"""Media endpoints: upload, look up, delete."""

from graphsim.deeds import files
from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json
from graphsim.state import medium


def upload(call: Call) -> Json:
    """POST /{number}/media: multipart with file, type and messaging_product."""
    call.check_product()
    sent = call.files.get("file")
    if sent is None:
        raise GraphError(131008, "The parameter file is required.")
    mime_type = call.word("type", required=False) or sent.mime_type
    media_id = files.upload(
        call.world, call.by, data=sent.data, mime_type=mime_type, filename=sent.filename
    )
    return {"id": media_id}


def show(call: Call) -> Json:
    """GET /{media}: type, size, hash and a URL that lives five minutes."""
    item = _own(call)
    return {
        "messaging_product": "whatsapp",
        "url": files.link(call.world, item, base=call.base),
        "mime_type": item.mime_type,
        "sha256": item.sha256,
        "file_size": str(len(item.data)),
        "id": item.id,
    }


def delete(call: Call) -> Json:
    """DELETE /{media}."""
    call.world.drop(_own(call).id)
    return {"success": True}


def _own(call: Call) -> medium.Medium:
    item = call.world.media.get(call.node)
    wanted = call.query.get("phone_number_id")
    if (
        item is None
        or item.expires_at <= call.world.clock.now()
        or (wanted is not None and wanted != item.number_id)
    ):
        raise GraphError(
            100,
            f"Unsupported request. Object with ID '{call.node}' does not exist, cannot be loaded "
            "due to missing permissions, or does not support this operation.",
            subcode=33,
        )
    return item
