"""Whether a template may be handed in: Meta's rules, the German class, and what has no place in a chat."""

import itertools
import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from werkbote.domain import policy
from werkbote.domain.numbers import meaning
from werkbote.domain.numbers.templates import (
    ASKS,
    LIMITS,
    PLACE,
    Button,
    ButtonKind,
    Category,
    Draft,
    Part,
    Problem,
    places,
)

LANGUAGES = ("de", "en", "en_US", "en_GB")

_NAME = re.compile(r"[a-z0-9_]+")
_PHONE = re.compile(r"\+[0-9]{6,19}")
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF]")
_MARKS = re.compile(r"[*_~`]")
_MAX_EXAMPLE = 200


class UnableToSubmit(Exception):
    """The template breaks at least one rule; `problems` name the part and what to do."""

    def __init__(self, found: tuple[Problem, ...]) -> None:
        super().__init__(found[0].sentence)
        self.problems = found


def check(draft: Draft, *, advertising: Collection[str], service: Collection[str]) -> None:
    """Raise UnableToSubmit with every problem; the collections hold the purposes a message can serve."""
    found = problems(draft, advertising=advertising, service=service)
    if found:
        raise UnableToSubmit(found)


def problems(
    draft: Draft, *, advertising: Collection[str], service: Collection[str]
) -> tuple[Problem, ...]:
    """Return every problem of a draft; an empty answer means it may be handed in."""
    found = (
        *_name(draft),
        *_language(draft),
        *_header(draft),
        *_body(draft),
        *_examples(draft),
        *_footer(draft),
        *_buttons(draft),
        *_class(draft, advertising, service),
        *_content(draft),
    )
    return tuple(Problem(part=part, sentence=sentence) for part, sentence in found)


type _Found = Iterator[tuple[Part, str]]


def _name(draft: Draft) -> _Found:
    if not _NAME.fullmatch(draft.name):
        yield (
            Part.NAME,
            "The name takes small letters from a to z, digits and underscores, nothing else.",
        )
    elif len(draft.name) > LIMITS["name"]:
        yield Part.NAME, "The name is too long: 512 characters at most."


def _language(draft: Draft) -> _Found:
    if draft.language not in LANGUAGES:
        yield Part.LANGUAGE, "Choose German or English."
    if draft.category not in set(Category):
        yield Part.CATEGORY, "Choose what Meta should call it: utility or marketing."


def _header(draft: Draft) -> _Found:
    text = draft.header
    if not text:
        return
    if len(text) > LIMITS["header"]:
        yield Part.HEADER, "The heading is too long: 60 characters at most."
    if "\n" in text or not text.strip():
        yield Part.HEADER, "The heading is one line."
    if PLACE.search(text) or "{{" in text:
        yield Part.HEADER, "Put places into the text, not into the heading."
    if _EMOJI.search(text) or _MARKS.search(text):
        yield Part.HEADER, "The heading takes no emoji and no marks such as * or _."


def _body(draft: Draft) -> _Found:
    text = draft.body
    if not text.strip():
        yield Part.BODY, "The text is missing."
        return
    if len(text) > LIMITS["body"]:
        yield Part.BODY, "The text is too long: 1,024 characters at most."
    if "\n\n\n" in text or "     " in text:
        yield Part.BODY, "Two empty lines or five spaces in a row are too many for Meta."
    yield from _places(text)


def _places(text: str) -> _Found:
    bare = text.strip()
    names = places(text)
    if "{{" in PLACE.sub("", text) or "}}" in PLACE.sub("", text):
        yield Part.BODY, "A place has two braces on each side: {{1}}."
    if names != tuple(str(number) for number in range(1, len(names) + 1)):
        yield Part.BODY, "Number the places in order, beginning with {{1}}: no gap, no name."
    if PLACE.match(bare) or (bare.endswith("}}") and PLACE.search(bare)):
        yield Part.BODY, "A place must not stand at the very beginning or end of the text."
    if re.search(r"\}\}\s*\{\{", text):
        yield Part.BODY, "Put words between two places."
    words = [word for word in PLACE.sub(" ", text).split() if any(sign.isalnum() for sign in word)]
    if names and len(words) < LIMITS["words_per_place"] * len(PLACE.findall(text)) + 1:
        yield Part.BODY, "There are too many places for so few words: write more, or fill in less."


