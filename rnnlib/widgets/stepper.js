// Turns pages that Python has drawn. It knows nothing of what is on them and computes nothing.
// State from Python: pages {svg, captions, tips, lines, table, title, alt, badge, note}, t, present, error.

const PERIOD = 1200; // ms from page to page while it plays
const QUIET = 80; // ms of rest after which Python hears of a new t

function element(tag, cls, text, attributes = {}) {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  // Without this, on each element that can have the focus, the host takes its keys.
  if (tag === "button" || tag === "input" || "tabindex" in attributes) node.dataset.lmSuppressShortcuts = "true";
  return node;
}

function button(label, name, act) {
  const node = element("button", "", label, { type: "button", "aria-label": name, title: name });
  node.addEventListener("click", act);
  return node;
}

function pieces(line, tip) {
  line.replaceChildren();
  for (const [text, kind] of tip) {
    const cls = kind.includes("/") ? "number" : kind;
    line.append(element("span", cls, text), " ");
  }
}

function table([head, ...rows]) {
  const node = element("table", "");
  const line = (cells, tag) => {
    const row = element("tr");
    cells.forEach((text, k) => row.append(element(k ? tag : "th", "", text, { scope: tag === "th" ? "col" : "row" })));
    return row;
  };
  node.createTHead().append(line(head, "th"));
  node.createTBody().append(...rows.map((cells) => line(cells, "td")));
  return node;
}

