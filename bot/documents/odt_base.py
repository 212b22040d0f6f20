"""The agency's own document, of which styles, pages, header and footer are taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.documents.model import Document, Layout
from bot.documents.odt_styles import LYING, Package, declared, named_styles
from bot.errors import DataError

if TYPE_CHECKING:
    from odfdo import Document as Odf
    from odfdo import Element, Styles

_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6}
_LENGTH = re.compile(r"([\d.]+)\s*(mm|cm|in|pt|pc)")
_WRITTEN_ANEW = ("mimetype", "content.xml", "meta.xml", "styles.xml")
_LEFT_OUT = ("META-INF/", "Thumbnails/", "layout-cache", "manifest.rdf", "Configurations2/")
_HEADER_AND_FOOTER = 20.0
"""Millimetres that both may take of the page inside its margins."""


def read(document: Document) -> Package | None:
    """The parts and pages of a layout's base document, None where it has none.

    Styles that the body uses and that are missing are added; so is the page that lies (or stands,
    where the first one lies), with the same header and footer.

    Raises:
        DataError: it is no OpenDocument text, or has no page.
    """
    file = document.layout.base_odt
    if file is None:
        return None
    import odfdo
    from odfdo.security import SecurityError

    try:
        base = odfdo.Document(file)
        if base.get_type() not in ("text", "text-template"):
            raise DataError(file, None, "is no OpenDocument text", "save it as .odt, or remove it")
        _add_styles(base.styles, document.layout)
        return _package(base)
    except (TypeError, ValueError, KeyError, OSError, SyntaxError, SecurityError) as exc:
        raise DataError(
            file, None, "is no OpenDocument text with a page", "save it as .odt, or remove it"
        ) from exc


def _package(base: Odf) -> Package:
    upright, lying, masters = _pages(base.styles)
    kinds = dict(base.manifest.get_path_medias())
    styles = base.styles.serialize()
    parts: dict[str, tuple[bytes, str]] = {"styles.xml": (styles, "text/xml")}
    for name in base.get_parts():
        content = base.container.get_part(name) if base.container else None
        if isinstance(content, bytes) and _is_kept(name, styles):
            parts[name] = (content, kinds.get(name) or "")
    return Package(parts=parts, upright=upright, lying=lying, masters=masters)


def _is_kept(name: str, styles: bytes) -> bool:
    """Whether a part still counts without the text; of pictures those of header and footer."""
    if name in _WRITTEN_ANEW or name.endswith("/") or name.startswith(_LEFT_OUT):
        return False
    return not name.startswith("Pictures/") or name.encode() in styles


def _add_styles(styles: Styles, layout: Layout) -> None:
    place = styles.get_element("//office:styles")
    if place is None:
        raise ValueError("there are no styles")
    there = {
        one.get_attribute_string("style:name")
        for one in place.get_elements("style:style[@style:family='paragraph']")
    }
    for name, made in named_styles(layout).items():
        if name not in there:
            place.append(_element(made))


def _element(xml: str) -> Element:
    from odfdo import Element

    return Element.from_tag(declared(xml))


def _pages(
    styles: Styles,
) -> tuple[tuple[float, float], tuple[float, float], tuple[str, str]]:
    """Upright and lying the space for text, and the names of their masters."""
    masters = _by_name(styles, "//office:master-styles/style:master-page")
    name = "Standard" if "Standard" in masters else min(masters)
    master = masters[name]
    layouts = _by_name(styles, "//style:page-layout")
    layout = layouts[master.get_attribute_string("style:page-layout-name") or ""]
    _turned(styles, layout, master)
    here, there = _space(layout), _space(layout, turned=True)
    if here[0] > here[1]:
        return there, here, (LYING, name)
    return here, there, (name, LYING)


def _by_name(styles: Styles, kind: str) -> dict[str, Element]:
    return {one.get_attribute_string("style:name") or "": one for one in styles.get_elements(kind)}


def _turned(styles: Styles, layout: Element, master: Element) -> None:
    """Adds the same page turned by a quarter."""
    other, page = layout.clone, master.clone
    other.set_attribute("style:name", LYING)
    look = _look(other)
    width, height = (look.get_attribute_string(f"fo:page-{side}") for side in ("width", "height"))
    look.set_attribute("fo:page-width", height)
    look.set_attribute("fo:page-height", width)
    was_lying = look.get_attribute_string("style:print-orientation") == "landscape"
    look.set_attribute("style:print-orientation", "portrait" if was_lying else "landscape")
    page.set_attribute("style:name", LYING)
    page.set_attribute("style:display-name", LYING)
    page.set_attribute("style:page-layout-name", LYING)
    for one, like in ((other, layout), (page, master)):
        above = like.parent
        assert above is not None
        above.append(one)


def _look(layout: Element) -> Element:
    look = layout.get_element("style:page-layout-properties")
    if look is None:
        raise ValueError("the page has no size")
    return look


def _space(layout: Element, *, turned: bool = False) -> tuple[float, float]:
    look = _look(layout)
    width, height = (_millimetres(look, f"fo:page-{side}", 0) for side in ("width", "height"))
    if turned:
        width, height = height, width
    every = _millimetres(look, "fo:margin", 20)
    top, right, bottom, left = (
        _millimetres(look, f"fo:margin-{side}", every)
        for side in ("top", "right", "bottom", "left")
    )
    return width - left - right, height - top - bottom - _HEADER_AND_FOOTER


def _millimetres(look: Element, name: str, default: float) -> float:
    match = _LENGTH.fullmatch(look.get_attribute_string(name) or "")
    return float(match[1]) * _MILLIMETRES[match[2]] if match else default
