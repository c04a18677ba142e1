"""Coexistence endpoint: the one request each for contacts and for history."""

from graphsim.deeds import coexist
from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json

_DAY = 86_400.0
_SYNCS = ("smb_app_state_sync", "history")


def sync(call: Call) -> Json:
    """POST /{number}/smb_app_data: within 24 hours of onboarding, each kind once."""
    call.check_product()
    kind = call.word("sync_type")
    by = call.by
    if kind not in _SYNCS:
        raise GraphError(100, f"Param sync_type must be one of {', '.join(_SYNCS)}.")
    if not by.coexistence:
        raise GraphError(100, "The number is not in use in the WhatsApp Business app.")
    if kind in by.app_syncs:
        raise GraphError(2593107, "This synchronisation was requested already.")
    if call.world.clock.now() - by.coexistence_since > _DAY:
        raise GraphError(2593108, "Synchronisation is possible within 24 hours of onboarding.")
    by.app_syncs.add(kind)
    if kind == "history":
        coexist.send_history(call.world, by, coexist.plan_of(by))
    else:
        coexist.send_contacts(call.world, by)
    return {"messaging_product": "whatsapp", "request_id": call.world.ids.token()}
