"""The styles and pages of OpenDocument text, and the frame around its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.documents.breaks import small_size, source_size
from bot.documents.model import Document, Layout
from bot.documents.text import escaped

UPRIGHT, LYING = "Standard", "Planbot_Landscape"
"""The master pages."""

_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in (
        ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
        ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
        ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
        ("svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
        ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("xlink", "http://www.w3.org/1999/xlink"),
    )
)
_ASIAN, _LATIN = "PlanbotAsian", "PlanbotLatin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What surrounds a body: other parts with their media types, and the pages.

    `upright` and `lying` are width and height for text in millimetres, `masters` the names of
    those pages' masters.
    """

    parts: Mapping[str, tuple[bytes, str]]
    upright: tuple[float, float]
    lying: tuple[float, float]
    masters: tuple[str, str]


def package(document: Document) -> Package:
    """The styles and pages of a document's own layout."""
    layout = document.layout
    top, right, bottom, left = layout.margins
    return Package(
        parts={
            "styles.xml": (_styles(document).encode(), "text/xml"),
            "settings.xml": (_SETTINGS.encode(), "text/xml"),
        },
        upright=(layout.width - left - right, layout.height - top - bottom),
        lying=(layout.height - left - right, layout.width - top - bottom),
        masters=(UPRIGHT, LYING),
    )


def content(document: Document, styles: Iterable[str], body: str) -> str:
    """content.xml around a body and its automatic styles."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} '
        f'office:version="1.3">{_fonts(document.layout)}<office:automatic-styles>'
        f"{_automatic(document.layout)}{''.join(styles)}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def meta(document: Document) -> str:
    """meta.xml with the title."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta {_SPACES} '
        'office:version="1.3"><office:meta><meta:generator>planbot</meta:generator>'
        f"<dc:title>{escaped(document.title)}</dc:title><dc:language>zh-TW</dc:language>"
        "</office:meta></office:document-meta>"
    )


def declared(xml: str) -> str:
    """An element with its prefixes declared."""
    name = xml.partition(" ")[0]
    return xml.replace(name, f"{name} {_SPACES}", 1)


def named_styles(layout: Layout) -> Mapping[str, str]:
    """By name the styles that a body uses; a base document may lack some."""
    text, heading = layout.text_size, layout.heading_size
    keep = 'fo:keep-with-next="always"'
    near = 'fo:orphans="2" fo:widows="2"'
    return {
        "Standard": _named("Standard", "", near, _sizes(text)),
        "Text_20_body": _named(
            "Text_20_body", "Standard", f'fo:margin-bottom="2mm" fo:line-height="140%" {near}', ""
        ),
        "Title": _named(
            "Title", "Standard", f'fo:text-align="center" fo:margin-top="2mm" fo:margin-bottom="6mm" {keep}',
            _sizes(layout.title_size) + _BOLD,
        ),
        "Heading_20_1": _heading(1, heading, f'fo:margin-top="5mm" fo:margin-bottom="2mm" {keep}'),
        "Heading_20_2": _heading(
            2, max(text, heading - 1), f'fo:margin-top="4mm" fo:margin-bottom="2mm" {keep}'
        ),
        "Heading_20_3": _heading(3, text, f'fo:margin-top="3mm" fo:margin-bottom="1.5mm" {keep}'),
        "Table_20_Contents": _named(
            "Table_20_Contents", "Standard", f'fo:line-height="115%" {near}',
            _sizes(layout.table_size),
        ),
        "Table_20_Small": _named(
            "Table_20_Small", "Table_20_Contents", 'fo:line-height="105%"',
            _sizes(small_size(layout)),
        ),
        "Table_20_Heading": _named(
            "Table_20_Heading", "Table_20_Contents", 'fo:text-align="center"', _BOLD
        ),
        "Caption": _named(
            "Caption", "Standard",
            'fo:text-align="center" fo:margin-top="1mm" fo:margin-bottom="3mm"',
            _sizes(layout.table_size),
        ),
    }  # fmt: skip


_BOLD = ' fo:font-weight="bold" style:font-weight-asian="bold"'


