"""Who depends on whose wording, counted from the files themselves: tables and pages, plain loops.

Nothing here uses the kit's code, so that its numbers can be held against these.
"""

from __future__ import annotations

from pathlib import Path

from tests.data.counting import written

#: The links by which a record of a type depends on another's wording.
LINKS = {
    "key_result": ("measures",),
    "action": ("advances", "uses"),
    "session": ("serves", "runs"),
    "assessment": ("informs",),
    "protocol": ("develops",),
    "exemplar": ("illustrates",),
}


def dependants(source: Path, parent: str) -> set[str]:
    """The ids of the records that name this one in a link that counts."""
    return {
        record.id
        for record in written(source).values()
        for link in LINKS.get(record.type, ())
        if parent in record.ids(link)
    }
