"""The styles and pages of Word documents, ours or those of the agency's own document."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.documents.breaks import small_size
from bot.documents.model import Document, Layout
from bot.documents.text import clean, escaped
from bot.errors import DataError

if TYPE_CHECKING:
    from docx.document import Document as Word

_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
    )
)
_EMU = 36_000  # of a millimetre

TITLE, TEXT, TABLE, TABLE_HEAD = "Title", "Body Text", "Table Contents", "Table Heading"
TABLE_SMALL = "Table Small"
CAPTION, AFTER = "caption", "After Table"
HEADINGS = ("heading 1", "heading 2", "heading 3")
_CUSTOM = (TABLE, TABLE_SMALL, TABLE_HEAD, AFTER)  # Word knows the others by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its section's properties as XML, width and height for text in millimetres."""

    properties: str
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A document without text, the ids of its styles by name, and its pages upright and lying."""

    word: Word
    styles: Mapping[str, str]
    pages: tuple[Page, Page]


def base(document: Document) -> Base:
    """A document with all styles and pages, and without any text.

    Raises:
        DataError: the base document is no Word document.
    """
    word = _ours(document) if document.layout.base_docx is None else _theirs(document)
    properties = word.core_properties
    properties.title = clean(document.title)[:255]
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.language = "zh-TW"
    return Base(word=word, styles=_with_ours(word, document.layout), pages=_pages(word))


def put_body(word: Word, xml: str) -> None:
    """Makes a piece of WordprocessingML, whose prefixes need not be declared, the whole text.

    It is parsed in its place: lxml takes longer to move elements than to read them.
    """
    from docx.oxml.parser import parse_xml

    made = parse_xml(f"<w:document {_SPACES}><w:body>{xml}</w:body></w:document>")
    word.part._element = made


def elements(xml: str) -> list[Any]:
    """The elements of a piece of WordprocessingML, whose prefixes need not be declared."""
    from docx.oxml.parser import parse_xml

    return list(parse_xml(f"<w:body {_SPACES}>{xml}</w:body>"))


def tag(name: str) -> str:
    """A prefixed name as python-docx's elements bear it."""
    from docx.oxml.ns import qn

    return qn(name)


def _ours(document: Document) -> Word:
    import docx

    layout = document.layout
    word = docx.Document()
    styles = word.styles.element
    for one in styles.findall(tag("w:style")):
        styles.remove(one)
    for one in elements(_BASIC.format(fonts=_fonts(layout), size=_half_points(layout.text_size))):
        styles.append(one)
    _drop(word.part.package.rels, "/thumbnail")  # of python-docx's own document
    _set_languages(word)
    _set_font_table(word, layout)
    _set_page(word, layout)
    section = word.sections[0]
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    _fill(header, "Header", _run(document.header))
    _fill(footer, "Footer", _with_fields(document.footer))
    return word


def _theirs(document: Document) -> Word:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    file = document.layout.base_docx
    assert file is not None
    try:
        word = docx.Document(str(file))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError) as exc:
        raise DataError(
            file, None, "is no Word document", "save it as .docx, or remove it"
        ) from exc
    _drop(word.part.rels, "/image")  # those of the text, which goes
    return word


def _drop(relations: Any, kind: str) -> None:
    for name in [name for name, one in relations.items() if one.reltype.endswith(kind)]:
        del relations[name]


def _set_languages(word: Word) -> None:
    """Word checks Chinese as that of Taiwan, and reads the file as of Word 2013 and later."""
    defaults = word.styles.element.find(tag("w:docDefaults"))
    for name in ("w:rFonts", "w:spacing"):
        for one in list(defaults.iter(tag(name))):
            one.getparent().remove(one)
    for lang in defaults.iter(tag("w:lang")):
        lang.set(tag("w:eastAsia"), "zh-TW")
    settings = word.settings.element
    settings.find(tag("w:zoom")).set(tag("w:percent"), "100")
    settings.find(tag("w:themeFontLang")).set(tag("w:eastAsia"), "zh-TW")
    settings.find(tag("w:compat")).find(tag("w:compatSetting")).set(tag("w:val"), "15")


def _set_font_table(word: Word, layout: Layout) -> None:
    """The second name of a font stands for it where it goes by that (標楷體, DFKai-SB)."""
    first, second = layout.asian_fonts[0], layout.asian_fonts[1:2]
    other = f'<w:altName w:val="{escaped(second[0])}"/>' if second else ""
    made = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {_SPACES}>'
        f'<w:font w:name="{escaped(first)}">{other}<w:charset w:val="88"/>'
        '<w:family w:val="script"/><w:pitch w:val="fixed"/></w:font>'
        f'<w:font w:name="{escaped(layout.latin_font)}"><w:charset w:val="00"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )
    for relation in word.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = made.encode()


def _set_page(word: Word, layout: Layout) -> None:
    from docx.shared import Mm

    section = word.sections[0]
    section.page_width, section.page_height = Mm(layout.width), Mm(layout.height)
    top, right, bottom, left = (Mm(one) for one in layout.margins)
    section.top_margin, section.right_margin = top, right
    section.bottom_margin, section.left_margin = bottom, left
    section.header_distance = section.footer_distance = Mm(10)


