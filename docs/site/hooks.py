"""Hooks of mkdocs: add the pages of the reference, adapt links that leave docs/, and refuse resources from the network."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import reference_pages
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

logger = logging.getLogger("mkdocs.hooks.contractfuzz")

PAGES_OUTSIDE = {"README.md": "index.md", "CHANGELOG.md": "changelog.md"}
"""Files of the repository that are pages of the site, by another name."""

REPOSITORY = "https://github.com/contractfuzz/contractfuzz/blob/main"
"""Address of all other files of the repository."""

LINK_OUTSIDE = re.compile(r"\[(?P<text>[^\]]*)\]\(\.\./(?P<path>[^)#]*)[^)]*\)")
TABLE_ROW, CODE = re.compile(r"^\|.*\|$", re.MULTILINE), re.compile(r"`[^`\n]+`")

REMOTE_RESOURCE = re.compile(
    r"""<(?:script|img|iframe|source|link\b(?![^>]*rel="?(?:canonical|next|prev)))\b[^>]*\b(?:src|srcset|href)=["']?(?P<url>(?:https?:)?//[^"'\s>]*)"""
    r"""|url\(["']?(?P<css>(?:https?:)?//[^"')]*)|@import\s+["'](?P<imported>(?:https?:)?//[^"']*)""",
    re.IGNORECASE,
)
"""Something that a browser would load from the network, in HTML, CSS or SVG. Links that readers follow are not meant."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference."""
    for name, text in reference_pages.pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Replace links to files outside of docs/: by a link to the page of the site, or to the file in the repository."""
    if page.parent is None:
        page.meta["hide"] = ["navigation"]  # a page without others next to it

    def replace(link: re.Match[str]) -> str:
        target = PAGES_OUTSIDE.get(link["path"], f"{REPOSITORY}/{link['path']}")
        return f"[{link['text']}]({target})"

    return TABLE_ROW.sub(lambda row: CODE.sub(show_pipes, row[0]), LINK_OUTSIDE.sub(replace, markdown))


def show_pipes(code: re.Match[str]) -> str:
    r"""Return the code of a table with its pipes as they are: GitHub needs ``\|``, and mkdocs would show the backslash."""
    return code[0].replace(r"\|", "|")


def on_post_build(config: MkDocsConfig) -> None:
    """Warn about each resource that a page loads from the network."""
    site = Path(config.site_dir)
    for file in sorted(site.rglob("*")):
        if file.suffix in {".html", ".css", ".svg"}:
            for url in remote_resources(file.read_text(encoding="utf-8")):
                logger.warning("%s loads %s: keep a copy in docs/", file.relative_to(site), url)


def remote_resources(text: str) -> list[str]:
    """Return the URLs of resources that HTML, CSS or SVG loads from the network."""
    return [match["url"] or match["css"] or match["imported"] for match in REMOTE_RESOURCE.finditer(text)]
