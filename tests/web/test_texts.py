"""Texts in templates: in the language of each request, and values never taken for HTML."""

import pytest
from flask import Flask, render_template_string


@pytest.mark.parametrize(
    ("source", "simplified", "english"),
    [
        ("{{ _('任务') }}", "任务", "Tasks"),
        (
            "{{ _('已升级 %(level)s 次', level='<2>') }}",
            "已升级 &lt;2&gt; 次",
            "Escalated &lt;2&gt;×",
        ),
        ("{{ _('满 100%%') }}", "满 100%", "满 100%"),
        ("{{ _('一行 <b>%(what)s</b>', what='100%') }}", "一行 <b>100%</b>", "一行 <b>100%</b>"),
    ],
)
def test_a_text_is_told_in_the_language_of_its_request(
    pages: Flask, source: str, simplified: str, english: str
) -> None:
    """Also where another request has just asked for the same; what is ours is HTML, a value is not."""
    found = []
    for language in ("zh-CN", "en", "zh-CN"):
        with pages.test_request_context(headers={"Accept-Language": language}):
            found.append(render_template_string(source))

    assert found == [simplified, english, simplified]