def _sizes(points: float) -> str:
    return f'fo:font-size="{points:g}pt" style:font-size-asian="{points:g}pt"'


def _named(name: str, parent: str, paragraph: str, text: str) -> str:
    above = f' style:parent-style-name="{parent}"' if parent else ""
    shown = name.replace("_20_", " ")
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph"'
        f'{above} style:class="text"><style:paragraph-properties {paragraph}/>'
        f"<style:text-properties {text}/></style:style>"
    )


def _heading(level: int, points: float, paragraph: str) -> str:
    made = _named(f"Heading_20_{level}", "Standard", paragraph, _sizes(points) + _BOLD)
    return made.replace(
        'style:class="text"',
        f'style:next-style-name="Text_20_body" style:default-outline-level="{level}" '
        'style:class="text"',
    )


def varied(style: str, *, centred: bool, kept: bool) -> str:
    """The name of a paragraph's style: itself, or in the middle, or staying with the next one."""
    return f"{'Planbot_Centred_' if centred else ''}{'Planbot_Kept_' if kept else ''}{style}"


def _variants(parent: str) -> str:
    middle, keep = 'fo:text-align="center" ', 'fo:keep-with-next="always" '
    return "".join(
        f'<style:style style:name="{varied(parent, centred=centred, kept=kept)}" '
        f'style:family="paragraph" style:parent-style-name="{parent}"><style:paragraph-properties '
        f"{middle if centred else ''}{keep if kept else ''}/></style:style>"
        for centred, kept in ((True, False), (False, True), (True, True))
    )


def _cell(name: str, look: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell">'
        f"<style:table-cell-properties {look}/></style:style>"
    )


_BORDER = 'fo:border="0.5pt solid #444444" '
_ROOM = 'fo:padding="1.2mm"'
_LITTLE_ROOM = " ".join(
    f'fo:padding-{side}="{length}mm"'
    for side, length in (("top", 0.5), ("bottom", 0.5), ("left", 0.8), ("right", 0.8))
)
_HEAD = 'style:vertical-align="middle" fo:background-color="#e7ecef"'
_AUTOMATIC = (
    '<style:style style:name="Planbot_Bold" style:family="text"><style:text-properties'
    f"{_BOLD}/></style:style>"
    '<style:style style:name="Planbot_Faint" style:family="text"><style:text-properties '
    'fo:color="#767676"/></style:style>'
    + _variants("Text_20_body")
    + _variants("Table_20_Contents")
    + _variants("Table_20_Small")
    + '<style:style style:name="Planbot_Picture" style:family="paragraph" '
    'style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="center"/>'
    "</style:style>"
    '<style:style style:name="Planbot_After" style:family="paragraph" '
    'style:parent-style-name="Standard"><style:paragraph-properties fo:line-height="2mm"/>'
    '<style:text-properties fo:font-size="2pt" style:font-size-asian="2pt"/></style:style>'
    '<style:style style:name="Planbot_Together" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="always"/></style:style>'
    '<style:style style:name="Planbot_Apart" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="auto"/></style:style>'
    + _cell("Planbot_Cell", _BORDER + _ROOM)
    + _cell("Planbot_Dense", _BORDER + _LITTLE_ROOM)
    + _cell("Planbot_Cell_Head", f"{_BORDER}{_ROOM} {_HEAD}")
    + _cell("Planbot_Dense_Head", f"{_BORDER}{_LITTLE_ROOM} {_HEAD}")
    + _cell("Planbot_Plain", 'fo:border="none" fo:padding="1mm"')
    + '<style:style style:name="Planbot_Frame" style:family="graphic">'
    '<style:graphic-properties style:vertical-pos="top" style:vertical-rel="baseline" '
    'fo:border="none" fo:padding="0mm"/></style:style>'
)


def _automatic(layout: Layout) -> str:
    return _AUTOMATIC + (
        '<style:style style:name="Planbot_Source" style:family="text"><style:text-properties '
        f'fo:color="#767676" {_sizes(source_size(layout))}/></style:style>'
    )


