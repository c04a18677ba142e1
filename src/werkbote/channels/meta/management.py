"""The Cloud API for whoever sets a number up: templates, settings, registration, profile, links."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from werkbote.channels import driver
from werkbote.channels.meta import client, transport, wire
from werkbote.domain.events import Json

_PAGE = "100"
_NUMBER_FIELDS = (
    "id,display_phone_number,verified_name,quality_rating,name_status,status,throughput,"
    "platform_type,is_on_biz_app,whatsapp_business_manager_messaging_limit,webhook_configuration"
)
_PROFILE_FIELDS = "about,address,description,email,profile_picture_url,websites,vertical"
_TEMPLATE_FIELDS = (
    "id,name,language,status,category,components,rejected_reason,quality_score,parameter_format"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as Meta keeps it; `components` in Meta's own shape."""

    template_id: str
    name: str
    language: str
    status: str
    category: str
    components: tuple[Json, ...] = ()
    rejected_reason: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some templates and the cursor to the next ones (None at the end)."""

    templates: tuple[Template, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A short link that opens a chat with words already written, and its QR image's address."""

    code: str
    text: str
    url: str
    image_url: str = ""


async def templates(access: driver.Access, *, after: str | None = None) -> Page:
    """One page of the account's templates; a cursor may go stale (131059)."""
    query = {"fields": _TEMPLATE_FIELDS, "limit": _PAGE}
    if after:
        query["after"] = after
    answer = await _get(access, (access.account, "message_templates"), query)
    paging = wire.item(answer.get("paging"))
    cursors = wire.item(paging.get("cursors"))
    return Page(
        templates=tuple(_template(each) for each in _items(answer)),
        after=wire.ident(cursors.get("after")) if paging.get("next") else None,
    )


async def all_templates(access: driver.Access) -> AsyncIterator[Template]:
    """Every template of the account, page by page; a repeated cursor ends it."""
    after: str | None = None
    seen: set[str | None] = {None}
    while True:
        page = await templates(access, after=after)
        for template in page.templates:
            yield template
        after = page.after
        if after in seen:
            return
        seen.add(after)


async def create_template(access: driver.Access, template: Mapping[str, Json]) -> Template:
    """Hand a template in for review; `template` in Meta's shape (name, language, components …)."""
    answer = await _post(access, (access.account, "message_templates"), template)
    return Template(
        template_id=client.required(answer, "id", 1),
        name=wire.text(template.get("name")),
        language=wire.text(template.get("language")),
        status=wire.text(answer.get("status")),
        category=wire.text(answer.get("category")),
    )


async def edit_template(
    access: driver.Access, template_id: str, change: Mapping[str, Json]
) -> None:
    """Change an approved, rejected or paused template (once a day, ten times in 30 days)."""
    await _post(access, (template_id,), change)


async def delete_template(
    access: driver.Access, name: str, *, template_id: str | None = None
) -> None:
    """Delete one language of a template, or without `template_id` all of them."""
    query = {"name": name}
    if template_id:
        query["hsm_id"] = template_id
    await transport.call(
        access,
        transport.Call(
            method="DELETE",
            path=(access.account, "message_templates"),
            query=query,
            repeatable=True,
        ),
    )


async def number(access: driver.Access) -> wire.Item:
    """What Meta says of the number: name, quality, limit, throughput."""
    return await _get(access, (access.number,), {"fields": _NUMBER_FIELDS})


async def settings(access: driver.Access) -> wire.Item:
    """The number's settings, storage among them."""
    return await _get(access, (access.number, "settings"), {})


async def change_settings(access: driver.Access, change: Mapping[str, Json]) -> None:
    """Change settings; the place of storage only while the number is not registered."""
    await _post(access, (access.number, "settings"), change)


async def store_in(access: driver.Access, region: str) -> None:
    """Ask for Local Storage, such as "DE"; only before the number is registered."""
    await change_settings(
        access,
        {
            "storage_configuration": {
                "status": "IN_COUNTRY_STORAGE_ENABLED",
                "data_localization_region": region,
            }
        },
    )


async def register(access: driver.Access, *, pin: str) -> None:
    """Register the number with its six-digit PIN (ten times in 72 hours)."""
    body: wire.Item = {"messaging_product": "whatsapp", "pin": pin}
    await _post(access, (access.number, "register"), body)


