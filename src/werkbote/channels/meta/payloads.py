"""How an outgoing message is written in the Cloud API's words (POST /{number}/messages)."""

from collections.abc import Callable, Mapping

from werkbote.channels import outgoing
from werkbote.channels.meta import wire
from werkbote.domain.events import Json

type _Written = tuple[str, Json]


def message(sent: outgoing.Outgoing, media_id: str | None) -> wire.Item:
    """The body of the request; `media_id` is the uploaded file's, where there was one."""
    kind, content = _WRITERS[type(sent.body)](sent.body, media_id)
    found: wire.Item = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": kind,
        kind: content,
        "biz_opaque_callback_data": sent.message_id,
    }
    # Without a plus Meta puts the business's own country code before a number.
    if sent.to.phone:
        found["to"] = sent.to.phone
    else:
        found["recipient"] = sent.to.bsuid
    if sent.reply_to:
        found["context"] = {"message_id": sent.reply_to}
    return found


def _text(body: outgoing.Text, _media_id: str | None) -> _Written:
    return "text", {"body": body.text, "preview_url": body.preview}


def _file(body: outgoing.File, media_id: str | None) -> _Written:
    held = body.media.provider_id if isinstance(body.media, outgoing.Held) else media_id
    found: wire.Item = {"id": held}
    if body.caption:
        found["caption"] = body.caption
    if body.kind is outgoing.FileKind.VOICE:
        return "audio", {**found, "voice": True}
    filename = body.filename
    if not filename and isinstance(body.media, outgoing.Upload):
        filename = body.media.filename
    if filename and body.kind is outgoing.FileKind.DOCUMENT:
        found["filename"] = filename
    return body.kind.value, found


def _location(body: outgoing.Location, _media_id: str | None) -> _Written:
    found: wire.Item = {"latitude": body.latitude, "longitude": body.longitude}
    if body.name:
        found["name"] = body.name
    if body.address:
        found["address"] = body.address
    return "location", found


def _contacts(body: outgoing.Contacts, _media_id: str | None) -> _Written:
    return "contacts", [dict(card) for card in body.cards]


def _reaction(body: outgoing.Reaction, _media_id: str | None) -> _Written:
    return "reaction", {"message_id": body.target, "emoji": body.emoji}


def _interactive(body: outgoing.Interactive, media_id: str | None) -> _Written:
    kind, action = _ACTIONS[type(body.action)](body.action)
    found: wire.Item = {"type": kind, "body": {"text": body.text}, "action": action}
    if isinstance(body.header, outgoing.File):
        name, content = _file(body.header, media_id)
        found["header"] = {"type": name, name: content}
    elif body.header:
        found["header"] = {"type": "text", "text": body.header}
    if body.footer:
        found["footer"] = {"text": body.footer}
    return "interactive", found


def _buttons(action: outgoing.Buttons) -> _Written:
    buttons: Json = [
        {"type": "reply", "reply": {"id": each.key, "title": each.title}} for each in action.buttons
    ]
    return "button", {"buttons": buttons}


def _menu(action: outgoing.Menu) -> _Written:
    sections: Json = [_section(section) for section in action.sections]
    return "list", {"button": action.label, "sections": sections}


def _section(section: outgoing.Section) -> wire.Item:
    """A title that is there but empty would be refused."""
    found: wire.Item = {"rows": [_line(row) for row in section.rows]}
    return {"title": section.title, **found} if section.title else found


def _line(row: outgoing.Choice) -> wire.Item:
    found: wire.Item = {"id": row.key, "title": row.title}
    if row.description:
        found["description"] = row.description
    return found


def _link(action: outgoing.Link) -> _Written:
    parameters: Json = {"display_text": action.label, "url": action.url}
    return "cta_url", {"name": "cta_url", "parameters": parameters}


def _form(action: outgoing.Form) -> _Written:
    parameters: wire.Item = {
        "flow_message_version": "3",
        "flow_id": action.flow_id,
        "flow_token": action.token,
        "flow_cta": action.label,
        "flow_action": "navigate" if action.screen else "data_exchange",
    }
    if action.screen:
        payload: wire.Item = {"screen": action.screen}
        if action.data:
            payload["data"] = dict(action.data)
        parameters["flow_action_payload"] = payload
    return "flow", {"name": "flow", "parameters": parameters}


def _wish(action: outgoing.Wish) -> _Written:
    if action is outgoing.Wish.LOCATION:
        return "location_request_message", {"name": "send_location"}
    return "request_contact_info", {"name": "request_contact_info"}


def _template(body: outgoing.Template, media_id: str | None) -> _Written:
    components: list[Json] = []
    if body.header is not None:
        components.append({"type": "header", "parameters": [_header(body.header, media_id)]})
    if body.body:
        filled: Json = [_parameter(each) for each in body.body]
        components.append({"type": "body", "parameters": filled})
    components.extend(_button(each) for each in body.buttons)
    found: wire.Item = {"name": body.name, "language": {"code": body.language}}
    if components:
        found["components"] = components
    return "template", found


def _header(
    header: outgoing.Parameter | outgoing.File | outgoing.Location, media_id: str | None
) -> wire.Item:
    if isinstance(header, outgoing.Parameter):
        return _parameter(header)
    kind, content = _WRITERS[type(header)](header, media_id)
    return {"type": kind, kind: content}


def _parameter(parameter: outgoing.Parameter) -> wire.Item:
    found: wire.Item = {"type": "text", "text": parameter.text}
    if parameter.name:
        found["parameter_name"] = parameter.name
    return found


def _button(button: outgoing.ButtonParameter) -> wire.Item:
    flow_token: wire.Item = {"flow_token": button.value}
    parameters: Mapping[outgoing.ButtonKind, wire.Item] = {
        outgoing.ButtonKind.QUICK_REPLY: {"type": "payload", "payload": button.value},
        outgoing.ButtonKind.URL: {"type": "text", "text": button.value},
        outgoing.ButtonKind.COPY_CODE: {"type": "coupon_code", "coupon_code": button.value},
        outgoing.ButtonKind.FLOW: {"type": "action", "action": flow_token},
    }
    return {
        "type": "button",
        "sub_type": button.kind.value,
        "index": str(button.index),
        "parameters": [parameters[button.kind]],
    }


# Every body and action has exactly one writer; the key fixes the argument's type.
_WRITERS: Mapping[type, Callable[..., _Written]] = {
    outgoing.Text: _text,
    outgoing.File: _file,
    outgoing.Location: _location,
    outgoing.Contacts: _contacts,
    outgoing.Reaction: _reaction,
    outgoing.Interactive: _interactive,
    outgoing.Template: _template,
}
_ACTIONS: Mapping[type, Callable[..., _Written]] = {
    outgoing.Buttons: _buttons,
    outgoing.Menu: _menu,
    outgoing.Link: _link,
    outgoing.Form: _form,
    outgoing.Wish: _wish,
}
