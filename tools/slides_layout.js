// The slides of a page, each of which fits a screen of 1280 by 720 (slides.css enlarges that to the window's size).
// What the author calls a slide becomes several where it is higher: a widget and each question of a quiz stand alone,
// text is cut between paragraphs, items, rows and lines, pictures shrink. Nothing is moved or copied: a slide is a set
// of nodes with the class "on". The same page gives the same slides, whatever the window.
const slideLayout = (main) => {
  const SCREEN = { width: 1280, height: 720 };
  const SIZES = [22, 20, 18]; // px of text: the largest at which a slide stays in one piece; else the second, and it is cut
  const LEAST = 16; // px of text
  const LINES = 10; // of code that stay together, unless an empty line divides them
  const KEPT = 0.8; // of its size, down to which a picture shrinks to stay beside its text
  const MOST = 1.5; // of its size, up to which a picture grows where there is room
  const EMPTY = 0.6; // of the screen: what is less full takes a part of what comes next
  const WRAPPER = ".jp-Cell, .jp-OutputArea-child, .jp-OutputArea-output, .jp-RenderedHTMLCommon, .jp-Cell-inputWrapper";
  const ALONE = ".jp-OutputArea-output:has(iframe), div:has(> details[data-answer])";
  let on = [];
  const narrowed = new Set();

  const children = (node) => [...node.children].filter((child) => !child.matches("style, script, p[role=status]"));
  const bare = (node) => [...node.childNodes].every((child) => child.nodeType !== 3 || !child.data.trim());
  const heading = (node) => node.matches("h1, h2, h3, h4, summary");
  const short = (node) => node.matches(".jp-Cell-inputWrapper > *") && node.textContent.trim().split("\n").length < 4;
  const leads = (node) => heading(node) || short(node) || (node.matches("p") && node.textContent.trim().endsWith(":"));
  const asks = (node) => node.matches("div:has(> details[data-answer])");

  function pieces(nodes) {
    for (const node of nodes) node.classList.add("piece");
    return nodes;
  }

  // What a cell consists of. Code that makes a widget or a quiz is left out (slides.css), unless it is asked for.
  function opened(node, withCode) {
    pieces([node]);
    if (!withCode && node.matches(".jp-CodeCell:has(iframe, details[data-answer]) > .jp-Cell-inputWrapper")) return [];
    const quiz = node.matches("div:has(> div > details[data-answer])");
    if (node.matches(ALONE) || !(quiz || (node.matches(WRAPPER) && bare(node)))) return [node];
    if (children(node).every((child) => child.matches("svg, img"))) return [node];
    return children(node).flatMap((child) => opened(child, withCode));
  }

  // The parts between which a node may be cut; null where it stays whole.
  function parts(node) {
    const pre = node.matches("pre") ? node : node.matches(".highlight, .jp-RenderedText") && node.querySelector("pre");
    if (pre) return pieces(chunks(pre));
    const table = node.matches("table") ? node : node.matches(".table") && node.querySelector("table");
    if (table) return several([...(table.tBodies[0]?.rows ?? [])]);
    if (node.matches("ol")) [...node.children].forEach((item, k) => (item.value = node.start + k)); // hidden ones count
    if (node.matches("ul, ol, details[open], blockquote, div:not(.formula)") && bare(node) && !asks(node))
      return several(children(node));
    return null;
  }
  function several(nodes) {
    if (nodes.length !== 1) return nodes.length ? pieces(nodes) : null;
    const inner = parts(nodes[0]);
    if (inner) pieces(nodes);
    return inner;
  }

  // Its lines in spans, cut where a line is empty and after LINES lines.
  function chunks(pre) {
    if (pre.querySelector(".lines")) return [...pre.querySelectorAll(".lines")];
    const holder = pre.querySelector("code") ?? pre;
    const tokens = holder.innerHTML.match(/<[^>]*>|\n|[^<\n]+/g) ?? [];
    const lines = [""], tags = [];
    for (const token of tokens) {
      lines[lines.length - 1] += token;
      if (token.startsWith("</")) tags.pop();
      else if (token.startsWith("<")) tags.push(token);
      else if (token === "\n") {
        lines[lines.length - 1] += tags.map((tag) => `</${tag.match(/\w+/)[0]}>`).join("");
        lines.push(tags.join(""));
      }
    }
    const groups = [[]];
    for (const line of lines) {
      groups.at(-1).push(line);
      if (groups.at(-1).length >= LINES || !line.replace(/<[^>]*>/g, "").trim()) groups.push([]);
    }
    holder.innerHTML = groups.filter((group) => group.length).map((group) => `<span class="lines">${group.join("")}</span>`).join("");
    return [...holder.querySelectorAll(".lines")];
  }

  function show(nodes) {
    for (const node of on) node.classList.remove("on");
    on = [];
    for (let node of nodes)
      for (; node !== main; node = node.parentElement) node.classList.add("on"), on.push(node);
  }

  // What is wider than the screen is set smaller; what is wider even then is broken.
  function narrow(node) {
    for (const wide of [node, ...node.querySelectorAll("pre, .table, .formula")]) {
      const box = wide.matches("pre") && wide.closest(".jp-RenderedText, .highlight, pre");
      if (narrowed.has(wide) || !wide.matches("pre, .table, .formula")) continue;
      const ratio = () => (box || wide).clientWidth / Math.max((box || wide).scrollWidth, wide.scrollWidth);
      if (ratio() >= 1) continue;
      narrowed.add(wide);
      const inside = wide.querySelector("table, math, code") ?? wide;
      const smaller = Math.max(LEAST, Math.floor(ratio() * 0.99 * parseFloat(getComputedStyle(inside).fontSize) * 4) / 4);
      wide.style.setProperty("--slide-narrow", `${smaller}px`);
      wide.classList.add("narrow");
      if (ratio() < 1) wide.classList.add("broken");
    }
  }

  function height(nodes, size) {
    main.style.setProperty("--slide-text", `${size}px`);
    show(nodes);
    for (const node of nodes) narrow(node.closest(".highlight, .jp-RenderedText, .table") ?? node);
    const tallest = nodes.filter(asks).flatMap((node) => children(node).filter((child) => child.matches("details")));
    if (!tallest.length) return main.offsetHeight;
    const heights = tallest.map((answer) => {
      for (const other of tallest) other.open = other === answer;
      return main.offsetHeight;
    });
    return Math.max(...heights);
  }

  // Its pictures smaller, so that all fits, or larger, so that the screen is used: by a share within least and MOST.
  function drawn(nodes, size, least) {
    const free = SCREEN.height - height(nodes, size);
    const found = nodes.flatMap((node) => [...(node.matches("svg, img") ? [node] : node.querySelectorAll("svg, img"))]);
    const boxes = found.map((node) => [node, node.getBoundingClientRect()]).filter(([, box]) => box.height > 100);
    const sum = boxes.reduce((total, [, box]) => total + box.height, 0);
    const widest = Math.max(...boxes.map(([node, box]) => box.width / node.parentElement.clientWidth));
    const share = Math.min((sum + free - 4) / sum, MOST, Math.max(1, 1 / widest));
    if (!boxes.length || share < least) return free >= 0;
    for (const [node, box] of boxes) {
      node.style.setProperty("--slide-width", `${Math.floor(box.width * share)}px`);
      node.classList.add("drawn");
    }
    return height(nodes, size) <= SCREEN.height;
  }

  // Those that stand alone, with the headings before them, and what is between.
  function apart(nodes) {
    const runs = [[]];
    for (const node of nodes) {
      const alone = node.matches(ALONE);
      if (alone && !runs.at(-1).every(heading)) runs.push([]);
      runs.at(-1).push(node);
      if (alone) runs.push([]);
    }
    return runs.filter((run) => run.length).reduce(joined, []);
  }

  // The first question of a quiz stands below what leads to it, if there is room.
  function joined(runs, run) {
    const before = runs.at(-1);
    const all = [...(before ?? []), ...run];
    const join = asks(run[0]) && before && !before.some((node) => node.matches(ALONE)) && height(all, SIZES[0]) <= SCREEN.height;
    return join ? [...runs.slice(0, -1), all] : [...runs, run];
  }

  function cut(nodes) {
    if (nodes.some((node) => node.matches(".jp-OutputArea-output:has(iframe)"))) return [{ nodes, size: SIZES[1] }];
    for (const size of SIZES) if (height(nodes, size) <= SCREEN.height) return [{ nodes, size }];
    const size = SIZES[1], slides = [], queue = [...nodes];
    const fits = (some) => height(some, size) <= SCREEN.height;
    let slide = [];
    while (queue.length) {
      const next = queue[0], first = slide.every(leads);
      if (fits([...slide, next]) || drawn([...slide, next], size, first ? 0.1 : KEPT)) {
        slide.push(queue.shift());
        continue;
      }
      const room = first || height(slide, size) < EMPTY * SCREEN.height || !fits([next]);
      const inner = room && parts(next);
      if (inner) queue.splice(0, 1, ...inner);
      else if (first) slides.push({ nodes: [...slide, queue.shift()], size: LEAST }), (slide = []); // one piece, and too high
      else {
        while (leads(slide.at(-1))) queue.unshift(slide.pop());
        slides.push({ nodes: slide, size });
        slide = [];
      }
    }
    if (slide.length) slides.push({ nodes: slide, size });
    return slides;
  }

  // groups: for each slide of the author's, its cells. The slides: {nodes, size, title}.
  function slides(groups, withCode) {
    for (const node of main.querySelectorAll(".narrow, .broken, .drawn")) node.classList.remove("narrow", "broken", "drawn");
    narrowed.clear();
    const open = [...main.querySelectorAll("details[data-answer]")].map((answer) => [answer, answer.open]);
    let section = "";
    const all = groups.flatMap((cells) => {
      const nodes = cells.flatMap((cell) => opened(cell, withCode));
      const found = apart(nodes).flatMap(cut);
      for (const { nodes, size } of found) drawn(nodes, size, 1);
      return found.map((slide, k) => {
        const own = slide.nodes.find((node) => node.matches("h1, h2"));
        section = own ? own.firstChild.textContent : section;
        const number = found.length > 1 ? ` ${k + 1}/${found.length}` : "";
        return { ...slide, title: section + number };
      });
    });
    for (const [answer, was] of open) answer.open = was;
    return all;
  }

  function put({ nodes, size }) {
    main.style.setProperty("--slide-text", `${size}px`);
    show(nodes);
  }

  return { slides, put, pieces, SCREEN };
};
