// What a page of the site does without Python: its theme, the search, the place in its contents, light paper.

const body = document.body;
const LIGHT = "jpThemeLight";

function themed(dark) {
  body.dataset[LIGHT] = String(!dark);
  const button = document.querySelector(".theme");
  button.setAttribute("aria-pressed", dark);
}
themed(body.dataset[LIGHT] === "false");
document.querySelector(".theme").onclick = () => {
  const dark = body.dataset[LIGHT] === "true";
  themed(dark);
  try { localStorage.setItem("theme", dark ? "dark" : "light"); } catch { /* a browser that keeps nothing */ }
};

// Paper is light.
let before = null;
addEventListener("beforeprint", () => ((before = body.dataset[LIGHT]), (body.dataset[LIGHT] = "true")));
addEventListener("afterprint", () => (body.dataset[LIGHT] = before));

// ---- the moving picture

const still = document.querySelector(".still");
if (still) {
  const images = [...document.querySelectorAll("img[data-still]")];
  const moving = images.map((image) => image.src);
  still.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  still.onclick = () => {
    const stop = still.getAttribute("aria-pressed") !== "true";
    still.setAttribute("aria-pressed", stop);
    images.forEach((image, k) => (image.src = stop ? image.dataset.still : moving[k]));
  };
}

// ---- search: the index is fetched when it is first needed, as a script, so that it works from a disk, too

const form = document.querySelector(".search");
const field = form.querySelector("input"), found = form.querySelector(".found");
const said = found.querySelector("p"), list = found.querySelector("ol");
const MOST = 30;

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const ready = () =>
  (ready.promise ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: `${form.dataset.up}assets/index.js` });
    script.onload = () => resolve(window.BOOK.map((row) => [...row, plain(row[2]), plain(`${row[1]} ${row[2]} ${row[3]}`)]));
    script.onerror = reject;
    document.head.append(script);
  }));

// The phrase in a heading, then the phrase in the text by how often it is there, then all words anywhere.
function rank([, , , , heading, all], phrase, words) {
  const often = all.split(phrase).length - 1;
  if (often) return (heading.includes(phrase) ? 1000 : 100) + Math.min(often, 50);
  return words.every((word) => all.includes(word)) ? 1 : 0;
}

function snippet(text, words) {
  const low = plain(text);
  const at = words.map((word) => low.indexOf(word)).find((place) => place >= 0) ?? 0; // the phrase, if it is there
  const from = Math.max(0, at - 60);
  const piece = text.slice(from, from + 180);
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  const node = document.createElement("small");
  for (const [k, part] of (from ? `… ${piece}` : piece).split(pattern).entries())
    node.append(k % 2 ? Object.assign(document.createElement("mark"), { textContent: part }) : part);
  return node;
}

async function search() {
  const phrase = plain(field.value.trim());
  found.hidden = phrase.length < 2;
  if (found.hidden) return;
  const words = phrase.split(/\s+/);
  const rows = (await ready()).map((row) => [rank(row, phrase, words), row]).filter(([points]) => points);
  if (phrase !== plain(field.value.trim())) return; // typed on
  rows.sort(([one], [two]) => two - one);
  said.textContent = rows.length ? `${rows.length} places` : "Nothing found. Try another word.";
  list.replaceChildren(
    ...rows.slice(0, MOST).map(([, [address, page, heading, text]]) => {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: form.dataset.up + address, textContent: heading });
      const where = Object.assign(document.createElement("small"), { textContent: heading === page ? "" : page });
      item.append(link, where, snippet(text, [phrase, ...words]));
      link.onclick = () => (found.hidden = true);
      return item;
    }),
  );
}
field.addEventListener("input", search);
form.addEventListener("submit", (event) => (event.preventDefault(), list.querySelector("a")?.click()));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && form.contains(event.target)) (found.hidden = true), field.focus();
  if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
  event.preventDefault();
  field.focus();
});
addEventListener("pointerdown", (event) => form.contains(event.target) || (found.hidden = true));

// ---- what is wider than the page is scrolled by keys, too

const wide = new ResizeObserver((seen) => {
  for (const { target } of seen)
    target.scrollWidth > target.clientWidth ? (target.tabIndex = 0) : target.removeAttribute("tabindex");
});
for (const one of document.querySelectorAll(".highlight pre, .jp-RenderedText, .table, .formula")) wide.observe(one);

// ---- the section that is read now

const entries = new Map([...document.querySelectorAll("nav.contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const headings = [...entries.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let waiting = 0;
function here() {
  waiting = 0;
  const now = headings.filter((heading) => heading.getBoundingClientRect().top < 140).at(-1);
  for (const link of entries.values()) link.removeAttribute("aria-current");
  entries.get(now?.id)?.setAttribute("aria-current", "location");
}
addEventListener("scroll", () => (waiting ||= requestAnimationFrame(here)), { passive: true });
