"""Block list endpoints: only people who wrote within 24 hours can be blocked."""

from graphsim.deeds import sending
from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json

_MOST = 64_000
_DAY = 86_400.0


def add(call: Call) -> Json:
    """POST /{number}/block_users."""
    added: list[Json] = []
    failed: list[Json] = []
    for given, address in _users(call):
        if len(call.by.blocked) >= _MOST:
            raise GraphError(139101, f"The block list holds {_MOST} users at most.")
        who = call.world.find(address)
        chat = None if who is None else who.chats.get(call.by.id)
        if chat is None or chat.last_inbound <= call.world.clock.now() - _DAY:
            failed.append(_failure(given, address))
        else:
            call.by.blocked[address] = given
            added.append({"input": given, "wa_id": address})
    return _result("added_users", added, failed)


def remove(call: Call) -> Json:
    """DELETE /{number}/block_users."""
    removed: list[Json] = []
    failed: list[Json] = []
    for given, address in _users(call):
        if call.by.blocked.pop(address, None) is None:
            failed.append(_failure(given, address))
        else:
            removed.append({"input": given, "wa_id": address})
    return _result("removed_users", removed, failed)


def everyone(call: Call) -> Json:
    """GET /{number}/block_users with cursors."""
    shown, paging = call.page(list(call.by.blocked), key=str)
    data = [
        {"messaging_product": "whatsapp", "input": call.by.blocked[address], "wa_id": address}
        for address in shown
    ]
    return {"data": data, **paging}


def _users(call: Call) -> list[tuple[str, str]]:
    call.check_product()
    users = call.body.get("block_users")
    if not isinstance(users, list) or not users or not all(isinstance(u, dict) for u in users):
        raise GraphError(100, "Param block_users must be an array of objects with user.")
    found = []
    for each in users:
        given = str(each.get("user") or each.get("user_id") or "")
        digits = sending.digits(given, country=call.by.digits[:2])
        address = given if "." in given else digits
        if not address:
            raise GraphError(131008, "Parameter 'block_users.user' is required.")
        found.append((given, address))
    return found


def _failure(given: str, address: str) -> Json:
    return {
        "input": given,
        "wa_id": address,
        "errors": [
            {
                "message": "Re-engagement required",
                "code": 131047,
                "error_data": {"details": "The user did not write in the last 24 hours."},
            }
        ],
    }


def _result(name: str, done: list[Json], failed: list[Json]) -> Json:
    lists: Json = {name: done}
    if failed:
        lists["failed_users"] = failed
    whole = {"messaging_product": "whatsapp", "block_users": lists}
    if failed:
        raise GraphError(139100, "Some users could not be blocked or unblocked.", beside=whole)
    return whole
