"""POST /{number}/messages: sends, read marks and the typing indicator."""

from graphsim.deeds import filling, sending
from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json


def send(call: Call) -> Json:
    """Accept one message, as `deeds.sending` decides."""
    return sending.accept(call.world, call.by, call.body)


def send_marketing(call: Call) -> Json:
    """POST /{number}/marketing_messages: marketing templates and nothing else."""
    template = call.body.get("template")
    if call.body.get("type") != "template" or not isinstance(template, dict):
        raise GraphError(134100, "Only marketing template messages are supported here.")
    key = (call.by.waba_id, str(template.get("name")), filling.language_of(template))
    found = call.world.by_name.get(key)
    if found is not None and found.category != "MARKETING":
        raise GraphError(134100, "Only marketing template messages are supported here.")
    return send(call)
