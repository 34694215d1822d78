"""A built manual with its source: the sample, and the district of 200 schools."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from reqif.parser import ReqIFParser
from reqif.reqif_bundle import ReqIFBundle

from tests.plain_records import Plain, plain_records
from tests.sites import SAMPLE


@dataclass(frozen=True)
class Manual:
    """Where it was built, and what its source says by plain loops."""

    site: Path
    source: Path

    @cached_property
    def records(self) -> dict[str, Plain]:
        return plain_records(self.source)

    @cached_property
    def reqif(self) -> ReqIFBundle:
        with zipfile.ZipFile(self.site / "records.reqifz") as archive:
            return ReqIFParser.parse_from_string(archive.read("records.reqif").decode("utf-8"))


@pytest.fixture(scope="session")
def sample(published_site: Path) -> Manual:
    return Manual(published_site, SAMPLE)


@pytest.fixture(scope="session")
def wide(wide_site: Path, wide_source: Path) -> Manual:
    return Manual(wide_site, wide_source)


@pytest.fixture(scope="session", params=["sample", "wide"])
def manual(request: pytest.FixtureRequest) -> Manual:
    found: Manual = request.getfixturevalue(request.param)
    return found
