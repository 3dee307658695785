"""The pictures in images/ are what the library draws today."""

import xml.etree.ElementTree as ET

import pytest

from tools import make_images

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(make_images.pictures())


SOURCE = ["RNN2", "DNNvsRNN", "RNN_base", "RNN_unit", "RNN", "RNN_data", "RNN_many2one"]  # its pictures, in its order


def test_every_picture_of_the_source_is_there_under_its_name():
    assert {f"{name}.svg" for name in SOURCE} <= set(NAMES)


def test_what_is_stored_is_byte_for_byte_what_is_drawn(root, tmp_path):
    make_images.main(tmp_path)
    stored, drawn = (
        {path.name: path.read_bytes() for path in folder.glob("*.svg")} for folder in (root / "images", tmp_path)
    )
    assert sorted(stored) == sorted(drawn) == NAMES
    assert [name for name in NAMES if stored[name] != drawn[name]] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_picture_stands_alone(root, name):
    raw = (root / "images" / name).read_bytes()
    assert b"\r" not in raw
    assert len(raw) < 50_000
    picture = ET.fromstring(raw)
    assert picture.attrib["role"] == "img"
    assert picture.find(SVG + "title").text
    assert len(picture.find(SVG + "desc").text) > 50
    ground = picture.find(SVG + "rect").attrib
    assert ground["class"] == "surface"
    assert (ground["width"], ground["height"]) == (picture.attrib["width"], picture.attrib["height"])
    assert b"prefers-color-scheme: dark" in raw
    addresses = raw.replace(b"http://www.w3.org/2000/svg", b"").replace(b"http://www.w3.org/1999/xlink", b"")
    assert b"http" not in addresses and b"<script" not in raw and b"<image" not in raw