async def change_pin(access: driver.Access, *, pin: str) -> None:
    """Give a registered number another six-digit PIN."""
    await _post(access, (access.number,), {"pin": pin})


async def deregister(access: driver.Access) -> None:
    """Take the number off the Cloud API."""
    await _post(access, (access.number, "deregister"), {})


async def profile(access: driver.Access) -> wire.Item:
    """What people see of the business."""
    answer = await _get(
        access, (access.number, "whatsapp_business_profile"), {"fields": _PROFILE_FIELDS}
    )
    return next(iter(_items(answer)), {})


async def change_profile(access: driver.Access, change: Mapping[str, Json]) -> None:
    """Change what people see of the business."""
    body: wire.Item = {"messaging_product": "whatsapp", **change}
    await _post(access, (access.number, "whatsapp_business_profile"), body)


async def subscribe(
    access: driver.Access, *, callback_url: str = "", verify_token: str = ""
) -> None:
    """Have the account's webhooks sent to this app, to an own address where one is given."""
    body: wire.Item = {}
    if callback_url:
        body = {"override_callback_uri": callback_url, "verify_token": verify_token}
    await _post(access, (access.account, "subscribed_apps"), body)


async def subscriptions(access: driver.Access) -> tuple[wire.Item, ...]:
    """The apps that receive the account's webhooks."""
    return _items(await _get(access, (access.account, "subscribed_apps"), {}))


async def unsubscribe(access: driver.Access) -> None:
    """Have the account's webhooks sent no more."""
    await transport.call(
        access,
        transport.Call(method="DELETE", path=(access.account, "subscribed_apps"), repeatable=True),
    )


async def create_link(access: driver.Access, text: str) -> Link:
    """A short link with a QR code (SVG) that opens a chat with `text` already written."""
    body: wire.Item = {"prefilled_message": text, "generate_qr_image": "SVG"}
    return _link(await _post(access, (access.number, "message_qrdls"), body))


async def links(access: driver.Access) -> tuple[Link, ...]:
    """Every short link of the number."""
    answer = await _get(access, (access.number, "message_qrdls"), {"limit": _PAGE})
    return tuple(_link(each) for each in _items(answer))


async def delete_link(access: driver.Access, code: str) -> None:
    """Make a short link and its QR code useless."""
    await transport.call(
        access,
        transport.Call(
            method="DELETE", path=(access.number, "message_qrdls", code), repeatable=True
        ),
    )


async def share_app_data(access: driver.Access, kind: str) -> str:
    """Ask the phone app for its "history" or its contacts ("smb_app_state_sync"); each once only.

    Possible in the first 24 hours after the number joined; returns the id of the request.
    """
    body: wire.Item = {"messaging_product": "whatsapp", "sync_type": kind}
    answer = await _post(access, (access.number, "smb_app_data"), body)
    return wire.text(answer.get("request_id"))


async def _get(access: driver.Access, path: tuple[str, ...], query: Mapping[str, str]) -> wire.Item:
    return await transport.call(
        access, transport.Call(method="GET", path=path, query=query, repeatable=True)
    )


async def _post(
    access: driver.Access, path: tuple[str, ...], body: Mapping[str, Json]
) -> wire.Item:
    return await transport.call(access, transport.Call(method="POST", path=path, body=body))


def _items(answer: wire.Item) -> tuple[wire.Item, ...]:
    data = answer.get("data")
    return tuple(wire.item(each) for each in data) if isinstance(data, list) else ()


def _template(item: wire.Item) -> Template:
    components = item.get("components")
    return Template(
        template_id=wire.text(item.get("id")),
        name=wire.text(item.get("name")),
        language=wire.text(item.get("language")),
        status=wire.text(item.get("status")),
        category=wire.text(item.get("category")),
        components=tuple(components) if isinstance(components, list) else (),
        rejected_reason=wire.text(item.get("rejected_reason")),
        quality=wire.text(wire.item(item.get("quality_score")).get("score")),
    )


def _link(item: wire.Item) -> Link:
    return Link(
        code=wire.text(item.get("code")),
        text=wire.text(item.get("prefilled_message")),
        url=wire.text(item.get("deep_link_url")),
        image_url=wire.text(item.get("qr_image_url")),
    )
