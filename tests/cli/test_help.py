"""Help: commands and options are in sections, and no line is cut or too long."""

from __future__ import annotations

import click
import pytest

from contractfuzz.cli.arguments.help_sections import (
    COMMAND_SECTIONS,
    MAX_PLAIN_OPTIONS,
    OPTION_SECTIONS,
    OTHER_OPTIONS,
    option_section,
)
from contractfuzz.cli.main import cli

LONG_HELP = ("check", "diff", "differ", "evolve", "fuzz", "replay", "sample")


def help_of(*words, width=80):
    context = click.Context(cli, info_name="contractfuzz", terminal_width=width)
    for word in words:
        context = click.Context(cli.commands[word], info_name=word, parent=context, terminal_width=width)
    return context.get_help()


def test_every_command_is_in_one_section():
    listed = [name for names in COMMAND_SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(cli.commands)


@pytest.mark.parametrize("width", [80, 120])
def test_every_command_has_one_whole_sentence_on_its_line(width):
    lines = help_of(width=width).splitlines()
    for section, names in COMMAND_SECTIONS.items():
        start = lines.index(f"{section}:") + 1
        for name, line in zip(names, lines[start : start + len(names)], strict=True):
            assert line.split()[0] == name
            assert line.endswith(".")
            assert not line.endswith("..")


@pytest.mark.parametrize("name", LONG_HELP)
def test_a_command_with_many_options_shows_them_in_sections(name):
    command = cli.commands[name]
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert len(options) >= MAX_PLAIN_OPTIONS
    lines = help_of(name).splitlines()
    assert "Options:" not in lines
    shown = [line for line in lines if line.startswith("  -")]
    assert len(shown) == len(options) + 1  # --help
    titles = [line[:-1] for line in lines if line.endswith(":") and line[:-1] in (*OPTION_SECTIONS, OTHER_OPTIONS)]
    assert len(titles) > 2
    assert titles[-1] == OTHER_OPTIONS


@pytest.mark.parametrize("name", LONG_HELP)
def test_every_option_of_a_long_help_has_a_section(name):
    options = [one for one in cli.commands[name].params if isinstance(one, click.Option)]
    assert [one.opts[0] for one in options if option_section(one.opts[0]) == OTHER_OPTIONS] == []


def test_a_command_with_few_options_shows_one_list():
    assert "\nOptions:\n" in help_of("lint")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_no_line_of_help_is_longer_than_the_terminal(name):
    assert [line for line in help_of(name).splitlines() if len(line) > 80] == []
