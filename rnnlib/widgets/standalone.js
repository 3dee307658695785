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

// The look of the page around this one, where there is one, and when it changes.
const LOOK = ["--jp-layout-color0", "--jp-content-font-color1", "--jp-ui-font-family"];
try {
  const around = parent === window ? null : parent.document.body;
  const follow = () => {
    if (!around.dataset.jpThemeLight) return;
    document.body.dataset.jpThemeLight = around.dataset.jpThemeLight;
    for (const name of LOOK) document.body.style.setProperty(name, getComputedStyle(around).getPropertyValue(name));
  };
  if (around) new MutationObserver(follow).observe(around, { attributeFilter: ["data-jp-theme-light"] });
  if (around) follow();
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

document.addEventListener("keyup", ({ key }) => {
  if (key === "Escape") window.frameElement?.closest("[tabindex]")?.focus(); // the host has its keys again
});

new ResizeObserver(() => {
  const frame = window.frameElement;
  if (!frame) return;
  document.documentElement.style.setProperty("--screen", `${parent.innerHeight}px`); // a frame is as high as its content
  frame.style.height = `${document.documentElement.offsetHeight + 4}px`;
  frame.parentElement.dataset.steps = ""; // what stands in for the frame is not needed any more
}).observe(document.body);
