"""Of which tests `make test` runs a share, and `make soak` every case.

Each of these groups asks the same question of many cases, which together take longer than a person
waits for an answer. The share is chosen by name, so it is the same on every machine and at every
run; of each group there is at least one.
"""

from __future__ import annotations

import os
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable

#: Set by tests/run.py; a test asked for by name always runs.
SAMPLED = os.environ.get("MANUAL_TEST_SAMPLED") == "1"

#: One case of so many, for the tests whose name fits.
SHARES = (
    (r"freshness/test_edits\w*\.py::", 3),
    (r"freshness/test_kit\.py::", 3),
    (r"freshness/test_machine\.py::test_random_edits$", 4),
    (r"freshness/test_stopped\.py::", 2),
    (r"sphinx_ext/test_plain_build\.py::test_(building_again|other_builders)", 3),
    (r"publish/test_preview\.py::test_the_last_good_pages_stay_up", 3),
    (r"browser/(?!test_accessibility)\w+\.py::test_(axe|everybody|html)", 2),
    (r"browser/test_matrices\.py::test_two_hundred_schools_print_whole", 2),
)


def left_out(names: Iterable[str]) -> set[str]:
    """Which of these tests a sampled run leaves out; names are pytest's node ids."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[name.partition("[")[0]].append(name)
    out: set[str] = set()
    for test, cases in groups.items():
        share = next((share for pattern, share in SHARES if re.search(pattern, test)), 1)
        by_hash = sorted(cases, key=lambda name: (zlib.crc32(name.encode()), name))
        out.update(by_hash[-(-len(cases) // share) :])
    return out
