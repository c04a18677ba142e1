"""No part contains or calls a language model: requirements about one are excused only as long as that holds."""

import re

import pytest

from tests.house import sources

_PACKAGES = re.compile(
    r"openai|cohere|mistralai|google-genai|ollama|litellm|langchain|llama|transformers|torch"
    r"|tensorflow|onnxruntime|xllamacpp|vllm|pydantic-ai|whisper|vosk|piper|kokoro|tts"
)
_PLACES = re.compile(
    r"api\.openai|mistral\.ai|generativelanguage|/v1/(?:chat/)?completions|/api/generate"
    r"|\.gguf",
    re.IGNORECASE,
)


def _packages() -> set[str]:
    lock = (sources.ROOT / "requirements" / "runtime.lock").read_text()
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE))


def test_no_package_of_the_product_is_or_calls_a_model() -> None:
    found = _packages()
    assert "django" in found
    assert [name for name in sorted(found) if _PACKAGES.search(name)] == []


def test_no_line_of_the_product_names_where_a_model_answers() -> None:
    files = [
        one for one in (sources.SOURCE / "werkbote").rglob("*") if one.suffix in {".py", ".yaml"}
    ]
    assert len(files) > 100
    assert [one.name for one in files if _PLACES.search(one.read_text())] == []


@pytest.mark.parametrize(
    "name", ["openai", "pydantic-ai-slim", "llama-cpp-python", "openai-whisper"]
)
def test_packages_of_models_are_recognised(name: str) -> None:
    assert _PACKAGES.search(name)


@pytest.mark.parametrize("line", ["https://api.openai.com/v1/chat/completions", "model.gguf"])
def test_places_of_models_are_recognised(line: str) -> None:
    assert _PLACES.search(line)
