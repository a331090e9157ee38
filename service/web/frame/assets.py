"""The built front end: hashed names from its manifest, served with permission to keep them for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from json import loads
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, request, send_from_directory, url_for
from markupsafe import Markup

from service.web.request.access import public

STATIC = Path(__file__).parents[1] / "static"
"""What the pages serve as it lies there."""

BUILT = STATIC / "dist"
"""Where the build hook puts the front end."""

CONFIG_KEY = "HUIYIN_ASSETS"
"""Config key of another folder with a built front end (tests)."""

EXTENSION = "huiyin_assets"
"""Where `register` leaves the built front end in `app.extensions`."""

FOREVER_S = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)


class AssetsMissingError(RuntimeError):
    """The front end is not built; the text says how to build it."""


@dataclass(frozen=True)
class Entry:
    """One bundle: its file, its style sheets and the chunks it imports, as names in the folder."""

    file: str
    css: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assets:
    """The built front end as the pages link it."""

    folder: Path
    entry_by_name: Mapping[str, Entry]


def load(folder: Path) -> Assets:
    """Return the front end built into a folder.

    Raises:
        AssetsMissingError: There is no manifest in the folder.
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise AssetsMissingError(
            f"Expected the built front end in {folder}, but it has no manifest.json. "
            "Run `make run` or `pip install -e .`: both build it."
        )
    entries = {
        name: Entry(entry["file"], tuple(entry["css"]), tuple(entry["imports"]))
        for name, entry in loads(manifest.read_text(encoding="utf-8")).items()
    }
    return Assets(folder, entries)


@blueprint.get("/static/dist/<path:name>")
@public
def file(name: str) -> Response:
    """Answer one built file; its name carries a hash, so it never changes."""
    answer = send_from_directory(_assets().folder, name, max_age=FOREVER_S)
    answer.headers["Cache-Control"] = f"public, max-age={FOREVER_S}, immutable"
    return answer


@blueprint.get("/favicon.ico")
@blueprint.get("/favicon.svg")
@public
def favicon() -> Response:
    """Answer the sign of the house for the browser's tab."""
    return send_from_directory(STATIC, "favicon.svg", max_age=3600)


def entry(name: str) -> Entry:
    """Return the bundle of that stable name (`form.js`)."""
    return _assets().entry_by_name[name]


def asset_url(file_name: str) -> str:
    """Return the address of a file named by the manifest."""
    return _address(request.root_path, file_name)


@lru_cache(1000)
def _address(root: str, file_name: str) -> str:
    """Return the address of a file below the root that the proxy in front tells (`root`)."""
    return url_for("web.assets.file", name=file_name)


def icon(name: str) -> Markup:
    """Return an icon of the sprite as SVG; readers of screens pass it over."""
    return _svg(f"{asset_url(entry('icons.svg').file)}#{name}")


@lru_cache(1000)
def _svg(href: str) -> Markup:
    return Markup('<svg class="hy-icon" aria-hidden="true"><use href="{}"/></svg>').format(href)


def _assets() -> Assets:
    return cast(Assets, current_app.extensions[EXTENSION])
