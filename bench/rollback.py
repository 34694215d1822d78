"""How long it takes to go back to an earlier release, beside sealing one of the same size.

`python -m bench.rollback TREE` publishes a folder of built pages twice into a temporary site folder
(the second time with one page changed) and goes back five times. It prints the median seconds of a
rollback, which compares every file with the release's list first, those of sealing and switching,
and the one as a share of the other.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from living_manual.edges.site_folder import MANIFEST_NAME, SiteFolder
from living_manual.publish.releases import publish_tree, roll_back

START = datetime(2026, 11, 21, 21, 45, tzinfo=UTC)


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.rollback", description=main.__doc__)
    parser.add_argument("tree", type=Path, help="a folder of built pages")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="rollback-") as scratch:
        site = SiteFolder(Path(scratch, "site"))

        def fill(stage: Path, word: str) -> None:
            shutil.copytree(options.tree, stage, dirs_exist_ok=True, copy_function=shutil.copyfile)
            (stage / MANIFEST_NAME).unlink(missing_ok=True)
            (stage / "word.txt").write_text(word, encoding="utf-8")

        def publish(number: int) -> str:
            now = START + timedelta(minutes=number)
            done = publish_tree(site, lambda stage: fill(stage, str(number)), now=lambda: now)
            return done.release_id

        sealing, going = [], []
        for number in range(options.rounds):
            first = publish(2 * number)
            sealing.append(timed(lambda number=number: publish(2 * number + 1)))  # type: ignore[misc]
            going.append(timed(lambda first=first: roll_back(site, first)))  # type: ignore[misc]
        size = sum(path.stat().st_size for path in options.tree.rglob("*") if path.is_file())
    print(
        f"{size / 1e6:.0f} MB: a rollback takes {median(going):.2f} s, copying and sealing "
        f"{median(sealing):.2f} s: {median(going) / median(sealing):.2f} of it"
    )


if __name__ == "__main__":
    main()