function render({ model, el }) {
  const root = element("div", "rnn-stepper", undefined, { role: "group", tabindex: "-1" });
  const title = element("div", "title");
  const keys = element("div", "keys", "← → one step   Home End   Space plays   ↑ ↓ other numbers, Enter keeps them   Esc leaves");
  const stage = element("div", "stage", undefined, { tabindex: "0", role: "group" });
  const lines = element("div", "lines");
  const caption = element("div", "caption", "", { role: "status", "aria-live": "polite" });
  const slider = element("input", "", undefined, { type: "range", min: "0", step: "1", "aria-label": "step" });
  const where = element("span", "where");
  const play = button("▶ Play", "play", () => (timer ? stop() : start()));
  const controls = element("div", "controls");
  const first = button("|◀", "first step", () => go(0));
  const back = button("◀", "one step back", () => go(t - 1));
  const next = button("▶", "one step on", () => go(t + 1));
  const last = button("▶|", "last step", () => go(end()));
  controls.append(first, back, play, next, last, slider, where);
  const foot = element("div", "foot");
  const badge = element("span", "badge");
  const tables = button("numbers as a table", "numbers as a table", () => toggleTable());
  const larger = button("larger", "larger, for a projector", () => setPresent(!present));
  foot.append(badge, tables, larger);
  const note = element("div", "note");
  const sheet = element("div", "sheet", undefined, { tabindex: "0", role: "region", "aria-label": "numbers as a table" });
  sheet.hidden = true;
  const error = element("div", "error", "", { role: "alert" });
  root.append(title, keys, stage, note, lines, caption, controls, foot, sheet, error);
  el.replaceChildren(root);

  let pages = model.get("pages");
  let t = model.get("t");
  let present = model.get("present");
  let timer = 0; // of the play
  let waiting = 0; // of the message to Python
  let hovered = null; // [tip, page]: what the pointer is on
  let chosen = null; // the name of the tip that the keys are on
  let pinned = false; // whether `chosen` stays when the keys go elsewhere

  const end = () => pages.captions.length - 1;

  function tell(name, value) {
    model.set(name, value);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      try {
        model.save_changes();
      } catch (gone) {
        console.debug("no kernel hears of the step", gone); // stepping needs none
      }
    }, QUIET);
  }

  function go(to) {
    const page = Math.max(0, Math.min(end(), to));
    if (page === t) return;
    t = page;
    hovered = null;
    tell("t", t);
    show();
  }

  function start() {
    if (t >= end()) go(0);
    timer = setInterval(() => (t < end() ? go(t + 1) : stop()), PERIOD);
    playing();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    playing();
  }

  function playing() {
    play.textContent = timer ? "❚❚ Pause" : "▶ Play";
    play.setAttribute("aria-label", timer ? "pause" : "play");
    play.title = timer ? "pause" : "play";
  }

  function load() {
    stop();
    stage.innerHTML = pages.svg; // drawn by Python, which escapes all text
    const svg = stage.querySelector("svg");
    root.style.setProperty("--natural", `${svg.viewBox.baseVal.width}px`);
    title.textContent = pages.title;
    root.setAttribute("aria-label", pages.title);
    stage.setAttribute("aria-label", `${pages.title} Step with the arrow keys.`);
    badge.textContent = pages.badge;
    badge.hidden = !pages.badge;
    note.textContent = pages.note;
    note.hidden = !pages.note;
    slider.max = end();
    if (!sheet.hidden) sheet.replaceChildren(table(pages.table));
    t = Math.max(0, Math.min(end(), t));
    hovered = null;
    if (!(chosen in pages.tips[t])) chosen = null;
    show();
  }

  function show() {
    for (const page of stage.querySelectorAll(".page")) page.classList.toggle("on", Number(page.dataset.t) === t);
    caption.textContent = pages.captions[t];
    slider.value = t;
    slider.setAttribute("aria-valuetext", `${t} of ${end()}`);
    where.textContent = `t = ${t} / ${end()}`;
    first.disabled = back.disabled = t === 0;
    next.disabled = last.disabled = t === end();
    arithmetic();
    follow();
  }

  function arithmetic() {
    const [tip, page] = hovered ?? [chosen, t];
    const names = pages.lines[t].map((name) => [name, t]);
    const slot = tip === null || !(tip in pages.tips[page]) ? -1 : names.findIndex(([name]) => name.split("/")[0] === tip.split("/")[0]);
    if (slot >= 0) names[slot] = [tip, page];
    while (lines.children.length > names.length) lines.lastChild.remove();
    while (lines.children.length < names.length) lines.append(element("div", "line"));
    names.forEach(([name, at], k) => {
      pieces(lines.children[k], pages.tips[at][name]);
      lines.children[k].classList.toggle("pinned", pinned && k === slot && !hovered);
    });
    for (const node of stage.querySelectorAll("[data-tip]")) {
      const on = names.some(([name, at]) => node.dataset.tip === name && Number(node.dataset.at ?? at) === at);
      node.classList.toggle("chosen", on);
    }
  }

  function follow() {
    const page = stage.querySelector(".page.on .now");
    if (!page || stage.scrollWidth <= stage.clientWidth) return;
    const box = page.getBoundingClientRect(), frame = stage.getBoundingClientRect();
    stage.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  }

  function choose(step) {
    const names = Object.keys(pages.tips[t]);
    const from = names.indexOf(chosen ?? pages.lines[t][0]);
    chosen = names[(from + step + names.length) % names.length];
    pinned = false;
    hovered = null;
    lines.setAttribute("aria-live", "polite");
    arithmetic();
  }

  function pin(name) {
    pinned = !(pinned && chosen === name);
    chosen = pinned ? name : null;
    arithmetic();
  }

  function toggleTable() {
    sheet.hidden = !sheet.hidden;
    tables.setAttribute("aria-expanded", String(!sheet.hidden));
    if (!sheet.hidden) sheet.replaceChildren(table(pages.table));
  }

  function setPresent(on) {
    present = on;
    root.classList.toggle("present", on);
    larger.setAttribute("aria-pressed", String(on));
    if (model.get("present") !== on) tell("present", on);
    follow();
  }

  function leave() {
    stop();
    chosen = null;
    pinned = false;
    arithmetic();
    const outside = root.parentElement.closest("[tabindex]");
    if (outside) outside.focus();
    else document.activeElement.blur();
  }

  const tipped = (event) => event.target.closest?.("[data-tip]");
  stage.addEventListener("pointerover", (event) => {
    const node = tipped(event);
    if (!node && !hovered) return;
    hovered = node ? [node.dataset.tip, Number(node.dataset.at ?? t)] : null;
    lines.setAttribute("aria-live", "off");
    arithmetic();
  });
  stage.addEventListener("pointerleave", () => ((hovered = null), arithmetic()));
  stage.addEventListener("click", (event) => {
    const node = tipped(event);
    if (!node) return;
    const page = Number(node.dataset.at ?? t);
    if (page !== t) pinned = false;
    go(page);
    hovered = null;
    pin(node.dataset.tip);
  });
  slider.addEventListener("input", () => (stop(), go(Number(slider.value))));

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || sheet.contains(event.target)) return;
    const onButton = event.target.tagName === "BUTTON";
    const acts = {
      ArrowLeft: () => (stop(), go(t - 1)),
      ArrowRight: () => (stop(), go(t + 1)),
      Home: () => (stop(), go(0)),
      End: () => (stop(), go(end())),
      Escape: leave,
      ...(onButton ? {} : { " ": () => (timer ? stop() : start()), ArrowUp: () => choose(-1), ArrowDown: () => choose(1) }),
      ...(event.target === stage ? { Enter: () => pin(chosen ?? pages.lines[t][0]) } : {}),
    };
    if (!(event.key in acts)) return;
    acts[event.key]();
    event.preventDefault();
    event.stopPropagation();
  });

  const listeners = {
    pages: () => ((pages = model.get("pages")), (t = model.get("t")), load()),
    t: () => model.get("t") !== t && ((t = Math.min(end(), model.get("t"))), show()),
    present: () => setPresent(model.get("present")),
    error: () => ((error.textContent = model.get("error")), (error.hidden = !error.textContent)),
  };
  for (const [name, hear] of Object.entries(listeners)) model.on(`change:${name}`, hear);
  load();
  setPresent(present);
  listeners.error();
  return () => {
    stop();
    for (const [name, hear] of Object.entries(listeners)) model.off(`change:${name}`, hear);
  };
}

export default { render };
