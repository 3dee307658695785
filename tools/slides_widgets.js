// A widget on a slide: its pictures take the height that is left, its words are at least 16 px.
const slideWidgets = (main, screen) => {
  const SLACK = 60; // px that stay free before a picture that had shrunk grows again: its size is not to tremble
  const LOOK = `.rnn-stepper { --size: 17px; }
    .rnn-stepper :is(.note, .foot, table), .rnn-words { font-size: max(16px, calc(14px * var(--zoom))); }
    .rnn-stepper .keys { display: none; }
    .rnn-stepper .stage { overflow: hidden; }
    .rnn-stepper .stage svg { min-width: 0; width: min(100%, calc(var(--natural) * var(--share, 1))); }
    .crowded .rnn-stepper .foot { display: none; }`;

  function fit(frame) {
    const page = frame.contentDocument;
    const drawn = [...(page?.querySelectorAll(".rnn-stepper .stage svg") ?? [])];
    if (!drawn.length || !frame.offsetParent) return;
    if (!page.getElementById("slide"))
      page.head.append(Object.assign(page.createElement("style"), { id: "slide", textContent: LOOK }));
    const root = page.documentElement;
    const before = Number(root.style.getPropertyValue("--share") || 1);
    const free = () => screen.height - (main.offsetHeight - frame.offsetHeight) - root.offsetHeight - 4;
    const natural = drawn.reduce((sum, node) => sum + node.viewBox.baseVal.height, 0);
    const set = (share) => root.style.setProperty("--share", share);
    const now = () => drawn.reduce((sum, node) => sum + node.getBoundingClientRect().height, 0);
    if (free() >= 0 && free() < SLACK) return;
    if ((now() + free()) / natural < 0.5) root.classList.add("crowded");
    const share = Math.min(1.6, Math.max(0.2, Math.floor(((now() + free()) / natural) * 200) / 200));
    if (share < before || free() >= SLACK) set(share);
  }

  const seen = new ResizeObserver((entries) => {
    if (document.body.classList.contains("as-slides")) for (const { target } of entries) fit(target);
  });
  const frames = () => [...main.querySelectorAll("iframe")];

  function begin() {
    for (const frame of frames()) seen.observe(frame);
  }

  function end() {
    seen.disconnect();
    for (const frame of frames()) {
      frame.contentDocument?.getElementById("slide")?.remove();
      frame.contentDocument?.documentElement.classList.remove("crowded");
      frame.contentDocument?.documentElement.style.removeProperty("--share");
    }
  }

  return { begin, end };
};
