// The browser edition opens a chapter at its top: this goes on to the section that the address names after #. Its cells
// come one by one, so it asks until the heading is in view, or the reader does something.
const section = decodeURIComponent(location.hash.slice(1));
const moment = () => new Promise((done) => setTimeout(done, 300));
let left = false;

function inView() {
  const heading = document.querySelector(`[data-jupyter-id="${CSS.escape(section)}"]`);
  const { top, height } = heading?.getBoundingClientRect() ?? { top: -1, height: 0 };
  return height > 0 && top >= 0 && top < innerHeight;
}

if (section) {
  for (const act of ["keydown", "pointerdown", "wheel"]) addEventListener(act, () => (left = true), { once: true });
  while (!left && !inView()) {
    window.jupyterapp?.shell?.currentWidget?.setFragment?.(`#${section}`);
    await moment();
  }
}
