"""Make the pictures of the HTML report and of the output of ``check``.

``python docs/screenshots.py`` writes docs/report-light.png, docs/report-dark.png and docs/check.svg. It needs Chromium, and
Pillow from the extra ``test``. ``python docs/screenshots.py check.svg`` writes the last one alone, and needs neither.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

# The tests run the blocks of the pages, too.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "helpers"))
from page_blocks import PICTURE, PICTURED_COMMAND, blocks_of, run, write

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
    from PIL import Image  # only these pictures need Pillow

    with Image.open(picture) as image:
        reduced = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(picture, optimize=True)
    if picture.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{picture} has {picture.stat().st_size:,} bytes: at most {MAX_BYTES:,} are wanted")


TERMINAL_COLUMNS = 80
FONT_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def run_tutorial() -> str:
    """Follow the tutorial up to its first check; return the output of that, with the colours of a terminal."""
    with TemporaryDirectory() as folder:
        for block in blocks_of(DOCS / "tutorial.md"):
            if block.file:
                write(block, Path(folder))
            commands = [match["command"] for match in block.commands if block.language == "console"]
            for command in commands:
                if command == PICTURED_COMMAND:
                    return run(command, Path(folder), FORCE_COLOR="1", COLUMNS=str(TERMINAL_COLUMNS))
                if command.startswith("contractfuzz"):
                    run(command, Path(folder))
    raise SystemExit(f"docs/tutorial.md has no command {PICTURED_COMMAND!r}")


def draw_terminal(output: str) -> str:
    """Return a picture of the output of a command in a terminal, as SVG. It loads no fonts from the network."""
    console = Console(record=True, width=TERMINAL_COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(f"\x1b[2m$\x1b[0m {PICTURED_COMMAND}\n{output}"))
    svg = console.export_svg(title="", theme=SVG_EXPORT_THEME, unique_id="terminal")
    svg = FONT_FACES.sub("", svg).replace("font-family: Fira Code, monospace", f"font-family: {FONTS}")
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def main() -> None:
    """Write the pictures."""
    PICTURE.write_text(draw_terminal(run_tutorial()), encoding="utf-8")
    if sys.argv[1:] == [PICTURE.name]:
        return
    with TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        write_report(page)
        for theme in THEMES:
            picture = DOCS / f"report-{theme}.png"
            photograph(page, theme, picture)
            optimise(picture)


if __name__ == "__main__":
    main()
