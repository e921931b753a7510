// The strip of a lesson: zoom, what lies under the pointer, and stepping from event to event by
// keys. Without this file the strip is there as a picture, and the table below says the same.

const MOST = 32;

function start(strip) {
  const svg = strip.querySelector("svg");
  const region = strip.querySelector(".scroll");
  const tools = strip.querySelector(".tools");
  const said = strip.querySelector(".said-here");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const boxes = [...svg.querySelectorAll("[data-text]")];
  const drawn = [...svg.querySelectorAll("rect, line, text")].map((element) => ({
    element,
    places: ["x", "x1", "x2", "width"]
      .filter((name) => element.hasAttribute(name))
      .map((name) => [name, Number(element.getAttribute(name))]),
  }));
  let zoom = 1;
  let current = -1;

  function draw(wanted) {
    const middle = (region.scrollLeft + region.clientWidth / 2) / region.scrollWidth;
    zoom = Math.min(MOST, Math.max(1, wanted));
    svg.setAttribute("viewBox", `0 0 ${width * zoom} ${height}`);
    svg.style.width = `${100 * zoom}%`;
    for (const { element, places } of drawn) {
      for (const [name, value] of places) element.setAttribute(name, value * zoom);
    }
    if (current >= 0) reveal(boxes[current]);
    else region.scrollLeft = middle * region.scrollWidth - region.clientWidth / 2;
  }

  function reveal(box) {
    const place = Number(box.getAttribute("x")) / (width * zoom);
    region.scrollLeft = place * region.scrollWidth - region.clientWidth / 2;
  }

  function say(box) {
    svg.querySelector(".here")?.classList.remove("here");
    box?.classList.add("here");
    said.textContent = box?.dataset.text ?? "";
  }

  function step(by) {
    current = Math.min(boxes.length - 1, Math.max(0, current + by));
    say(boxes[current]);
    reveal(boxes[current]);
  }

  const actions = {
    earlier: () => step(-1),
    later: () => step(1),
    closer: () => draw(zoom * 2),
    farther: () => draw(zoom / 2),
    whole: () => draw(1),
  };
  const keys = {
    ArrowLeft: "earlier",
    ArrowRight: "later",
    "+": "closer",
    "=": "closer",
    "-": "farther",
    0: "whole",
  };
  tools.addEventListener("click", ({ target }) => actions[target.dataset.do]?.());
  region.addEventListener("keydown", (event) => {
    const name = keys[event.key];
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[name]();
  });
  svg.addEventListener("pointerover", ({ target }) => {
    if (!target.dataset.text) return;
    current = boxes.indexOf(target);
    say(target);
  });
  if (boxes.length > 0) tools.hidden = false;
}

for (const strip of document.querySelectorAll("[data-timeline]")) start(strip);
