"""Which endpoint answers which call: (method, kind of node, edge)."""

from graphsim.graph import (
    accounts,
    appdata,
    blocks,
    book,
    media,
    messages,
    numbers,
    qr,
    templates,
    uploads,
)
from graphsim.graph.call import Endpoint
from graphsim.state.world import World

ENDPOINTS: dict[tuple[str, str, str], Endpoint] = {
    ("POST", "number", "messages"): messages.send,
    ("POST", "number", "marketing_messages"): messages.send_marketing,
    ("POST", "number", "media"): media.upload,
    ("GET", "number", ""): numbers.show,
    ("POST", "number", ""): numbers.change,
    ("POST", "number", "register"): numbers.register,
    ("POST", "number", "deregister"): numbers.deregister,
    ("GET", "number", "settings"): numbers.settings,
    ("POST", "number", "settings"): numbers.change_settings,
    ("GET", "number", "whatsapp_business_profile"): numbers.profile,
    ("POST", "number", "whatsapp_business_profile"): numbers.change_profile,
    ("GET", "number", "block_users"): blocks.everyone,
    ("POST", "number", "block_users"): blocks.add,
    ("DELETE", "number", "block_users"): blocks.remove,
    ("GET", "number", "message_qrdls"): qr.route,
    ("POST", "number", "message_qrdls"): qr.save,
    ("DELETE", "number", "message_qrdls"): qr.delete,
    ("GET", "number", "contact_book"): book.show,
    ("POST", "number", "contact_book"): book.add,
    ("DELETE", "number", "contact_book"): book.delete,
    ("POST", "number", "smb_app_data"): appdata.sync,
    ("GET", "waba", ""): accounts.show,
    ("GET", "waba", "phone_numbers"): accounts.phone_numbers,
    ("GET", "waba", "subscribed_apps"): accounts.subscriptions,
    ("POST", "waba", "subscribed_apps"): accounts.subscribe,
    ("DELETE", "waba", "subscribed_apps"): accounts.unsubscribe,
    ("GET", "waba", "message_templates"): templates.everyone,
    ("POST", "waba", "message_templates"): templates.create,
    ("DELETE", "waba", "message_templates"): templates.delete,
    ("GET", "template", ""): templates.show,
    ("POST", "template", ""): templates.edit,
    ("POST", "upload", ""): uploads.receive,
    ("GET", "upload", ""): uploads.show,
    ("POST", "app", "uploads"): uploads.begin,
    ("GET", "media", ""): media.show,
    ("DELETE", "media", ""): media.delete,
}
PLACES = {"messages": "messages", "media": "media", "message_templates": "templates"}


def kind_of(world: World, node: str, *, edge: str) -> str | None:
    """What an id names, or None when it names nothing."""
    if node in world.numbers:
        return "number"
    if node in world.media:
        return "media"
    if node in world.templates:
        return "template"
    if any(each.waba_id == node for each in world.numbers.values()):
        return "waba"
    if node.startswith("upload:"):
        return "upload"
    return "app" if edge == "uploads" else None
