"""ELAN's annotation format (EAF 3.0): one independent tier per row, times in milliseconds."""

from __future__ import annotations

from xml.etree import ElementTree  # nosec B405 # written with it, never read

from dashboard.exports.tiers import Lesson, tiers_of

SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write(lesson: Lesson, made: str) -> str:
    """The file's text.

    Args:
        made: date and time in ISO 8601, with its offset.
    """
    ElementTree.register_namespace("xsi", _XSI)
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "Denkpauze",
            "DATE": made,
            "FORMAT": "3.0",
            "VERSION": "3.0",
            f"{{{_XSI}}}noNamespaceSchemaLocation": SCHEMA,
        },
    )
    header = ElementTree.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    slots = ElementTree.SubElement(root, "TIME_ORDER")
    number = 0
    for tier, row in tiers_of(lesson).items():
        element = ElementTree.SubElement(
            root, "TIER", LINGUISTIC_TYPE_REF="default-lt", TIER_ID=tier.value
        )
        for stretch in row:
            number += 1
            for place, moment_s in (("a", stretch.start_s), ("b", stretch.end_s)):
                ElementTree.SubElement(
                    slots,
                    "TIME_SLOT",
                    TIME_SLOT_ID=f"ts{number}{place}",
                    TIME_VALUE=str(round(1000 * moment_s)),
                )
            annotation = ElementTree.SubElement(element, "ANNOTATION")
            aligned = ElementTree.SubElement(
                annotation,
                "ALIGNABLE_ANNOTATION",
                ANNOTATION_ID=f"a{number}",
                TIME_SLOT_REF1=f"ts{number}a",
                TIME_SLOT_REF2=f"ts{number}b",
            )
            ElementTree.SubElement(aligned, "ANNOTATION_VALUE").text = stretch.label
    last = ElementTree.SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId")
    last.text = str(number)
    ElementTree.SubElement(
        root,
        "LINGUISTIC_TYPE",
        GRAPHIC_REFERENCES="false",
        LINGUISTIC_TYPE_ID="default-lt",
        TIME_ALIGNABLE="true",
    )
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
