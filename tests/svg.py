"""What tests read out of a picture: its elements, what is written in it, one of its pages."""

import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def elements(svg, tag="text", cls="", page=None):
    """The elements of a tag, all if "", in the whole picture or on one page; cls: those of this class."""
    root = ET.fromstring(svg)
    root = root if page is None else root.find(f".//{SVG}g[@data-t='{page}']")
    return [e for e in root.iter(SVG + tag if tag else None) if not cls or cls in e.get("class", "").split()]


def said(element):
    return "".join(element.itertext())


def texts(svg, page=None):
    """What is written."""
    return [said(element) for element in elements(svg, page=page)]


def addressed(svg, page=None):
    """Address -> number as it is printed."""
    return {e.get("data-n"): said(e) for e in elements(svg, page=page) if "data-n" in e.attrib}


def covers(svg, page=None):
    """What hides an answer."""
    return elements(svg, "", "cover", page)
