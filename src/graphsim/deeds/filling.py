"""A template and the parameters of a send: whether they fit, and what the customer reads."""

import re
from typing import Any

from graphsim.errors import GraphError
from graphsim.state.template import Template
from graphsim.state.world import World

type Json = dict[str, Any]

VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_BODY_LIMIT = 1024
_HEADER_LIMIT = 60
_MEDIA_FORMATS = frozenset({"IMAGE", "VIDEO", "DOCUMENT"})
_TEXTUAL = frozenset({"text", "currency", "date_time"})
_BLOCKING = {"PAUSED": 132015, "DISABLED": 132016}


def find(world: World, *, waba_id: str, payload: Json) -> Template:
    """The approved template a send names; raises 132001, 132015 or 132016."""
    name, language = payload["name"], payload["language"]["code"]
    found = world.by_name.get((waba_id, name, language))
    if found is None:
        raise GraphError(132001, f"template name ({name}) does not exist in {language}")
    if found.status in _BLOCKING:
        raise GraphError(
            _BLOCKING[found.status], f"template name ({name}) is {found.status.lower()}"
        )
    if found.status != "APPROVED":
        raise GraphError(
            132001, f"template name ({name}) is not approved in {language}: {found.status}"
        )
    return found


def language_of(payload: Json) -> str:
    """The language a send names, or nothing."""
    language = payload.get("language")
    return str(language.get("code", "")) if isinstance(language, dict) else ""


def fill(template: Template, payload: Json) -> Json:
    """What the customer sees: header, body, footer and buttons; raises when parameters do not fit."""
    given: list[Json] = payload.get("components") or []
    shown: Json = {"header": None, "body": "", "footer": "", "buttons": []}
    for component in template.components:
        kind = str(component.get("type", "")).upper()
        if kind == "BODY":
            parameters = _parameters(given, "body")
            shown["body"] = _text(template, component.get("text", ""), parameters, "body")
            if len(shown["body"]) > _BODY_LIMIT:
                raise GraphError(132005, "The body with its parameters is longer than 1024.")
        elif kind == "HEADER":
            shown["header"] = _header(template, component, _parameters(given, "header"))
        elif kind == "FOOTER":
            shown["footer"] = component.get("text", "")
        elif kind == "BUTTONS":
            shown["buttons"] = _buttons(component.get("buttons") or [], given)
    _refuse_strays(template, given)
    return shown


def _parameters(given: list[Json], kind: str) -> list[Json]:
    for component in given:
        if str(component.get("type", "")).lower() == kind:
            found = component.get("parameters") or []
            if not isinstance(found, list) or not all(isinstance(p, dict) for p in found):
                raise GraphError(132012, f"{kind}: parameters must be an array of objects")
            return found
    return []


def _text(template: Template, text: str, parameters: list[Json], where: str) -> str:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if len(names) != len(parameters):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the "
            f"expected number of params ({len(names)})",
        )
    if template.parameter_format == "NAMED":
        values = {str(p.get("parameter_name")): _value(p, where) for p in parameters}
        missing = [name for name in names if name not in values]
        if missing:
            raise GraphError(132000, f"{where}: parameter_name {missing[0]!r} is missing")
    else:
        values = {
            name: _value(parameter, where)
            for name, parameter in zip(sorted(names, key=_position), parameters, strict=True)
        }
    return VARIABLE.sub(lambda match: values[match[1]], text)


def _position(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _value(parameter: Json, where: str) -> str:
    kind = parameter.get("type", "text")
    if not isinstance(kind, str) or kind not in _TEXTUAL:
        raise GraphError(132012, f"{where}: expected a text parameter, got {kind!r:.40}")
    found = parameter.get("text")
    if kind != "text":
        inner = parameter.get(kind)
        found = inner.get("fallback_value") if isinstance(inner, dict) else None
    if not isinstance(found, str) or not found:
        raise GraphError(131008, f"{where}: a parameter has no text")
    if "\n" in found or "\t" in found or "     " in found:
        raise GraphError(
            132007,
            f"{where}: param text cannot have new-line/tab characters or more than 4 "
            "consecutive spaces",
        )
    return found


def _header(template: Template, component: Json, parameters: list[Json]) -> Json:
    form = str(component.get("format", "TEXT")).upper()
    if form == "TEXT":
        text = _text(template, component.get("text", ""), parameters, "header")
        if len(text) > _HEADER_LIMIT:
            raise GraphError(132005, "The header with its parameter is longer than 60.")
        return {"format": "TEXT", "text": text}
    if len(parameters) != 1 or parameters[0].get("type") != form.lower():
        got = parameters[0].get("type") if parameters else None
        raise GraphError(
            132012, f"header: Format mismatch, expected {form}, received {got or 'UNKNOWN'}"
        )
    return {"format": form, form.lower(): parameters[0].get(form.lower())}


def _buttons(buttons: list[Json], given: list[Json]) -> list[Json]:
    shown = []
    for index, button in enumerate(buttons):
        kind = str(button.get("type", "")).upper()
        parameters = _button_parameters(given, index)
        made = {"type": kind, "text": button.get("text", ""), "index": index}
        if kind == "URL":
            made["url"] = _url(str(button.get("url", "")), parameters, index)
        elif kind == "QUICK_REPLY":
            made["payload"] = _payload(parameters) or button.get("text", "")
        elif kind == "PHONE_NUMBER":
            made["phone_number"] = button.get("phone_number", "")
        shown.append(made)
    return shown


def _button_parameters(given: list[Json], index: int) -> list[Json]:
    for component in given:
        if str(component.get("type", "")).lower() == "button" and str(
            component.get("index", "0")
        ) == str(index):
            found = component.get("parameters") or []
            if isinstance(found, list) and all(isinstance(p, dict) for p in found):
                return found
            raise GraphError(132012, f"button {index}: parameters must be an array of objects")
    return []


def _url(url: str, parameters: list[Json], index: int) -> str:
    if not VARIABLE.search(url):
        return url
    if len(parameters) != 1 or not isinstance(parameters[0].get("text"), str):
        raise GraphError(
            131008, f"Button at index {index} of type Url requires a parameter of type text"
        )
    return VARIABLE.sub(lambda _: str(parameters[0]["text"]), url)


def _payload(parameters: list[Json]) -> str:
    found = parameters[0].get("payload") if parameters else None
    return found if isinstance(found, str) else ""


def _refuse_strays(template: Template, given: list[Json]) -> None:
    for component in given:
        kind = str(component.get("type", "")).lower()
        if kind == "button":
            kind = "buttons"
        if kind in ("header", "body", "buttons") and template.component(kind.upper()) is None:
            if component.get("parameters"):
                raise GraphError(132000, f"{kind}: the template has no {kind}")
        elif kind not in ("header", "body", "buttons", "carousel", "limited_time_offer"):
            raise GraphError(132012, f"component type {kind!r:.40} is unknown")
