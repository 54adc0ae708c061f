"""Photograph the HTML report for the README.

``python docs/screenshots.py`` writes docs/report-light.png and docs/report-dark.png. It needs Chromium, and Pillow from the
extra ``test``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

DOCS = Path(__file__).parent
EXAMPLE = DOCS.parent / "examples" / "downstream"
TARGET = "consumers.plain:read"
SIZE_PIXELS = (1200, 900)
MAX_BYTES = 200_000
COLOURS = 128
"""Number of colours in a picture. Text stays sharp, and the file is a third of its size."""

THEMES = {"dark": 0, "light": 1}
"""Chromium's numbers for ``prefers-color-scheme``."""


def write_report(page: Path) -> None:
    """Check the careless parser of examples/downstream and write the HTML report to ``page``."""
    command = Path(sys.executable).with_name("contractfuzz")
    options = ["check", TARGET, "--format", "html", "--output", str(page)]
    done = subprocess.run([command, *options], cwd=EXAMPLE, check=False)  # noqa: S603
    if done.returncode != 1:
        raise SystemExit(f"the check ended with exit code {done.returncode}: 1 was expected, the parser is careless")


def photograph(page: Path, theme: str, picture: Path) -> None:
    """Write a picture of the top of ``page`` in one theme."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium was found: install it, for example with apt-get install chromium")
    width, height = SIZE_PIXELS
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--window-size={width},{height}",
    ]
    options += [f"--blink-settings=preferredColorScheme={THEMES[theme]}", f"--screenshot={picture}", page.as_uri()]
    subprocess.run([chromium, *options], check=True, capture_output=True, timeout=60)  # noqa: S603


def optimise(picture: Path) -> None:
    """Reduce a picture to a palette, and check its size."""
    with Image.open(picture) as image:
        reduced = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(picture, optimize=True)
    if picture.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{picture} has {picture.stat().st_size:,} bytes: at most {MAX_BYTES:,} are wanted")


def main() -> None:
    """Write both pictures."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        write_report(page)
        for theme in THEMES:
            picture = DOCS / f"report-{theme}.png"
            photograph(page, theme, picture)
            optimise(picture)


if __name__ == "__main__":
    main()
