"""WhatsApp's marks as safe HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.web import desk_components, formatting


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*fett*", "<strong>fett</strong>"),
        ("_kursiv_ und ~weg~", "<em>kursiv</em> und <s>weg</s>"),
        ("*_beides_*", "<strong><em>beides</em></strong>"),
        ("```a *b* <c>```", "<code>a *b* &lt;c&gt;</code>"),
        ("`B-AB 1`", "<code>B-AB 1</code>"),
        ("2*3*4", "2*3*4"),
        ("* kein fett *", "* kein fett *"),
        ("datei_name_neu", "datei_name_neu"),
        ("*über\nzwei Zeilen*", "*über\nzwei Zeilen*"),
        ("<b>", "&lt;b&gt;"),
        ("**", "**"),
    ],
)
def test_marks_count_where_whatsapp_lets_them(text, html):
    assert formatting.html(text) == html


def test_a_link_is_one_and_keeps_its_signs():
    shown = formatting.html("Siehe https://example.org/a_b_c?x=1&y=*2*.")
    assert 'href="https://example.org/a_b_c?x=1&amp;y=*2*"' in shown
    assert shown.endswith("</a>.")
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_only_web_addresses_become_links():
    assert "<a" not in formatting.html("javascript:alert(1) data:text/html,x file:///etc")


@given(st.text(alphabet=st.sampled_from("*_~`<>&\"' \nab:/https"), max_size=200))
def test_no_text_becomes_markup_of_its_own(text):
    shown = formatting.html(text)
    tags = re.findall(r"<[^>]*>", shown)
    allowed = re.compile(
        r'</?(strong|em|s|code|a)>|<a href="https?://[^"<>]*" target="_blank" rel="[a-z ]+">'
    )
    assert [tag for tag in tags if not allowed.fullmatch(tag)] == []


def test_marks_are_left_out_of_one_line():
    assert formatting.plain("*Hallo*\n_Petra_") == "Hallo Petra"


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (999, "999"), (1000, "999+")])
def test_many_are_shown_as_more_than_were_counted(count, shown):
    assert desk_components.upto(count) == shown
