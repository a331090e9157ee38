"""The option `--language`: that of the shell's locale unless it is said."""

import locale
from typing import Any

import click

from service.domain.languages import ENGLISH, SIMPLIFIED, TRADITIONAL, first_known

_LANGUAGES = {"zh": SIMPLIFIED, "zh-hant": TRADITIONAL, "en": ENGLISH}


def language_of_shell() -> str:
    """Return the language of the locale that the shell sets; Chinese where it is none of ours."""
    tag = locale.setlocale(locale.LC_CTYPE).partition(".")[0]
    return first_known([tag]) or SIMPLIFIED


def _chosen(context: click.Context, option: click.Parameter, value: str | None) -> str:
    return language_of_shell() if value is None else _LANGUAGES[value]


def language_option(command: Any) -> Any:
    """Give a command the parameter `language`, one of `domain.languages`."""
    return click.option(
        "--language",
        type=click.Choice(sorted(_LANGUAGES)),
        callback=_chosen,
        help="提示的语言；默认取系统的语言。",
    )(command)
