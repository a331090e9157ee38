"""Which language a reader gets."""

import pytest

from service.web.request.languages import DEFAULT, LANGUAGES, html_tag, negotiate


@pytest.mark.parametrize(
    ("asked", "expect"),
    [
        (["zh-TW"], "zh_Hant_TW"),
        (["zh-HK"], "zh_Hant_TW"),
        (["zh-MO", "en"], "zh_Hant_TW"),
        (["zh-Hant"], "zh_Hant_TW"),
        (["zh-Hans-HK"], "zh_Hans_CN"),
        (["zh"], "zh_Hans_CN"),
        (["zh-CN"], "zh_Hans_CN"),
        (["zh-SG", "en"], "zh_Hans_CN"),
        (["en-GB"], "en"),
        (["fr", "en", "zh"], "en"),
        (["fr", "ja"], DEFAULT),
        (["*"], DEFAULT),
        ([], DEFAULT),
    ],
)
def test_the_browsers_wish_decides_when_nothing_is_chosen(asked: list[str], expect: str) -> None:
    """Taiwan, Hong Kong and Macao read Traditional, other Chinese Simplified, unknown ones Simplified."""
    assert negotiate(None, asked) == expect


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_chosen_language_stands_above_the_browsers_wish(language: str) -> None:
    """The switch in the user menu wins."""
    assert negotiate(language, ["en", "zh-TW", "zh"]) == language


@pytest.mark.parametrize("chosen", ["", "fr", "../en", "EN"])
def test_an_unknown_choice_is_passed_over(chosen: str) -> None:
    """A cookie with an unknown language does not break a page."""
    assert negotiate(chosen, ["zh-TW"]) == "zh_Hant_TW"


def test_html_names_languages_with_hyphens() -> None:
    """The `lang` attribute follows BCP 47."""
    assert [html_tag(language) for language in LANGUAGES] == ["zh-Hans-CN", "zh-Hant-TW", "en"]
