"""The calendar files of the site, written at the end of every build like other data.

A release keeps beside them when each event was last changed; a build that nobody publishes has no
release before it, and says of each event the day on which its record was confirmed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import quote, urljoin

from sphinx.application import Sphinx

from living_manual.core.calendar_files import ENDING, FOLDER, Dates, calendar_files
from living_manual.core.event_stamps import Kept, keep, kept_json, read_kept, stamped
from living_manual.core.events import event_of, plain, years_of
from living_manual.core.finding import finding
from living_manual.core.model import Manual, Record
from living_manual.edges.files import read_text, write_if_changed
from living_manual.edges.ical import CalendarText, calendar_bytes, event_text
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of

#: What a release keeps for the next one.
REVISIONS = f"{FOLDER}/revisions.json"


def address_of(app: Sphinx, manual: Manual, record: Record) -> str:
    """The full address of a record's place; empty where the site has no address."""
    if not manual.settings.address:
        return ""
    href = f"{app.builder.get_target_uri(record.page)}#{record.id}"
    return quote(urljoin(manual.settings.address, href), safe="/:?#[]@!$&'()*+,;=%~-._")


def kept_before(app: Sphinx) -> Kept | None:
    """What the live release keeps; None for a first release, or one that is not published.

    Where it cannot be read, nothing is known to be unchanged: each event counts as changed now.
    """
    if not app.config.manual_live:
        return None
    text, unreadable = read_text(Path(app.config.manual_live, REVISIONS), REVISIONS)
    if text is None and unreadable is None:
        return None
    try:
        return read_kept(text or "")
    except ValueError as error:
        report(
            app,
            finding(
                "changes-unreadable",
                f"What the live release keeps of its calendar files cannot be read: {error}.",
                "Nothing needs to be mended. Calendar programs take every event for changed once.",
            ),
        )
        return Kept()


def files(app: Sphinx, manual: Manual) -> dict[str, bytes]:
    """Every file by its address from the site's root."""
    meant = calendar_files(manual)
    records = {each.id: each for dates in meant.values() for each in dates.records}
    address = partial(address_of, app, manual)
    events = {
        name: event for name, each in records.items() if (event := event_of(manual, each, address))
    }
    before = kept_before(app)
    stamps = stamped(manual, ((records[name], event) for name, event in events.items()), before)
    texts = {name: event_text(event, stamps[event.uid]) for name, event in events.items()}
    years = years_of(events.values())
    found = {}
    for dates in meant.values():
        held = [texts[record.id] for record in dates.records if record.id in texts]
        found[dates.file.href] = calendar_bytes(_said(manual, dates, years), held)
    if app.config.manual_live:
        found[REVISIONS] = kept_json(keep(events.values(), stamps, before)).encode()
    return found


def _said(manual: Manual, dates: Dates, years: tuple[int, int] | None) -> CalendarText:
    settings = manual.settings
    name = plain(f"{settings.manual_name} · {dates.file.title}")
    about = plain(dates.about)
    return CalendarText(name, about, dates.file.address, settings.time_zone, years)


def write_calendar_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what is meant, and remove what is not."""
    manual = build_of(app).manual
    if exception or manual is None or app.builder.format != "html":
        return
    root, meant = Path(app.outdir), files(app, manual)
    there = [*(root / FOLDER).glob(f"*{ENDING}"), root / REVISIONS]
    for path in there:
        if path.relative_to(root).as_posix() not in meant:
            path.unlink(missing_ok=True)
    for name, data in meant.items():
        write_if_changed(root / name, data)
    if (root / FOLDER).is_dir() and not any((root / FOLDER).iterdir()):
        (root / FOLDER).rmdir()


def setup_calendar_files(app: Sphinx) -> None:
    """Calendars are written at the end, as other exports are."""
    app.connect("build-finished", write_calendar_files)
