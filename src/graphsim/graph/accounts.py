"""Business account endpoints: the account, its numbers, its subscribed apps."""

from graphsim.errors import GraphError
from graphsim.graph import numbers
from graphsim.graph.call import Call, Json

_APP = {"id": "1000000000000001", "name": "graphsim app"}


def show(call: Call) -> Json:
    """GET /{waba}."""
    return call.fields(
        {
            "id": call.node,
            "name": call.by.verified_name,
            "account_review_status": "APPROVED",
            "business_verification_status": "VERIFIED",
            "ownership_type": "SELF_OWNED",
            "country": "DE",
            "currency": "EUR",
            "timezone_id": "35",
            "message_template_namespace": f"ns_{call.node}",
            "marketing_messages_lite_api_status": "INELIGIBLE",
            "marketing_messages_onboarding_status": "NOT_STARTED",
        },
        always=("id", "name"),
    )


def phone_numbers(call: Call) -> Json:
    """GET /{waba}/phone_numbers with cursors."""
    found = call.world.numbers_of(call.node)
    shown, paging = call.page(found, key=lambda each: each.id)
    data = []
    for each in shown:
        whole = numbers.public(each) | {
            "status": "LINKED" if each.registered else "PENDING",
            "country_code": "DE",
            "country_dial_code": "49",
            "unified_cert_status": "APPROVED",
            "host_platform": "CLOUD_API",
        }
        data.append(call.fields(whole, always=("id", "display_phone_number", "status")))
    return {"data": data, **paging}


def subscribe(call: Call) -> Json:
    """POST /{waba}/subscribed_apps: webhooks flow; with an override, to another URL."""
    url = call.body.get("override_callback_uri")
    if url is not None and (
        not isinstance(url, str) or not url.startswith(("http://", "https://"))
    ):
        raise GraphError(100, "Param override_callback_uri must be a URL.")
    for each in call.world.numbers_of(call.node):
        each.subscribed = True
        if url is not None:
            each.webhook_url = url
            each.verify_token = str(call.body.get("verify_token", each.verify_token))
    return {"success": True}


def subscriptions(call: Call) -> Json:
    """GET /{waba}/subscribed_apps."""
    if not call.by.subscribed:
        return {"data": []}
    return {"data": [{**_APP, "whatsapp_business_api_data": {**_APP, "link": call.base}}]}


def unsubscribe(call: Call) -> Json:
    """DELETE /{waba}/subscribed_apps: webhooks stop."""
    for each in call.world.numbers_of(call.node):
        each.subscribed = False
    return {"success": True}
