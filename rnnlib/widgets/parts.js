// What the pages of stepper.js are put together from.

function element(tag, cls, inside = [], attributes = {}) {
  const node = document.createElement(tag);
  node.className = cls;
  node.append(...[inside].flat());
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  // Without this, on each element that can have the focus, the host takes its keys.
  if (["button", "input"].includes(tag) || "tabindex" in attributes) node.dataset.lmSuppressShortcuts = "true";
  return node;
}

const button = (label, name, act) =>
  Object.assign(element("button", "", label, { type: "button", "aria-label": name, title: name }), { onclick: act });

function table([head, ...rows]) {
  const cells = (tag, texts, attributes) => texts.map((text) => element(tag, "", spelt(text), attributes));
  const line = ([name, ...rest]) => element("tr", "", [...cells("th", [name], { scope: "row" }), ...cells("td", rest)]);
  const first = element("tr", "", cells("th", head, { scope: "col" }));
  return element("table", "", [element("thead", "", first), element("tbody", "", rows.map(line))]);
}

// h_3, W_hh and h_(t−1) with an index below the line. The sign for it stays in the text, and is not seen.
const INDEX = /(?<![\w"“])(d?[A-Za-zτ])_(\w+|\([^()]*\))/g;

function spelt(text) {
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(INDEX)) {
    const [whole, letter, index] = found;
    pieces.push(text.slice(from, found.index) + letter, element("sub", "", [element("i", "rnn-unseen", "_"), index]));
    from = found.index + whole.length;
  }
  return [...pieces, text.slice(from)].filter((piece) => piece !== "");
}
