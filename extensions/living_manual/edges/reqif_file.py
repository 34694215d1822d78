"""The one door to ReqIF: an `Exchange` as a ReqIF 1.2 archive (.reqifz).

The library of StrictDoc's authors writes the frame: header, types, what belongs to which document.
Objects and relations, which are nine tenths of the file, come from templates: through the library
they take four times as long. The same records give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html import escape

from reqif.models.reqif_core_content import ReqIFCoreContent
from reqif.models.reqif_data_type import (
    ReqIFDataTypeDefinitionEnumeration,
    ReqIFDataTypeDefinitionInteger,
    ReqIFDataTypeDefinitionString,
    ReqIFEnumValue,
)
from reqif.models.reqif_namespace_info import ReqIFNamespaceInfo
from reqif.models.reqif_relation_group_type import ReqIFRelationGroupType
from reqif.models.reqif_req_if_content import ReqIFReqIFContent
from reqif.models.reqif_reqif_header import ReqIFReqIFHeader
from reqif.models.reqif_spec_hierarchy import ReqIFSpecHierarchy
from reqif.models.reqif_spec_object_type import ReqIFSpecObjectType, SpecAttributeDefinition
from reqif.models.reqif_spec_relation_type import ReqIFSpecRelationType
from reqif.models.reqif_specification import ReqIFSpecification
from reqif.models.reqif_specification_type import ReqIFSpecificationType
from reqif.models.reqif_types import SpecObjectAttributeType
from reqif.object_lookup import ReqIFObjectLookup
from reqif.reqif_bundle import ReqIFBundle
from reqif.unparser import ReqIFUnparser

from living_manual.core.exchange import INSIDE, Exchange, ObjectType, Value
from living_manual.core.interchange import FieldType

SpecType = (
    ReqIFSpecObjectType | ReqIFSpecRelationType | ReqIFSpecificationType | ReqIFRelationGroupType
)

TEXT, WHOLE_NUMBER = "datatype.text", "datatype.whole-number"
SPECIFICATION = "specification-type"
#: The longest text that a tool must be ready for; a cell of a spreadsheet holds as much.
LONGEST = "32767"
#: What every archive says of when it was packed: the same records, the same bytes.
_PACKED = (2000, 1, 1, 0, 0, 0)

#: A number that is not whole stands as text: StrictDoc 0.30 refuses a file that declares one.
_KINDS = {
    "choice": SpecObjectAttributeType.ENUMERATION,
    "words": SpecObjectAttributeType.ENUMERATION,
    "whole number": SpecObjectAttributeType.INTEGER,
}


#: Where the library leaves room for objects and relations.
_NO_OBJECTS = "      <SPEC-OBJECTS>\n      </SPEC-OBJECTS>\n"
_NO_RELATIONS = "      <SPEC-RELATIONS>\n      </SPEC-RELATIONS>\n"


def reqif_archive(given: Exchange) -> bytes:
    """The archive with its one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(INSIDE, _PACKED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, reqif(given), compresslevel=1)
    return packed.getvalue()


def reqif(given: Exchange) -> str:
    """The file inside the archive."""
    frame = ReqIFUnparser.unparse(_frame(given))
    before, between = frame.split(_NO_OBJECTS)
    between, after = between.split(_NO_RELATIONS)
    return "".join(
        [
            *(before, "<SPEC-OBJECTS>\n", *_objects(given), "</SPEC-OBJECTS>\n", between),
            *("<SPEC-RELATIONS>\n", *_relations(given), "</SPEC-RELATIONS>\n", after),
        ]
    )


def _frame(given: Exchange) -> ReqIFBundle:
    began = _time(given.began)
    content = ReqIFReqIFContent(
        data_types=_data_types(given, began),
        spec_types=_spec_types(given, began),
        spec_objects=[],
        spec_relations=[],
        specifications=_specifications(given, began),
    )
    header = ReqIFReqIFHeader(
        identifier="living-manual",
        creation_time=_time(given.day),
        req_if_tool_id="Living Manual",
        req_if_version="1.0",  # so says the schema of 1.0 and of 1.2, which are the same
        source_tool_id="Living Manual",
        # The library escapes no < here.
        title=given.title.replace("<", "‹").replace(">", "›"),
    )
    return ReqIFBundle(
        namespace_info=ReqIFNamespaceInfo.create_default(),  # type: ignore[no-untyped-call]
        req_if_header=header,
        core_content=ReqIFCoreContent(content),
        tool_extensions_tag_exists=False,
        lookup=ReqIFObjectLookup.empty(),  # type: ignore[no-untyped-call]
        exceptions=[],
    )


def _time(day: date) -> str:
    """The day's first moment, in UTC: ReqIF knows times only."""
    return f"{day.isoformat()}T00:00:00Z"


def _data_types(given: Exchange, began: str) -> list[object]:
    fields = {f.name: f for each in given.types for f in each.attributes if f.form in _KINDS}
    return [
        ReqIFDataTypeDefinitionString(TEXT, None, began, "Text", LONGEST),
        ReqIFDataTypeDefinitionInteger(
            WHOLE_NUMBER, None, began, "Whole number", "2147483647", "-2147483648"
        ),
        *(_enumeration(field, began) for field in fields.values() if field.choices),
    ]


