"""The files around the package agree with each other and with the code: metadata, workflows, action, hooks, recipes."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from contractfuzz.cli.main import cli

ROOT = Path(__file__).parents[1]
if not (ROOT / ".github").exists():
    pytest.skip("a source distribution has no files for GitHub", allow_module_level=True)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ADDRESS = PROJECT["project"]["urls"]["Source"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RECIPES = ROOT / "docs" / "ci.md"
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"contractfuzz (?P<name>[a-z]+)\b(?P<arguments>[^\n`|)]*)")


def load(path):
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def steps_of(document):
    """Return the steps of a workflow or of a composite action."""
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step for job in jobs for step in job["steps"]]


def commands_in(text):
    """Return each command of contractfuzz in a text: its name, and its options."""
    joined = text.replace("\\\n", " ")
    return [
        (match["name"], [word.partition("=")[0] for word in match["arguments"].split() if word.startswith("--")])
        for match in COMMAND.finditer(joined)
    ]


def make_targets():
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_there_is_something_to_check():
    assert {path.stem for path in WORKFLOWS} == {"tests", "lint", "docs", "nightly", "release"}
    assert {"test", "test-lowest", "lint", "docs", "package", "workflows", "deep", "changelog"} <= make_targets()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_targets_of_the_makefile(path):
    workflow = load(path)
    called = re.findall(r"\bmake ([a-z][a-z-]*)", "\n".join(step.get("run", "") for step in steps_of(workflow)))
    for job in workflow["jobs"].values():
        called += job.get("strategy", {}).get("matrix", {}).get("target", [])
    assert called
    assert set(called) <= make_targets()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_least_permissions_a_time_limit_and_a_group(path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]
    assert all("timeout-minutes" in job and "permissions" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit_with_its_version(path):
    used = re.findall(r"uses: (?!\./)(.*)", path.read_text("utf-8"))
    assert used
    assert [use for use in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []


def test_ci_calls_targets_of_the_makefile():
    called = re.findall(r"^ *make ([a-z-]+)", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert {"test", "test-lowest", "lint", "package", "workflows"} <= set(called) <= make_targets()


def test_the_classifiers_the_lower_bound_and_the_workflow_name_the_same_versions_of_python():
    found = re.findall(r"Python :: (3\.\d+)'", repr(PROJECT["project"]["classifiers"]))
    assert found == sorted(found, key=lambda version: int(version[2:]))
    assert PROJECT["project"]["requires-python"] == f">={found[0]}"
    assert load(".github/workflows/tests.yml")["jobs"]["newest"]["strategy"]["matrix"]["python"] == found


def test_each_extra_is_documented():
    page = (ROOT / "docs" / "installation.md").read_text("utf-8")
    assert [extra for extra in PROJECT["project"]["optional-dependencies"] if f"`{extra}`" not in page] == []


def test_the_links_of_the_description_on_pypi_are_absolute():
    text = (ROOT / "README.md").read_text("utf-8")
    for rule in PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(rule["pattern"], rule["replacement"], text)
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)|<img [^>]*src=\"([^\"]+)\"", text)
    assert pictures
    raw = ADDRESS.replace("https://github.com/", "https://raw.githubusercontent.com/")
    assert all(picture.startswith(raw) for pair in pictures for picture in pair if picture)
    links = re.findall(r"\]\(([^)]+)\)|(?:src|srcset|href)=\"([^\"]+)\"", text)
    assert len(links) > 30
    assert [link for pair in links for link in pair if link and not link.startswith("https://")] == []
    assert "<picture" not in text


def test_every_page_names_the_same_address_of_the_project():
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = set()
    for file in filter(None, files.split("\0")):
        if file.endswith((".md", ".toml", ".yml", ".yaml", ".py", ".html")):
            text = (ROOT / file).read_text("utf-8")
            named |= {match[0] for match in re.finditer(r"https://github\.com/[\w-]+/contractfuzz\b", text)}
    assert named == {ADDRESS}


def test_the_recipes_name_the_present_version():
    text = RECIPES.read_text("utf-8")
    versions = re.findall(r"contractfuzz==([\d.]+)|contractfuzz@v([\d.]+)|rev: v([\d.]+)", text)
    assert len(versions) >= 4
    assert {version for found in versions for version in found if version} == {PROJECT["project"]["version"]}
    assert f"uses: {ADDRESS.removeprefix('https://github.com/')}@" in text


def test_the_recipes_are_yaml():
    blocks = [match["text"] for match in FENCE.finditer(RECIPES.read_text("utf-8")) if match["language"] == "yaml"]
    assert len(blocks) >= 4
    assert all(isinstance(yaml.safe_load(block), dict | list) for block in blocks)


@pytest.mark.parametrize("file", ["docs/ci.md", "action.yml", ".pre-commit-hooks.yaml"])
def test_the_commands_exist_with_their_options(file):
    blocks = (ROOT / file).read_text("utf-8")
    found = [(name, options) for name, options in commands_in(blocks) if name in cli.commands]
    assert found
    for name, options in found:
        known = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert [option for option in options if option not in known] == [], name


def test_the_action_uses_all_its_inputs_and_no_others():
    action = load("action.yml")
    used = set(re.findall(r"inputs\.([\w-]+)", yaml.safe_dump(action["runs"])))
    assert used == set(action["inputs"])
    assert all(value["description"] and "default" in value for value in action["inputs"].values())


def test_the_scripts_of_the_action_get_inputs_as_variables():
    # An expression in a script could run what an input contains.
    scripts = [step["run"] for step in steps_of(load("action.yml")) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_the_page_lists_the_inputs_of_the_action():
    inputs = load("action.yml")["inputs"]
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| (.*) \|$", RECIPES.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in rows[: len(inputs)]] == list(inputs)
    shown = {name: default.strip("`") for name, default in rows if default.startswith("`")}
    assert shown == {name: value["default"] for name, value in inputs.items() if value["default"] not in ("", ".")}


def test_the_action_is_used_with_inputs_that_it_has():
    inputs = set(load("action.yml")["inputs"])
    recipes = [
        yaml.safe_load(match["text"])
        for match in FENCE.finditer(RECIPES.read_text("utf-8"))
        if "uses:" in match["text"]
    ]
    steps = [step for recipe in [*recipes, load(".github/workflows/tests.yml")] for step in steps_of(recipe)]
    own = [step for step in steps if re.match(r"\./|contractfuzz/", step.get("uses", ""))]
    assert len(own) == 2
    assert all(set(step["with"]) <= inputs for step in own)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action is for machines with bash")
@pytest.mark.parametrize(("source", "code"), [("return payload['status']", 1), ("return (", 2)])
def test_the_check_of_the_action_writes_reports_and_a_summary(tmp_path, source, code):
    [step] = [step for step in steps_of(load("action.yml")) if step.get("id") == "check"]
    (tmp_path / "service.py").write_text(f"def read(payload):\n    {source}\n", "utf-8")
    script = tmp_path / "step.sh"
    script.write_text(step["run"], "utf-8")
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
        "TARGET": "service:read",
        "BASELINE": "",
        "OPTIONS": "--examples 0 --only /status:type.*",
        "SUMMARY": "true",
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    if code == 2:
        assert not outputs.exists()
    else:
        written = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
        assert set(written) == set(load("action.yml")["outputs"])
        assert Path(written["sarif"]).stat().st_size > 0
        assert "batch_association_response" in summary.read_text("utf-8")
        assert "service:read" in done.stdout


@pytest.mark.parametrize("hook", load(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
def test_the_entry_of_a_hook_is_a_command(hook):
    program, *arguments = shlex.split(hook["entry"])
    if program == "python":
        option, module = arguments
        assert option == "-m"
        assert importlib.util.find_spec(module) is not None
    else:
        assert program in PROJECT["project"]["scripts"]
        assert arguments[0] in cli.commands


def test_the_hooks_of_the_page_exist():
    ids = {hook["id"] for hook in load(".pre-commit-hooks.yaml")}
    assert set(re.findall(r"id: ([\w-]+)", RECIPES.read_text("utf-8"))) == ids


def test_each_fragment_of_the_changelog_has_a_section():
    sections = "|".join(section["directory"] for section in PROJECT["tool"]["towncrier"]["type"])
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert [name for name in names if not re.fullmatch(rf"(\d+|\+[\w-]+)(\.\d+)?\.({sections})\.md", name)] == []
    assert PROJECT["tool"]["towncrier"]["start_string"] in (ROOT / "CHANGELOG.md").read_text("utf-8")
