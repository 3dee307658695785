// A widget on a slide: its pictures take the height that is left, its words are at least 16 px. A tall picture has its
// words beside it.
const slideWidgets = (main, screen) => {
  const SLACK = 60; // px that stay free before a picture that had shrunk grows again: its size is not to tremble
  const SMALL = 0.8; // of its size: a picture that would be smaller above its words gets them beside it
  const NARROW = 0.55; // of its size: down to which it has its words beside it
  const LEAST = 0.2, MOST = 1.6; // of its size
  const LOOK = `.rnn-stepper { --size: 17px; }
    .rnn-stepper :is(.note, .foot, table), .rnn-words { font-size: max(16px, calc(14px * var(--zoom))); }
    .rnn-stepper .line .soft { font-size: 1em; }
    .rnn-stepper sub { font-size: 14px; }
    .rnn-stepper .stage { overflow: hidden; }
    .rnn-stepper .stage svg { width: min(100%, calc(var(--wide) * 1px * var(--share, 1))); }
    .rnn-stepper :is(.show, .words) { flex: 1 1 100%; }
    .rnn-words:has(+ main) { display: none; } /* the slide says it, too */
    .crowded .rnn-stepper .foot { display: none; }
    .beside .rnn-stepper .body { flex-wrap: nowrap; }
    .beside .rnn-stepper .show { flex: 0 1 auto; }
    .beside .rnn-stepper .words { flex: 1 0 400px; }
    .beside .rnn-stepper .stage svg { width: calc(var(--wide) * 1px * var(--share, 1)); max-width: 100%; }`;

  const whole = (share) => Math.min(MOST, Math.max(LEAST, Math.floor(share * 200) / 200));

  function fit(frame) {
    const page = frame.contentDocument, root = page?.documentElement;
    const drawn = [...(page?.querySelectorAll(".rnn-stepper .stage svg") ?? [])];
    if (!drawn.length || !frame.offsetParent) return;
    const fresh = !page.getElementById("slide");
    if (fresh) page.head.append(Object.assign(page.createElement("style"), { id: "slide", textContent: LOOK }));
    const room = screen.height - (main.offsetHeight - frame.offsetHeight) - 4;
    const free = () => room - root.offsetHeight;
    const natural = drawn.reduce((sum, node) => sum + node.viewBox.baseVal.height, 0);
    const height = () => drawn.reduce((sum, node) => sum + node.getBoundingClientRect().height, 0);
    const set = (share) => root.style.setProperty("--share", whole(share));
    const above = () => (height() + free()) / natural; // the share if the words are below
    const beside = () => (room - drawn[0].getBoundingClientRect().top - page.defaultView.scrollY - 64) / natural;
    if (fresh && drawn.length === 1 && above() < SMALL) {
      const [share, { width }] = [above(), drawn[0].viewBox.baseVal];
      root.classList.add("beside");
      set(Math.min(beside(), (frame.clientWidth - 430) / width));
      if (free() < 0) root.classList.add("crowded");
      if (free() >= 0 && height() / natural > share + 0.1) return;
      root.classList.remove("beside", "crowded");
    }
    if (!fresh && free() >= 0 && (free() < SLACK || root.classList.contains("beside"))) return;
    if (root.classList.contains("beside")) {
      root.classList.add("crowded");
      // A narrower picture leaves the words more room.
      for (let share = height() / natural; free() < 0 && share > NARROW; share -= 0.04) set(share);
      if (free() >= 0) return;
      root.classList.remove("beside");
    }
    if (above() < SMALL) root.classList.add("crowded");
    if (above() * natural < height() || fresh || free() >= SLACK) set(above());
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
      frame.contentDocument?.documentElement.classList.remove("crowded", "beside");
      frame.contentDocument?.documentElement.style.removeProperty("--share");
    }
  }

  return { begin, end };
};
