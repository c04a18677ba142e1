"""Whether a template may be created: names, lengths, formats and where parameters may stand."""

import re
from collections.abc import Callable
from typing import Any

from graphsim.deeds.filling import VARIABLE
from graphsim.errors import GraphError
from graphsim.state.template import CATEGORIES

type Json = dict[str, Any]

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_HEADER_FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
_BUTTONS = (
    "QUICK_REPLY",
    "URL",
    "PHONE_NUMBER",
    "COPY_CODE",
    "OTP",
    "FLOW",
    "CATALOG",
    "MPM",
    "SPM",
    "VOICE_CALL",
    "REQUEST_CONTACT_INFO",
    "ORDER_DETAILS",
)
_BODY, _HEADER, _FOOTER, _BUTTON, _MOST_BUTTONS = 1024, 60, 60, 25, 10
_LEAST_WORDS = 2


def check(order: Json, *, whole: bool = True) -> None:
    """Raise `GraphError` for what Meta would not even review; `whole` is false for an edit."""
    if whole:
        if not isinstance(order.get("name"), str) or not _NAME.fullmatch(order["name"]):
            raise GraphError(
                100, "Param name may hold lowercase letters, digits and underscores only."
            )
        if not isinstance(order.get("language"), str) or not _LANGUAGE.fullmatch(order["language"]):
            raise GraphError(100, "Param language must be a locale such as 'de' or 'en_US'.")
    category = order.get("category")
    if (whole or category is not None) and category not in CATEGORIES:
        raise GraphError(100, f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
    if whole or "components" in order:
        _components(order)


def _components(order: Json) -> None:
    components = order.get("components")
    if not isinstance(components, list) or not all(isinstance(c, dict) for c in components):
        raise GraphError(100, "The parameter components is required and must be an array.")
    kinds = [str(c.get("type", "")).upper() for c in components]
    if len(set(kinds)) < len(kinds):
        raise GraphError(100, "A template has at most one component of each type.")
    if "BODY" not in kinds:
        raise _refused(2388072, "A template needs a BODY component.")
    named = str(order.get("parameter_format", "POSITIONAL")).upper() == "NAMED"
    for kind, component in zip(kinds, components, strict=True):
        if kind not in _CHECKS:
            raise GraphError(100, f"Param components: type {kind!r:.40} is unknown.")
        _CHECKS[kind](component, order, named)


def _refused(code: int, details: str) -> GraphError:
    return GraphError(code, details, subcode=code)


def _body(component: Json, order: Json, named: bool) -> None:  # noqa: FBT001 -- one row of _CHECKS
    if order.get("category") == "AUTHENTICATION":
        return
    text = component.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _refused(2388072, "The body needs a text.")
    if len(text) > _BODY:
        raise _refused(2388040, f"The body is longer than {_BODY} characters.")
    _variables(text, code=2388072, named=named)
    bare = text.strip()
    first, last = VARIABLE.match(bare), VARIABLE.search(bare[-70:])
    if first is not None or (last is not None and bare.endswith("}}")):
        raise _refused(2388299, "Variables cannot stand at the start or the end of the template.")
    names = VARIABLE.findall(text)
    words = [word for word in VARIABLE.sub(" ", text).split() if any(c.isalnum() for c in word)]
    if names and len(words) < _LEAST_WORDS * len(names) + 1:
        raise _refused(2388293, "There are too many variables for the length of the text.")
    if names and not _has_example(component, "body_text"):
        raise _refused(2388072, "A body with variables needs example.body_text.")


def _variables(text: str, *, code: int, named: bool) -> None:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if named:
        wrong = [n for n in names if not re.fullmatch(r"[a-z][a-z0-9_]*", n)]
    else:
        wrong = [n for place, n in enumerate(names, 1) if n != str(place)]
    if wrong:
        raise _refused(code, f"The variable {{{{{wrong[0]}}}}} is not in order or not well named.")
    if re.search(r"\}\}\s*\{\{", text):
        raise _refused(code, "Two variables need words between them.")


def _has_example(component: Json, key: str) -> bool:
    example = component.get("example")
    if not isinstance(example, dict):
        return False
    return bool(example.get(key) or example.get(f"{key}_named_params"))


def _header(component: Json, _order: Json, named: bool) -> None:  # noqa: FBT001 -- a row of _CHECKS
    form = str(component.get("format", "")).upper()
    if form not in _HEADER_FORMATS:
        raise _refused(2388047, f"The header's format is one of {', '.join(_HEADER_FORMATS)}.")
    if form == "TEXT":
        text = component.get("text")
        if not isinstance(text, str) or not text.strip() or "\n" in text:
            raise _refused(2388047, "A text header is one line of text.")
        if len(text) > _HEADER:
            raise _refused(2388040, f"The header is longer than {_HEADER} characters.")
        _variables(text, code=2388047, named=named)
        if len(VARIABLE.findall(text)) > 1:
            raise _refused(2388047, "A header has at most one variable.")
    elif form != "LOCATION" and not _has_example(component, "header_handle"):
        raise _refused(2388047, f"A header of format {form} needs example.header_handle.")


def _footer(component: Json, _order: Json, _named: bool) -> None:  # noqa: FBT001 -- a row of _CHECKS
    text = component.get("text")
    if not isinstance(text, str) or not text.strip() or VARIABLE.search(text) or "\n" in text:
        raise _refused(2388073, "The footer is one line of text without variables.")
    if len(text) > _FOOTER:
        raise _refused(2388040, f"The footer is longer than {_FOOTER} characters.")


def _buttons(component: Json, _order: Json, _named: bool) -> None:  # noqa: FBT001 -- a row of _CHECKS
    buttons = component.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _MOST_BUTTONS:
        raise GraphError(100, f"A template has between 1 and {_MOST_BUTTONS} buttons.")
    for button in buttons:
        kind = str(button.get("type", "")).upper() if isinstance(button, dict) else ""
        if kind not in _BUTTONS:
            raise GraphError(100, f"A button's type is one of {', '.join(_BUTTONS)}.")
        _button(button, kind)


def _button(button: Json, kind: str) -> None:
    text = button.get("text", "")
    if not isinstance(text, str) or (kind in ("QUICK_REPLY", "URL", "PHONE_NUMBER") and not text):
        raise GraphError(100, "A button needs a text.")
    if len(text) > _BUTTON:
        raise _refused(2388040, f"A button's text is longer than {_BUTTON} characters.")
    if kind == "URL" and not str(button.get("url", "")).startswith(("http://", "https://")):
        raise GraphError(100, "A URL button needs a url that begins with http:// or https://.")
    if kind == "PHONE_NUMBER" and not button.get("phone_number"):
        raise GraphError(100, "A PHONE_NUMBER button needs a phone_number.")


def _unread(_component: Json, _order: Json, _named: bool) -> None:  # noqa: FBT001 -- a row of _CHECKS
    """Components the simulator keeps without looking into them."""


_CHECKS: dict[str, Callable[[Json, Json, bool], None]] = {
    "BODY": _body,
    "HEADER": _header,
    "FOOTER": _footer,
    "BUTTONS": _buttons,
    "CAROUSEL": _unread,
    "LIMITED_TIME_OFFER": _unread,
}
