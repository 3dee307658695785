// A page as slides: the button, or the key S, begins; → and ← (Page Down and Page Up) turn; Esc ends.
// The author's slide is a cell that says so and all cells up to the next one; notes and what is to be skipped are left
// out. The code of a cell that shows a widget is left out, too, until C is pressed. slides_layout.js cuts what is
// higher than a screen, slides_widgets.js fits the widgets.
addEventListener("DOMContentLoaded", () => {
  const placed = "[class*=celltag_slide_]"; // the cell itself or, for text, what is in it
  const kind = (cell) => {
    const node = cell.matches(placed) ? cell : cell.querySelector(placed);
    return node?.className.match(/celltag_slide_(\S+)/)[1] ?? "-";
  };
  const main = document.querySelector("main");
  const cells = [...document.querySelectorAll("main > .jp-Cell")];
  const groups = [];
  for (const cell of cells.filter((cell) => !["notes", "skip"].includes(kind(cell)))) {
    if (["slide", "subslide"].includes(kind(cell)) || !groups.length) groups.push([]);
    groups.at(-1).push(cell);
  }
  const layout = slideLayout(main), widgets = slideWidgets(main, layout.SCREEN);
  layout.pieces(cells);

  const bar = document.createElement("nav");
  bar.className = "rnn-slides";
  const button = (label, name, act) => {
    const node = Object.assign(document.createElement("button"), { textContent: label, title: name, onclick: act });
    node.setAttribute("aria-label", name);
    return node;
  };
  const title = document.createElement("p");
  const where = document.createElement("span");
  where.setAttribute("role", "status");
  const begin = button("Slides", "show as slides (S)", () => (at < 0 ? start() : show(-1)));
  const back = button("◀", "slide before (←)", () => show(at - 1));
  const next = button("▶", "next slide (→)", () => show(at + 1));
  bar.append(title, back, where, next, begin);
  document.body.append(bar);
  let slides = [];
  let at = -1; // the slide; -1: the page as a whole

  // The cell that is at the top of the window now.
  const nearest = () => groups.flat().find((cell) => cell.getBoundingClientRect().bottom > 80) ?? cells[0];
  const holds = (slide, node) => slide.nodes.some((other) => other.contains(node) || node.contains(other));

  function start() {
    const here = nearest();
    document.body.classList.add("as-slides");
    main.tabIndex = -1; // where the focus goes that leaves a widget
    arrange(here);
    widgets.begin();
  }

  // All slides anew, and then the one with this node.
  function arrange(node) {
    document.body.classList.add("arranging");
    slides = layout.slides(groups, document.body.classList.contains("with-code"));
    document.body.classList.remove("arranging");
    show(Math.max(0, slides.findIndex((slide) => holds(slide, node))));
  }

  function show(slide) {
    const first = slides[at]?.nodes[0];
    at = Math.min(slide, slides.length - 1);
    if (at < 0 && first) widgets.end();
    document.body.classList.toggle("as-slides", at >= 0);
    if (at >= 0) layout.put(slides[at]);
    else main.removeAttribute("tabindex");
    back.hidden = next.hidden = title.hidden = at < 0;
    back.disabled = at === 0;
    next.disabled = at === slides.length - 1;
    title.textContent = slides[at]?.title ?? "";
    where.textContent = at < 0 ? "" : `${at + 1} / ${slides.length}`;
    begin.textContent = at < 0 ? "Slides" : "Esc";
    at < 0 ? first?.scrollIntoView() : scrollTo(0, 0);
  }

  const again = () => at >= 0 && arrange(slides[at].nodes[0]);
  // The code of a widget has a slide before it; without it, the widget is back.
  function code() {
    const shown = document.body.classList.toggle("with-code");
    const cell = slides[at].nodes.at(-1).closest(".jp-Cell");
    arrange(shown ? cell : (cell.querySelector(".jp-OutputArea-output") ?? cell));
  }
  function enlarge() {
    const { width, height } = layout.SCREEN;
    document.body.style.setProperty("--slide-scale", Math.min(innerWidth / width, innerHeight / height));
  }
  enlarge();
  addEventListener("resize", enlarge);
  // What is opened may no longer fit. The answers of a quiz have their room already.
  main.addEventListener("toggle", ({ target }) => target.dataset.answer || again(), true);
  document.fonts.addEventListener("loadingdone", again);
  addEventListener("load", again);

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const turn = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (event.key === "c" && at >= 0) code();
    else if (event.key === "s" && at < 0) start();
    else if (event.key === "Escape" && at >= 0) show(-1);
    else if (turn && at >= 0) event.preventDefault(), show(Math.max(0, at + turn));
  });
  show(-1);
});
