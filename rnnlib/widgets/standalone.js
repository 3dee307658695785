// Shows steppers in a page without a widget manager: their states are in the page, and nobody else hears of a step.

const text = (id) => document.getElementById(id).textContent;
const code = URL.createObjectURL(new Blob([text("module")], { type: "text/javascript" }));
const { default: widget } = await import(code);

function modelOf(state) {
  const heard = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => {
      if (state[name] === value) return;
      state[name] = value;
      for (const act of heard[`change:${name}`] ?? []) act();
    },
    save_changes: () => {},
    on: (name, act) => (heard[name] ??= []).push(act),
    off: (name, act) => (heard[name] = (heard[name] ?? []).filter((other) => other !== act)),
  };
  return model;
}

// The theme of the page around this one, where there is one.
try {
  const around = parent === window ? null : parent.document.body;
  const themed = () => around.dataset.jpThemeLight && (document.body.dataset.jpThemeLight = around.dataset.jpThemeLight);
  if (around) new MutationObserver(themed).observe(around, { attributeFilter: ["data-jp-theme-light"] });
  if (around) themed();
} catch (foreign) {
  console.debug("the page around this one is of another origin", foreign);
}

const models = JSON.parse(text("states")).map(modelOf);
for (const model of models) {
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  widget.render({ model, el });
  model.on("change:t", () => models.forEach((other) => other.set("t", model.get("t")))); // one step for all
}

new ResizeObserver(() => {
  if (window.frameElement) window.frameElement.style.height = `${document.documentElement.offsetHeight + 4}px`;
}).observe(document.body);
