// An exported page as slides: the button, or the key S, begins; → and ← (Page Down and Page Up) turn; Esc ends.
// A slide is a cell that says so and all cells up to the next one; notes and what is to be skipped are left out.
// The code of a cell that shows a widget is left out, too, until C is pressed.
addEventListener("DOMContentLoaded", () => {
  const placed = "[class*=celltag_slide_]"; // the cell itself or, for text, what is in it
  const kind = (cell) => {
    const node = cell.matches(placed) ? cell : cell.querySelector(placed);
    return node?.className.match(/celltag_slide_(\S+)/)[1] ?? "-";
  };
  const cells = [...document.querySelectorAll("main > .jp-Cell")];
  const slides = [];
  for (const cell of cells.filter((cell) => !["notes", "skip"].includes(kind(cell)))) {
    if (["slide", "subslide"].includes(kind(cell)) || !slides.length) slides.push([]);
    slides.at(-1).push(cell);
  }
  const bar = document.createElement("nav");
  bar.className = "rnn-slides";
  const button = (label, name, act) => {
    const node = Object.assign(document.createElement("button"), { textContent: label, title: name, onclick: act });
    node.setAttribute("aria-label", name);
    return node;
  };
  const where = document.createElement("span");
  where.setAttribute("role", "status");
  const begin = button("Slides", "show as slides (S)", () => show(at < 0 ? nearest() : -1));
  const back = button("◀", "slide before (←)", () => show(at - 1));
  const next = button("▶", "next slide (→)", () => show(at + 1));
  bar.append(back, where, next, begin);
  document.body.append(bar);
  let at = -1; // the slide; -1: the page as a whole

  // The slide that is at the top of the window now.
  const nearest = () => Math.max(0, slides.findIndex((slide) => slide.at(-1).getBoundingClientRect().bottom > 80));

  function show(slide) {
    const first = slides[at]?.[0];
    at = Math.min(slide, slides.length - 1);
    document.body.classList.toggle("as-slides", at >= 0);
    for (const cell of cells) cell.classList.toggle("on", Boolean(slides[at]?.includes(cell)));
    back.hidden = next.hidden = at < 0;
    back.disabled = at === 0;
    next.disabled = at === slides.length - 1;
    where.textContent = at < 0 ? "" : `${at + 1} / ${slides.length}`;
    begin.textContent = at < 0 ? "Slides" : "Esc";
    at < 0 ? first?.scrollIntoView() : scrollTo(0, 0);
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const turn = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (event.key === "c" && at >= 0) document.body.classList.toggle("with-code");
    else if (event.key === "s" && at < 0) show(nearest());
    else if (event.key === "Escape" && at >= 0) show(-1);
    else if (turn && at >= 0) event.preventDefault(), show(Math.max(0, at + turn));
  });
  show(-1);
});
