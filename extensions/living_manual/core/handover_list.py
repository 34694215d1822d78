"""Which handover packs there are: one for each role, one for each role at a school."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from living_manual.core.handover_work import OPEN, roles_at, schools_of, work_of
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable

#: Folder of the published site that holds the packs.
FOLDER = "handover"
#: The block that lists them. Where no page of a manual has it, no packs are made.
BLOCK = "handover-list"
#: A role with more schools than this names them in its own pack only.
MANY_SCHOOLS = 40
#: A build makes so many PDFs of packs at schools at most; see `pdf_at_schools`.
MANY_PDFS = 300


def page_of(role_id: str, school_id: str = "") -> str:
    """The pack's page in the site, without its ending: by ids, which stay when pages move."""
    names = [_own(each) for each in (role_id, school_id) if each]
    return "/".join((FOLDER, *names))


def _own(record_id: str) -> str:
    return (record_id.partition("_")[2] or record_id).lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class PackRef:
    """A pack: the role, the school (None for the whole role), its page; `pdf` is there or not."""

    role: Ref
    school: Ref | None
    page: str
    pdf: bool
    open: int


@dataclass(frozen=True, slots=True)
class PackGroup:
    """The packs of a role: its own, and those at schools when they are not too many to name."""

    pack: PackRef
    schools: int
    at: tuple[PackRef, ...]


@dataclass(frozen=True, slots=True)
class PackList:
    """Every role with its packs."""

    groups: tuple[PackGroup, ...]
    pdf_at_schools: bool


def has_packs(manual: Manual) -> bool:
    """Whether packs are made: a page of the manual lists them."""
    return BLOCK in manual.places


def pairs(manual: Manual) -> Iterator[tuple[Record, Record | None]]:
    """Each pack's role and school; the role's own pack comes before those at schools."""
    for role in manual.of_type("role"):
        yield role, None
        for school in schools_of(manual, role.id):
            yield role, school


def pdf_at_schools(manual: Manual) -> bool:
    """Whether the build makes the PDF of each pack at a school.

    Each takes about as long as three pages of HTML. Above `MANY_PDFS` they would take longer than
    all the rest; then each page prints, and `manual handover` makes any one.
    """
    return manual.once(_pdf_at_schools)


def _pdf_at_schools(manual: Manual) -> bool:
    return sum(len(schools_of(manual, each.id)) for each in manual.of_type("role")) <= MANY_PDFS


def pack_ref(manual: Manual, role: Record, school: Record | None = None) -> PackRef:
    """How a page points at a pack."""
    place = school.id if school else ""
    work = work_of(manual, role.id, place)
    return PackRef(
        role.ref,
        school.ref if school else None,
        page_of(role.id, place),
        school is None or pdf_at_schools(manual),
        sum(1 for each in work.actions if each.status in OPEN),
    )


def packs_at(manual: Manual, school: Record) -> tuple[PackRef, ...]:
    """The packs of the roles at a school."""
    return tuple(pack_ref(manual, role, school) for role in roles_at(manual, school.id))


def handover_list(manual: Manual) -> PackList:
    """Every pack that a build makes."""
    groups = []
    for role in manual.of_type("role"):
        schools = schools_of(manual, role.id)
        named = schools if len(schools) <= MANY_SCHOOLS else ()
        at = tuple(pack_ref(manual, role, school) for school in named)
        groups.append(PackGroup(pack_ref(manual, role), len(schools), at))
    return PackList(tuple(groups), pdf_at_schools(manual))


def handover_table(view: PackList) -> DataTable:
    """One row a pack that the list names."""
    every = (each for group in view.groups for each in (group.pack, *group.at))
    return DataTable(
        ("role_id", "role", "school_id", "school", "open_actions", "page", "pdf"),
        tuple(
            (
                each.role.id,
                each.role.title,
                each.school.id if each.school else "",
                each.school.title if each.school else "",
                each.open,
                f"{each.page}.html",
                f"{each.page}.pdf" if each.pdf else "",
            )
            for each in every
        ),
    )
