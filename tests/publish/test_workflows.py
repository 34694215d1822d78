"""The workflow files are valid, and publish with the same command as everybody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.sites import KIT

PUBLISH = Path(".github", "workflows", "publish.yml")
CHECK = Path(".github", "workflows", "check.yml")
GITLAB = Path(".gitlab-ci.yml")

SCHEMAS = {
    PUBLISH: ["--builtin-schema", "vendor.github-workflows"],
    CHECK: ["--builtin-schema", "vendor.github-workflows"],
    GITLAB: ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def validated(file: Path, schema: list[str]) -> subprocess.CompletedProcess[str]:
    """The schemas come with check-jsonschema; nothing is fetched."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )


def read(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load((KIT / file).read_text(encoding="utf-8"))
    return data


def commands(job: dict[str, Any]) -> list[str]:
    """What a job runs."""
    steps = job.get("steps", [])
    return [*job.get("script", []), *(step["run"] for step in steps if "run" in step)]


@pytest.mark.parametrize("file", SCHEMAS, ids=str)
def test_workflow_is_valid(file: Path) -> None:
    done = validated(KIT / file, SCHEMAS[file])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [(PUBLISH, "runs-on:", "run-on:"), (GITLAB, "- make public", "- {make: public}")],
    ids=["github", "gitlab"],
)
def test_schema_finds_a_slip(file: Path, old: str, new: str, tmp_path: Path) -> None:
    text = (KIT / file).read_text(encoding="utf-8")
    assert old in text
    slipped = tmp_path / file.name
    slipped.write_text(text.replace(old, new), encoding="utf-8")
    assert validated(slipped, SCHEMAS[file]).returncode == 1


def test_every_workflow_is_looked_at() -> None:
    found = {path.relative_to(KIT) for path in (KIT / ".github" / "workflows").iterdir()}
    assert found == {PUBLISH, CHECK}


def test_github_publishes_every_push_to_main() -> None:
    workflow = read(PUBLISH)
    assert workflow["on"]["push"]["branches"] == ["main"]
    (job,) = workflow["jobs"].values()
    assert commands(job) == ["make public"]  # Pages lets everybody in
    actions = [step for step in job["steps"] if "uses" in step]
    used = {step["uses"].split("@")[0]: step.get("with", {}) for step in actions}
    assert used["actions/upload-pages-artifact"]["path"] == "site-public/current"
    assert "actions/deploy-pages" in used
    # Without the whole history every page would have the day of the last push.
    assert used["actions/checkout"]["fetch-depth"] == 0
    # Without the releases so far nothing could be said of what changed; each run keeps its own.
    assert used["actions/cache"]["path"] == "site-public"
    assert "run_id" in used["actions/cache"]["key"]
    assert used["actions/cache"]["key"].startswith(used["actions/cache"]["restore-keys"])
    order = [step.get("uses", "").split("@")[0] or step["run"] for step in job["steps"]]
    assert order.index("actions/cache") < order.index("make public")
    assert job["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False


def test_github_checks_every_pull_request() -> None:
    workflow = read(CHECK)
    assert list(workflow["on"]) == ["pull_request"]
    (job,) = workflow["jobs"].values()
    assert commands(job)[-2:] == [
        ".venv/bin/manual check --format github",
        ".venv/bin/manual check --format github --edition public",
    ]
    assert workflow["permissions"] == {"contents": "read"}


def test_gitlab_publishes_every_push_to_the_main_branch() -> None:
    pages = read(GITLAB)["pages"]
    assert [rule["if"].split(" && ")[0] for rule in pages["rules"]] == [
        "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
    ]
    assert commands(pages)[0] == "make public"
    assert pages["artifacts"]["paths"] == ["public"]
    assert pages["variables"]["GIT_DEPTH"] == "0"
    assert pages["cache"] == {"key": "site-public", "paths": ["site-public/"]}


def test_gitlab_copy_of_the_release_is_whole(tmp_path: Path) -> None:
    """Its commands, run on a sealed release: a plain folder that can be deleted again."""
    sealed = tmp_path / "site-public" / "releases" / "one"
    (sealed / "vision").mkdir(parents=True)
    (sealed / "vision" / "index.html").write_text("<p>Vision</p>")
    (tmp_path / "site-public" / "current").symlink_to("releases/one")
    for path in (sealed / "vision" / "index.html", sealed / "vision", sealed):
        path.chmod(0o444 if path.is_file() else 0o555)
    for line in commands(read(GITLAB)["pages"])[1:]:
        subprocess.run(["bash", "-c", line], cwd=tmp_path, check=True)
    copied = tmp_path / "public" / "vision" / "index.html"
    assert not (tmp_path / "public").is_symlink()
    assert copied.read_text() == "<p>Vision</p>"
    assert copied.parent.stat().st_mode & 0o200


@pytest.mark.parametrize("file", SCHEMAS, ids=str)
def test_commands_named_are_targets_of_make(file: Path) -> None:
    makefile = (KIT / "Makefile").read_text(encoding="utf-8")
    jobs = read(file).get("jobs") or {
        name: job for name, job in read(file).items() if name in ("pages", "check")
    }
    lines = [line for job in jobs.values() for line in commands(job) if line.startswith("make ")]
    assert lines
    for line in lines:
        target = line.removeprefix("make ").replace(".venv", "$(VENV)")
        assert f"\n{target}:" in makefile
