// What stands around the pages of stepper.js: the notebook, and the controls around them. One module with parts.js and stepper.js.

// Whether there is no kernel any more; then the controls say what they need.
function isAlone(el, model) {
  const kernel = model.widget_manager?.kernel;
  const gone = kernel === null || kernel?.isDisposed || kernel?.status === "dead";
  el.closest(".rnn-lab")?.classList.toggle("rnn-alone", Boolean(gone));
  return gone;
}

// Controls have names and keep their keys, and a line that was typed gives the focus to the pages. Returns what ends it.
function meetHost(el, stage, model) {
  const lab = () => el.closest(".rnn-lab");
  const name = new ResizeObserver(() => {
    for (const handle of lab()?.querySelectorAll(".noUi-handle") ?? [])
      handle.setAttribute("aria-label", handle.closest(".widget-slider").querySelector(".widget-label").textContent);
  });

  function keep({ target }) {
    if (!target.closest?.(".rnn-lab")) return;
    target.dataset.lmSuppressShortcuts = "true";
    isAlone(el, model);
  }

  function typed({ key, target }) {
    const line = key === "Enter" && target.matches(".rnn-controls input, .rnn-entry input") && lab();
    const first = line && line.contains(target) && line.querySelector(".stage") === stage;
    if (first) setTimeout(() => stage.focus({ preventScroll: true })); // after Python has been told
  }

  name.observe(el);
  document.addEventListener("focusin", keep);
  document.addEventListener("keypress", typed, true); // the host keeps it to itself
  return () => {
    name.disconnect();
    document.removeEventListener("focusin", keep);
    document.removeEventListener("keypress", typed, true);
  };
}
