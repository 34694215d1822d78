"""The district's settings: read before anything else, checked, and handed to Sphinx."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sphinx.application import Sphinx
from sphinx.config import Config

from living_manual.core.edition import STAFF
from living_manual.core.settings import FILE
from living_manual.core.settings_reading import read_settings
from living_manual.edges.files import read_text
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of


def read_district(app: Sphinx, config: Config) -> None:
    """Read `district.toml` of the source folder; Sphinx's own settings follow from it."""
    text, unreadable = read_text(app.srcdir / FILE, FILE, "settings-unreadable")
    settings, findings = read_settings(text)
    build = build_of(app)
    build.settings = settings
    for finding in [unreadable] if unreadable else findings:
        report(app, finding)
    config["project"] = f"{settings.short_name} · {settings.manual_name}"
    config["author"] = settings.name
    config["language"] = settings.language
    config["html_title"] = config["project"]
    config["html_baseurl"] = settings.address
    if not config.manual_today:
        config["manual_today"] = _today(settings.time_zone)


def today(app: Sphinx) -> date:
    """The day the manual is read on: gaps and overdue reviews are counted from it."""
    return date.fromisoformat(app.config.manual_today)


def _today(time_zone: str) -> str:
    """SOURCE_DATE_EPOCH when it is set (reproducible builds), or the district's day."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.astimezone(ZoneInfo(time_zone)).date().isoformat()


def tell_preview(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Whether a page loads the preview's script; a published page never does."""
    context["manual_preview"] = app.config.manual_preview


def setup_settings(app: Sphinx) -> None:
    """`manual_today`: YYYY-MM-DD, the day to count from; empty for the district's own day.

    `manual_release` and `manual_release_date` label the release at the foot of each page;
    `manual_archives` says whether the foot leads to earlier school years.
    `manual_search` is `pagefind` in a published site and `sphinx` in a plain sphinx-build.
    `manual_fail_on` are rules of gaps separated by commas, `none` or `all`; empty for those that
    the district names. `manual_preview` is set by `manual preview` alone, `manual_once` by builds
    that are not built upon: they keep nothing that only a later build would ask for.
    `manual_edition` is `public` or `staff`: who the pages are for; `manual_partial` says that
    records were cut for it, so that nothing is counted that would be counted wrongly.
    """
    app.add_config_value("manual_today", "", "html", str)
    app.add_config_value("manual_fail_on", "", "", str)
    app.add_config_value("manual_release", "", "html", str)
    app.add_config_value("manual_release_date", "", "html", str)
    app.add_config_value("manual_archives", False, "html", bool)
    app.add_config_value("manual_search", "sphinx", "html", str)
    app.add_config_value("manual_preview", False, "html", bool)
    app.add_config_value("manual_once", False, "", bool)
    app.add_config_value("manual_edition", STAFF, "html", str)
    app.add_config_value("manual_partial", False, "html", bool)
    app.connect("config-inited", read_district, priority=100)
    app.connect("html-page-context", tell_preview)