_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-settings '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" '
    'xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3">'
    '<office:settings><config:config-item-set config:name="ooo:configuration-settings">'
    '<config:config-item config:name="TableRowKeep" config:type="boolean">true'
    "</config:config-item></config:config-item-set></office:settings></office:document-settings>"
)
"""Rows whose words are to stay with what follows stay with the next row, as in Word."""


def _fonts(layout: Layout) -> str:
    """The faces; of several families the first that there is."""
    asian = ", ".join(f"'{escaped(one)}'" for one in layout.asian_fonts)
    return (
        f'<office:font-face-decls><style:font-face style:name="{_LATIN}" '
        f"svg:font-family=\"'{escaped(layout.latin_font)}'\"/>"
        f'<style:font-face style:name="{_ASIAN}" svg:font-family="{asian}"/>'
        "</office:font-face-decls>"
    )


def _styles(document: Document) -> str:
    layout = document.layout
    named = "".join(named_styles(layout).values())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_SPACES} '
        f'office:version="1.3">{_fonts(layout)}<office:styles>{_default(layout)}{named}'
        f"{_HEADER_FOOTER}</office:styles><office:automatic-styles>"
        f"{_page_layout('Planbot_Upright', layout)}"
        f"{_page_layout('Planbot_Lying', layout, lying=True)}</office:automatic-styles>"
        "<office:master-styles>"
        f"{_master(UPRIGHT, 'Planbot_Upright', document)}"
        f"{_master(LYING, 'Planbot_Lying', document)}"
        "</office:master-styles></office:document-styles>"
    )


def _default(layout: Layout) -> str:
    return (
        '<style:default-style style:family="paragraph"><style:paragraph-properties '
        'style:text-autospace="ideograph-alpha" style:punctuation-wrap="hanging" '
        'style:line-break="strict" style:tab-stop-distance="8mm" style:writing-mode="page"/>'
        f'<style:text-properties style:font-name="{_LATIN}" style:font-name-asian="{_ASIAN}" '
        f'{_sizes(layout.text_size)} fo:language="en" fo:country="US" '
        'style:language-asian="zh" style:country-asian="TW"/></style:default-style>'
        '<style:default-style style:family="table"><style:table-properties '
        'table:border-model="collapsing"/></style:default-style>'
    )


_HEADER_FOOTER = _named(
    "Header", "Standard",
    'fo:text-align="center" fo:padding-bottom="1mm" fo:border-bottom="0.5pt solid #767676"',
    _sizes(10),
) + _named("Footer", "Standard", 'fo:text-align="center"', _sizes(10))  # fmt: skip


def _page_layout(name: str, layout: Layout, *, lying: bool = False) -> str:
    width, height = (layout.height, layout.width) if lying else (layout.width, layout.height)
    top, right, bottom, left = layout.margins
    # Header and footer stand inside the margins, so that the text has the whole of the page.
    above, below = min(10, top - 2), min(10, bottom - 2)
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties '
        f'fo:page-width="{width}mm" fo:page-height="{height}mm" '
        f'style:print-orientation="{"landscape" if lying else "portrait"}" '
        f'fo:margin-top="{top - above}mm" fo:margin-right="{right}mm" '
        f'fo:margin-bottom="{bottom - below}mm" fo:margin-left="{left}mm"/>'
        f'<style:header-style><style:header-footer-properties svg:height="{above}mm" '
        'fo:min-height="0mm" fo:margin-bottom="2mm"/></style:header-style>'
        f'<style:footer-style><style:header-footer-properties svg:height="{below}mm" '
        'fo:min-height="0mm" fo:margin-top="2mm"/></style:footer-style></style:page-layout>'
    )


def _master(name: str, layout: str, document: Document) -> str:
    footer = escaped(document.footer)
    for place, element in (("{page}", "page-number"), ("{pages}", "page-count")):
        value = ' text:select-page="current"' if element == "page-number" else ""
        footer = footer.replace(place, f"<text:{element}{value}>1</text:{element}>")
    return (
        f'<style:master-page style:name="{name}" style:page-layout-name="{layout}">'
        f'<style:header><text:p text:style-name="Header">{escaped(document.header)}</text:p>'
        f'</style:header><style:footer><text:p text:style-name="Footer">{footer}</text:p>'
        "</style:footer></style:master-page>"
    )
