// Turns pages that Python has drawn. It knows nothing of what is on them and computes nothing.
// From Python: pages {svg, captions, tips, lines, table, title, alt, badge, note, marks, questions, backward},
// t, present, error, code (a call with {t} in it), kept (what the notebook calls what it keeps).

const PERIOD = 1200; // ms from page to page while it plays
const QUIET = 80; // ms after the last step until Python hears of it
const POINTS = "A question is open: answer it, or press again to skip it.";
const KEYS = "← → step   Home End   Space plays   ↑ ↓ other numbers   Enter keeps them   Esc leaves";
const MORE = "more: keys, notes, numbers, further controls";

function render({ model, el }) {
  let pages = model.get("pages"), t = model.get("t");
  let timer = 0, waiting = 0, told = t; // of the play, and of the message to Python; the step that it told last
  let hovered = null, rested = ""; // [tip, page] that the pointer is on, and where the pointer was then
  let chosen = null, pinned = false; // the tip that keys or a click chose, and whether it stays
  let pointed = false; // whether the reader who steps on has been told that a question is open
  const replies = new Map(); // question -> what was said to the reader's answer, and whether it is closed

  const [title, note, lines] = ["title", "note", "lines"].map((name) => element("div", name));
  const [where, badge] = ["where", "badge"].map((name) => element("span", name));
  const keys = element("div", "keys", KEYS);
  const stage = element("div", "stage", [], { tabindex: "0", role: "group" });
  const caption = element("div", "caption", [], { role: "status", "aria-live": "polite" });
  const quiz = element("div", "quiz"), said = element("div", "said", [], { role: "status" });
  const first = button("|◀", "first step", () => go(0));
  const back = button("◀", "one step back", () => step(-1));
  const play = button("", "", () => playing(!timer));
  const next = button("▶", "one step on", () => step(1));
  const last = button("▶|", "last step", () => go(end()));
  const slider = element("input", "", [], { type: "range", min: 0, step: 1, "aria-label": "step" });
  const tables = button("numbers as a table", "numbers as a table", () => opened(sheet.hidden));
  const copy = button("copy this state", "copy this state", copied);
  const larger = button("larger", "larger, for a projector", () => tell("present", !model.get("present")));
  const hidden = { tabindex: "0", role: "region", "aria-label": "numbers as a table", hidden: "" };
  const sheet = element("div", "sheet", [], hidden);
  const line = element("code", "code", [], { tabindex: "0", role: "status" });
  const error = element("div", "error", [], { role: "alert" });
  const further = button("more", MORE, () => unfolded(!root.classList.contains("open")));
  const controls = element("div", "controls", [first, back, play, next, last, slider, where, further]);
  const shown = element("div", "show", [stage, controls]); // the picture and its player; its words beside or below it
  const words = element("div", "words", [caption, quiz, said, lines]);
  const foot = element("div", "foot", [badge, tables, copy, larger]);
  const folded = element("div", "more", [keys, note, foot, line, sheet]);
  const twin = `[data-rnn="${model.get("kept")}"]`; // what the notebook keeps of this widget: hidden while this lives
  const style = element("style", "", `${twin}, .jp-OutputArea-child:has(${twin}) { display: none }`);
  const all = [title, element("div", "body", [shown, words]), folded, error, style];
  const root = element("div", "rnn-stepper", all, { role: "group", tabindex: "-1" });
  el.replaceChildren(root);

  const end = () => pages.captions.length - 1; // the last page
  const within = (page) => Math.max(0, Math.min(end(), page));
  const goal = () => (pages.backward ? 0 : end()), onward = () => (pages.backward ? -1 : 1); // where reading ends
  const pageOf = (node) => Number(node.dataset.at ?? t);
  const asked = () => pages.questions[t];
  const reply = () => replies.get(`${t} ${asked()?.prompt}`);
  const open = () => asked() && !reply()?.closed;

  function tell(name, value) {
    model.set(name, value);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = 0;
      told = t;
      isAlone(el, model) || model.save_changes(); // turning pages needs no kernel
    }, QUIET);
  }

  function go(page) {
    if (within(page) === t) return;
    t = within(page);
    hovered = null;
    tell("t", t);
    show();
  }

  function step(by, held = false) {
    if (!open() || by !== onward() || (pointed && !held)) return go(t + by);
    pointed = true; // the question stays: who steps back meets it again
    said.textContent = POINTS;
  }

  function playing(on) {
    clearInterval(timer);
    timer = on && setInterval(() => (t === goal() || open() ? playing(false) : go(t + onward())), PERIOD);
    if (on && t === goal()) go(end() - goal());
    play.textContent = on ? "❚❚ Pause" : "▶ Play";
    for (const name of ["title", "aria-label"]) play.setAttribute(name, on ? "pause" : "play");
  }

  function load() {
    playing(false);
    stage.innerHTML = pages.svg; // from Python, which escapes all text
    const { width, height } = stage.querySelector("svg").viewBox.baseVal;
    for (const [name, value] of Object.entries({ wide: width, high: height })) root.style.setProperty(`--${name}`, value);
    for (const [name, node] of Object.entries({ title, badge, note })) node.replaceChildren(...spelt(pages[name]));
    root.setAttribute("aria-label", pages.title);
    stage.setAttribute("aria-label", `${pages.title} Step with the arrow keys.`);
    slider.max = end();
    opened(!sheet.hidden);
    t = within(t);
    hovered = null;
    if (!(chosen in pages.tips[t])) pinned = Boolean((chosen = null));
    show();
  }

  function show() {
    for (const page of stage.querySelectorAll(".page")) page.classList.toggle("on", Number(page.dataset.t) === t);
    slider.value = t;
    slider.setAttribute("aria-valuetext", pages.marks[t]);
    where.replaceChildren(...spelt(pages.marks[t]));
    line.hidden = true;
    first.disabled = back.disabled = t === 0;
    next.disabled = last.disabled = t === end();
    ask();
    arithmetic();
    follow();
  }

  function ask() {
    const typed = asked()?.typed;
    root.classList.toggle("asked", Boolean(open()));
    pointed = false;
    caption.replaceChildren(...spelt(open() ? asked().prompt : pages.captions[t]));
    said.replaceChildren(...spelt(reply()?.text ?? ""));
    quiz.replaceChildren();
    if (!open()) return;
    const field = element("input", "", [], { type: "text", inputmode: "decimal", "aria-label": "your answer" });
    const check = () => answer(field.value);
    field.addEventListener("keydown", (event) => event.key === "Enter" && check());
    const choices = typed
      ? [field, button("check", "check the answer", check)]
      : asked().answers.map(({ text }, k) => button(spelt(`${k + 1}   ${text}`), text, () => answer(k)));
    quiz.append(...choices, button("skip", "skip the question", () => answer(null)));
  }

  function answer(given) {
    const { prompt, answers, right, typed, otherwise } = asked();
    const number = typed && Number(given?.replace("−", "-").replace(",", ".") || NaN);
    const k = typed ? answers.findIndex(({ low, high }) => low <= number && number <= high) : given;
    const guess = typed ? given : answers[given]?.text;
    const why = answers[k]?.reply ?? (typed && Number.isNaN(number) ? "Type a number, such as −0.41." : otherwise);
    const rest = typed || k === right ? "" : ` ${answers[right].reply}`;
    const text = given === null
      ? `Skipped. The answer: ${answers[right].text}. ${answers[right].reply}`
      : `Your answer: ${guess}. ${k === right ? "Yes." : "No."} ${why}${rest}`;
    replies.set(`${t} ${prompt}`, { text, closed: given === null || !typed || k === right });
    show();
    open() ? quiz.querySelector("input").focus() : stage.focus({ preventScroll: true });
  }

  function copied() {
    line.textContent = model.get("code").replaceAll("{t}", t);
    line.hidden = false;
    const select = () => getSelection().selectAllChildren(line); // the reader's own copy key takes it
    navigator.clipboard ? navigator.clipboard.writeText(line.textContent).catch(select) : select();
  }

  function arithmetic() {
    const [tip, page] = hovered ?? [chosen, t];
    const kind = (name) => name.split("/")[0];
    const known = tip !== null && tip in pages.tips[page];
    const names = [...pages.lines[t]];
    const place = known ? Math.max(0, names.findIndex((name) => kind(name) === kind(tip))) : -1;
    if (known) names[place] = tip;
    lines.replaceChildren(
      ...names.map((name, k) => {
        const pieces = pages.tips[k === place ? page : t][name];
        const spans = pieces.map(([text, cls]) => element("span", cls.includes("/") ? "number" : cls, spelt(text)));
        const look = `${k === Math.max(place, 0) ? " seen" : ""}${k === place && pinned && !hovered ? " pinned" : ""}`;
        return element("div", `line${look}`, spans);
      }),
    );
    for (const node of stage.querySelectorAll("[data-tip]"))
      node.classList.toggle("chosen", known && node.dataset.tip === tip && pageOf(node) === page);
  }

  function follow() {
    const now = stage.querySelector(".page.on .now")?.getBoundingClientRect();
    const frame = stage.getBoundingClientRect();
    if (now) stage.scrollLeft += now.left + now.width / 2 - frame.left - frame.width / 2;
  }

  function choose(by) {
    const names = Object.keys(pages.tips[t]);
    if (!names.length) return;
    const from = names.indexOf(chosen ?? pages.lines[t][0]);
    [pinned, hovered] = [false, null];
    chosen = names[(from + by + names.length) % names.length];
    lines.setAttribute("aria-live", "polite"); // only what the keys ask for is read out
    arithmetic();
  }

  function pin(name) {
    pinned = !(pinned && chosen === name);
    chosen = pinned ? name : null;
    arithmetic();
  }

  function opened(open) {
    sheet.hidden = !open;
    sheet.replaceChildren(...(open ? [table(pages.table)] : []));
    tables.setAttribute("aria-expanded", open);
  }

  function unfolded(open) {
    root.classList.toggle("open", open);
    further.setAttribute("aria-expanded", open);
    further.textContent = open ? "less" : "more";
  }

  function leave() {
    playing(false);
    pinned = Boolean((chosen = null));
    arithmetic();
    const outside = root.parentElement.closest("[tabindex]");
    outside ? outside.focus() : document.activeElement.blur();
  }

  function hover(event) {
    const spot = `${event.screenX} ${event.screenY}`;
    const node = event.type === "pointermove" ? event.target.closest("[data-tip]") : null;
    if (spot === rested || (!node && !hovered)) return; // the page moved, not the pointer
    hovered = node ? [node.dataset.tip, pageOf(node)] : null;
    lines.setAttribute("aria-live", "off");
    arithmetic();
    rested = spot;
  }

  function keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target === sheet) return;
    if (event.target.type === "text" && event.key !== "Escape") return;
    const turns = {
      ArrowLeft: () => step(-1, event.repeat),
      ArrowRight: () => step(1, event.repeat),
      Home: () => go(0),
      End: () => go(end()),
    };
    const besides = {
      " ": () => playing(!timer),
      ArrowUp: () => choose(-1),
      ArrowDown: () => choose(1),
      Enter: () => pin(chosen ?? pages.lines[t][0] ?? null),
    };
    const choice = Number(event.key) - 1;
    if (open() && !asked().typed && asked().answers[choice]) besides[event.key] = () => answer(choice);
    let act = event.target.tagName === "BUTTON" ? null : besides[event.key];
    if (event.key === "Escape") act = leave;
    if (event.key in turns) act = () => (playing(false), turns[event.key]());
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  }

  stage.addEventListener("pointermove", hover);
  stage.addEventListener("pointerleave", hover);
  stage.addEventListener("click", (event) => {
    const node = event.target.closest("[data-tip]");
    if (!node) return;
    if (pageOf(node) !== t) pinned = false;
    go(pageOf(node));
    hovered = null;
    pin(node.dataset.tip);
  });
  slider.addEventListener("input", () => (playing(false), go(Number(slider.value))));
  root.addEventListener("keydown", keydown);
  const part = meetHost(el, stage, model);

  const heard = {
    pages: () => ((pages = model.get("pages")), (told = t = model.get("t")), load()),
    t: () => {
      if (waiting && model.get("t") === told) model.set("t", t); // our last message, echoed: the reader is further
      else if (model.get("t") !== t) (told = t = within(model.get("t"))), show();
    },
    present: () => {
      larger.setAttribute("aria-pressed", root.classList.toggle("present", model.get("present")));
      follow();
    },
    code: () => (copy.hidden = !model.get("code")),
    error: () => ((error.textContent = model.get("error")), (error.hidden = !error.textContent)),
  };
  for (const [name, act] of Object.entries(heard)) model.on(`change:${name}`, act);
  load();
  unfolded(false);
  for (const name of ["present", "code", "error"]) heard[name]();
  return () => {
    playing(false);
    clearTimeout(waiting);
    part();
    for (const [name, act] of Object.entries(heard)) model.off(`change:${name}`, act);
  };
}

export default { render };