def _fill(paragraph: Any, style: str, inside: str) -> None:
    (made,) = elements(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inside}</w:p>')
    paragraph._p.getparent().replace(paragraph._p, made)


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


_FIELDS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


def _with_fields(footer: str) -> str:
    return "".join(
        f'<w:fldSimple w:instr="{_FIELDS[part]}">{_run("1")}</w:fldSimple>'
        if part in _FIELDS
        else _run(part)
        for part in re.split(r"(\{pages?\})", footer)
        if part
    )


def _with_ours(word: Word, layout: Layout) -> dict[str, str]:
    """The ids of the styles that a body uses; those that are not there are added."""
    found = {
        (one.name or "").lower(): one.style_id for one in word.styles if one.type == _PARAGRAPH
    }
    for name, made in _styles(layout, found.get("normal", "Normal")).items():
        if name.lower() not in found:
            (style,) = elements(made)
            word.styles.element.append(style)
            found[name.lower()] = style.get(tag("w:styleId"))
    return {name: found[name.lower()] for name in _styles(layout, "")}


_PARAGRAPH = 1  # docx.enum.style.WD_STYLE_TYPE.PARAGRAPH, without importing python-docx


def _half_points(points: float) -> int:
    return round(points * 2)


def _fonts(layout: Layout) -> str:
    latin, asian = escaped(layout.latin_font), escaped(layout.asian_fonts[0])
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{asian}" w:cs="{latin}"/>'


_BASIC = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    '<w:qFormat/><w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/>'
    '<w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="4" w:space="2" '
    'w:color="767676"/></w:pBdr><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="20"/></w:rPr>'
    '</w:style><w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/>'
    '<w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:rPr><w:sz w:val="20"/></w:rPr></w:style>'
)


def _styles(layout: Layout, normal: str) -> dict[str, str]:
    """By name what a body uses. Spacing is in twentieths of a point."""
    heading, text, table = layout.heading_size, layout.text_size, layout.table_size
    sizes = (heading, max(text, heading - 1), text)
    headings = {
        name: _style(
            name, normal, size, bold=True, level=level,
            paragraph=f'<w:keepNext/><w:spacing w:before="{before}" w:after="110"/>'
            f'<w:outlineLvl w:val="{level - 1}"/>',
        )
        for level, (name, size, before) in enumerate(
            zip(HEADINGS, sizes, (280, 220, 170), strict=True), 1
        )
    }  # fmt: skip
    centred = '<w:jc w:val="center"/>'
    return {
        TITLE: _style(
            TITLE, normal, layout.title_size, bold=True,
            paragraph=f'<w:keepNext/><w:spacing w:before="120" w:after="340"/>{centred}',
        ),
        **headings,
        TEXT: _style(
            TEXT, normal, text,
            paragraph='<w:spacing w:after="110" w:line="336" w:lineRule="auto"/>',
        ),
        TABLE: _style(
            TABLE, normal, table, paragraph='<w:spacing w:line="276" w:lineRule="auto"/>'
        ),
        TABLE_SMALL: _style(
            TABLE_SMALL, normal, small_size(layout),
            paragraph='<w:spacing w:line="250" w:lineRule="auto"/>',
        ),
        TABLE_HEAD: _style(
            TABLE_HEAD, normal, table, bold=True, paragraph=f"<w:keepNext/>{centred}"
        ),
        CAPTION: _style(
            CAPTION, normal, table,
            paragraph=f'<w:spacing w:before="60" w:after="170"/>{centred}',
        ),
        AFTER: _style(
            AFTER, normal, 2, paragraph='<w:spacing w:line="60" w:lineRule="exact"/>'
        ),
    }  # fmt: skip


def _style(
    name: str, normal: str, points: float, *, paragraph: str, bold: bool = False, level: int = 0
) -> str:
    named = f"Planbot{name.title().replace(' ', '')}"
    size = _half_points(points)
    following = f'<w:next w:val="{normal}"/>' if level else ""
    look = f'{"<w:b/><w:bCs/>" if bold else ""}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    return (
        f'<w:style w:type="paragraph" w:customStyle="{int(name in _CUSTOM)}" w:styleId="{named}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{normal}"/>{following}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
    )


def _pages(word: Word) -> tuple[Page, Page]:
    """The last section's page upright and lying."""
    from docx.enum.section import WD_ORIENT, WD_SECTION

    section = word.sections[-1]
    section.start_type = WD_SECTION.NEW_PAGE
    made = []
    for orientation in (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE):
        sides = sorted((int(section.page_width or 0), int(section.page_height or 0)))
        lies = orientation is WD_ORIENT.LANDSCAPE
        width, height = (sides[1], sides[0]) if lies else (sides[0], sides[1])
        properties = copy.deepcopy(section._sectPr)
        size = properties.find(tag("w:pgSz"))
        size.set(tag("w:w"), str(round(width / 635)))
        size.set(tag("w:h"), str(round(height / 635)))
        size.set(tag("w:orient"), "landscape" if lies else "portrait")
        across = int(section.left_margin or 0) + int(section.right_margin or 0)
        along = int(section.top_margin or 0) + int(section.bottom_margin or 0)
        made.append(
            Page(
                properties=properties.xml,
                width=(width - across) / _EMU,
                height=(height - along) / _EMU,
            )
        )
    return made[0], made[1]