def _examples(draft: Draft) -> _Found:
    wanted = len(places(draft.body))
    if len(draft.examples) != wanted or not all(one.strip() for one in draft.examples):
        yield Part.EXAMPLES, "Give one example for each place, one a line: Meta reviews with them."
    if any(
        len(one) > _MAX_EXAMPLE or policy.FORBIDDEN_IN_PARAMETER.search(one)
        for one in draft.examples
    ):
        yield Part.EXAMPLES, "An example is one short line, without tabs."


def _footer(draft: Draft) -> _Found:
    text = draft.footer
    if len(text) > LIMITS["footer"]:
        yield Part.FOOTER, "The small print is too long: 60 characters at most."
    if "\n" in text or "{{" in text:
        yield Part.FOOTER, "The small print is one line without places."


def _buttons(draft: Draft) -> _Found:
    kinds = [button.kind for button in draft.buttons]
    if len(kinds) > LIMITS["buttons"]:
        yield Part.BUTTONS, "Ten buttons at most."
    if kinds.count(ButtonKind.URL) > LIMITS["urls"]:
        yield Part.BUTTONS, "Two buttons with a link at most."
    if kinds.count(ButtonKind.PHONE_NUMBER) > LIMITS["phones"]:
        yield Part.BUTTONS, "One button with a phone number at most."
    if _is_mixed([kind is ButtonKind.QUICK_REPLY for kind in kinds]):
        yield (
            Part.BUTTONS,
            "Keep answers together: first all answers, then all links, or the other way.",
        )
    texts = [button.text.casefold() for button in draft.buttons]
    if len(set(texts)) < len(texts):
        yield Part.BUTTONS, "Two buttons say the same: give each words of its own."
    for button in draft.buttons:
        yield from _button(button)


def _is_mixed(replies: list[bool]) -> bool:
    """Return whether answers and other buttons alternate more than once."""
    return sum(one != two for one, two in itertools.pairwise(replies)) > 1


def _button(button: Button) -> _Found:
    if not button.text.strip() or "{{" in button.text or "\n" in button.text:
        yield Part.BUTTONS, "A button needs words on one line, without places."
    if len(button.text) > LIMITS["button"]:
        yield Part.BUTTONS, "A button's words are too long: 25 characters at most."
    if button.kind is ButtonKind.URL and not _is_web(button.value):
        yield Part.BUTTONS, "A button with a link needs a whole address that begins with https://."
    if button.kind is ButtonKind.PHONE_NUMBER and not _PHONE.fullmatch(button.value):
        yield Part.BUTTONS, "A button with a phone number needs it with country code, such as +49."


def _is_web(address: str) -> bool:
    if len(address) > LIMITS["url"] or "{{" in address or any(sign.isspace() for sign in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _class(draft: Draft, advertising: Collection[str], service: Collection[str]) -> _Found:
    text = _whole(draft)
    sounds = meaning.sounds_like(text)
    if draft.purpose not in {*advertising, *service, ASKS}:
        yield Part.PURPOSE, "Choose what it is for: without a class in German law it is never sent."
        return
    if draft.purpose in service and sounds:
        yield (
            Part.PURPOSE,
            (
                "This reads like a reminder, an offer or a survey: advertising in German law, also where "
                "Meta says utility. Choose an advertising purpose, or take the words out."
            ),
        )
    if draft.purpose in service and draft.category == Category.MARKETING:
        yield (
            Part.CATEGORY,
            "Meta's marketing is never service: choose utility, or an advertising purpose.",
        )
    if draft.purpose in advertising and not policy.names_stop(text):
        yield (
            Part.BODY,
            (
                "Advertising must say how to end it (§ 7 UWG): add a line such as “Keine Werbung mehr? "
                "Antworten Sie STOPP.”"
            ),
        )
    if draft.purpose == ASKS and not meaning.is_consent_request(text):
        yield Part.PURPOSE, "This asks for no consent: choose what it really is for."


def _content(draft: Draft) -> _Found:
    if policy.lint_text(" ".join((_whole(draft), *draft.examples))):
        yield (
            Part.BODY,
            (
                "Ask for no identity papers, bank or card data in a chat: Meta's policy forbids it. Ask "
                "for them in person."
            ),
        )
    if policy.lint_contract(_whole(draft)):
        yield (
            Part.BODY,
            (
                "No contract is concluded in a chat (§ 312c BGB): take that out. If it asks for an approval, "
                "say that it extends the existing order."
            ),
        )


def _whole(draft: Draft) -> str:
    return "\n".join((draft.header, draft.body, draft.footer, *(one.text for one in draft.buttons)))