def _enumeration(field: FieldType, began: str) -> ReqIFDataTypeDefinitionEnumeration:
    values = [
        ReqIFEnumValue(_choice(field, word), str(key), None, began, "", word)
        for key, word in enumerate(field.choices)
    ]
    return ReqIFDataTypeDefinitionEnumeration(
        f"datatype.{field.name}", field.description or None, began, field.name, values
    )


def _choice(field: FieldType, word: str) -> str:
    """A name of a choice that XML takes: a choice may be any word that a record has."""
    return f"datatype.{field.name}.{field.choices.index(word)}"


def _spec_types(given: Exchange, began: str) -> list[SpecType]:
    objects = [
        ReqIFSpecObjectType(
            identifier=f"type.{each.name}",
            last_change=began,
            long_name=each.title,
            attribute_definitions=[_attribute(each, field, began) for field in each.attributes],
        )
        for each in given.types
    ]
    links = [
        ReqIFSpecRelationType(f"link.{'.'.join(names)}", reads, began, ", ".join(names))
        for names, reads in given.links
    ]
    return [*objects, *links, ReqIFSpecificationType(SPECIFICATION, None, began, "Records")]


def _attribute(of: ObjectType, field: FieldType, began: str) -> SpecAttributeDefinition:
    kind = _kind(field)
    several = field.form == "words" if kind is SpecObjectAttributeType.ENUMERATION else None
    return SpecAttributeDefinition(
        attribute_type=kind,
        identifier=f"type.{of.name}.{field.name}",
        datatype_definition=_data_type(field),
        description=field.description or None,
        last_change=began,
        long_name=field.name,
        multi_valued=several,
    )


def _kind(field: FieldType) -> SpecObjectAttributeType:
    return _KINDS.get(field.form, SpecObjectAttributeType.STRING)


def _data_type(field: FieldType) -> str:
    if field.form not in _KINDS:
        return TEXT
    return WHOLE_NUMBER if field.form == "whole number" else f"datatype.{field.name}"


def _objects(given: Exchange) -> Iterator[str]:
    """Each record on a line."""
    shapes = {
        (each.name, field.name): _shape(each, field)
        for each in given.types
        for field in each.attributes
    }
    for of in given.objects:
        held = [shapes[of.type, name](value) for name, value in of.values]
        yield (
            f'<SPEC-OBJECT IDENTIFIER="{of.id}" LAST-CHANGE="{_time(of.changed)}" '
            f'LONG-NAME="{escape(of.title)}"><VALUES>{"".join(held)}</VALUES><TYPE>'
            f"<SPEC-OBJECT-TYPE-REF>type.{of.type}</SPEC-OBJECT-TYPE-REF></TYPE></SPEC-OBJECT>\n"
        )


def _shape(of: ObjectType, field: FieldType) -> Callable[[Value], str]:
    """How a value of the attribute is written."""
    name = _kind(field).name
    definition = (
        f"<DEFINITION><ATTRIBUTE-DEFINITION-{name}-REF>type.{of.name}.{field.name}"
        f"</ATTRIBUTE-DEFINITION-{name}-REF></DEFINITION>"
    )
    start, end = f"<ATTRIBUTE-VALUE-{name}", f"</ATTRIBUTE-VALUE-{name}>"
    if field.form in ("choice", "words"):
        choices = {
            word: f"<ENUM-VALUE-REF>{_choice(field, word)}</ENUM-VALUE-REF>"
            for word in field.choices
        }
        return lambda words: (
            f"{start}><VALUES>{''.join([choices[w] for w in words])}</VALUES>{definition}{end}"
        )
    return lambda text: f'{start} THE-VALUE="{escape(str(text))}">{definition}{end}'


def _relations(given: Exchange) -> Iterator[str]:
    """Each link on a line."""
    times = cache(_time)
    for each in given.relations:
        kind = ".".join(each.links)
        yield (
            f'<SPEC-RELATION IDENTIFIER="{each.source}.{kind}.{each.target}" '
            f'LAST-CHANGE="{times(each.changed)}">'
            f"<TYPE><SPEC-RELATION-TYPE-REF>link.{kind}</SPEC-RELATION-TYPE-REF></TYPE>"
            f"<SOURCE><SPEC-OBJECT-REF>{each.source}</SPEC-OBJECT-REF></SOURCE>"
            f"<TARGET><SPEC-OBJECT-REF>{each.target}</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>\n"
        )


def _specifications(given: Exchange, began: str) -> list[ReqIFSpecification]:
    """A document for each type of record, its records in the manual's order."""
    children: dict[str, list[ReqIFSpecHierarchy]] = {each.name: [] for each in given.types}
    for each in given.objects:
        children[each.type].append(
            ReqIFSpecHierarchy(
                identifier=f"place.{each.id}",
                spec_object=each.id,
                level=1,
                last_change=_time(each.changed),
                editable=None,
                is_table_internal=None,
            )
        )
    return [
        ReqIFSpecification(
            identifier=f"specification.{each.name}",
            last_change=began,
            long_name=each.title,
            specification_type=SPECIFICATION,
            children=children[each.name],
        )
        for each in given.types
    ]
