"""On a real screen, light and dark: in no picture, on no page, do two texts overlap, no text is cut by an edge, and no
line, arrow or frame goes through one."""

import pytest

from rnnlib.look.palette import theme_css
from tests.pictures import PAGES, STILLS

CLASH = """([t, picture]) => {
    const root = document.querySelector('svg'), frame = root.getBoundingClientRect();
    root.querySelectorAll('.page').forEach(page => page.style.display = page.dataset.t === t ? '' : 'none');
    const all = [...root.querySelectorAll('text')];
    const texts = all.filter(e => e.getBoundingClientRect().width && e.textContent.trim());
    const opaque = e => {
        const style = getComputedStyle(e);
        return ['rect', 'path'].includes(e.tagName) && style.fill !== 'none' && style.fillOpacity > 0.9;
    };
    const seen = (e, share) => {  // nothing is drawn over it at that place of its length
        const box = e.getBoundingClientRect(), x = box.x + 2 + (box.width - 4) * share;
        for (const over of document.elementsFromPoint(x, box.y + box.height / 2)) {
            if (e.contains(over)) return true;
            if (opaque(over) && e.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING) return false;
        }
        return true;
    };
    const found = [], boxes = [];
    for (const e of texts) {
        const places = [0, 0.5, 1].map(share => seen(e, share));
        if (places.some(x => x)) boxes.push({ text: e.textContent, box: e.getBBox() });
        if (places.some(x => !x) && places.some(x => x)) found.push(`${t}: "${e.textContent}" is cut`);
    }
    boxes.forEach(({ text, box }, k) => {
        if (box.x < -1 || box.y < -1 || box.x + box.width > frame.width + 1 || box.y + box.height > frame.height + 1)
            found.push(`${t}: "${text}" leaves the picture`);
        for (const other of boxes.slice(k + 1)) {
            const across = Math.min(box.x + box.width, other.box.x + other.box.width) - Math.max(box.x, other.box.x);
            const down = Math.min(box.y + box.height, other.box.y + other.box.height) - Math.max(box.y, other.box.y);
            const again = text === other.text && Math.abs(box.x - other.box.x) < 1;  // drawn again, in another tone
            if (across > 1.5 && down > 5 && !again) found.push(`${t}: "${text}" over "${other.text}"`);
        }
    });
    const strokes = [...root.querySelectorAll('rect, path')].filter(e => {
        const style = getComputedStyle(e);
        return style.stroke !== 'none' && !e.matches('.grid, .cover, .struck') && e.getBoundingClientRect().width;
    });
    const shown = (e, x, y) => {
        for (const over of document.elementsFromPoint(x, y)) {
            if (over === e) return true;
            if (opaque(over) && e.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING) return false;
        }
        return true;
    };
    const inner = boxes.map(({ text, box: { x, y, width, height } }) => (
        { text, left: x + 3, right: x + width - 3, top: y + 5, bottom: y + height - 5 }));
    const through = (a, b) => inner.filter(box => Math.max(a.x, b.x) > box.left && Math.min(a.x, b.x) < box.right
        && Math.max(a.y, b.y) > box.top && Math.min(a.y, b.y) < box.bottom);
    for (const e of strokes) {
        const { x, y, width, height } = e.getBBox();
        if (!through({ x, y }, { x: x + width, y: y + height }).length) continue;
        const length = e.getTotalLength(), name = e.getAttribute('class');
        for (let at = 0; at <= length; at += 4) {
            const point = e.getPointAtLength(at), [hit] = through(point, point);
            if (hit && shown(e, point.x, point.y)) {
                found.push(`${t}: a line (${name}) goes through "${hit.text}" at ${point.x | 0}, ${point.y | 0}`);
                break;
            }
        }
    }
    return found;
}"""


@pytest.mark.parametrize("covers", ["", ".cover{display:none}"], ids=["asked", "answered"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_two_texts_overlap_and_none_is_cut(browser, scheme, covers):
    context = browser.new_context(
        viewport={"width": 1600, "height": 1400}, color_scheme=scheme, reduced_motion="reduce"
    )
    page, wrong = context.new_page(), {}
    for name, make in (PAGES | STILLS).items():
        made = make()
        svg = made.svg if name in PAGES else str.__str__(made)
        style = f"{theme_css('body')} *{{pointer-events:all !important}} body{{margin:0}} {covers}"
        page.set_content(f"<style>{style}</style>{svg}")
        clashes = [c for t in range(len(made) if name in PAGES else 1) for c in page.evaluate(CLASH, [str(t), name])]
        if clashes:
            wrong[name] = clashes
            print("CLASH", name, len(clashes), clashes[:6])
    context.close()
    assert wrong == {}
