// The live page: writes what the server sends, and lets a pause run on between messages.

import { commands } from "./commands.js";
import { connect } from "./connection.js";

const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const oneDecimal = new Intl.NumberFormat(language, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });

const SCALE = 5 / 3; // the track shows this many times the target
const LONGEST_S = 20; // a pause never runs on for longer without news

let state = null;
let arrived = 0;
let linked = true;
let ended = false;
let leaving = false; // somebody followed a link: that goes first
let shown_s = null;
let lastBefore = ""; // the newest decided question when this pause began

const at = (id) => document.getElementById(id);
const showCommands = commands(words, write);
const seconds = (value) => `${oneDecimal.format(value)} s`;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function write(id, text) {
  const element = at(id);
  if (element.textContent !== text) element.textContent = text;
}

function receive(message) {
  if (!words.device) {
    if (!leaving) location.reload(); // there is something to watch now
    return;
  }
  state = message;
  arrived = performance.now();
  if (message.phase === "listening") shown_s = null;
  else if (message.think_s !== null) shown_s = message.think_s;
  if (message.phase === "named" || message.phase === "answer") showMeasured(message);
  else lastBefore = newest(message);
  writeState();
  writeLesson();
  writePause();
  showCommands(state, linked);
}

const newest = (message) =>
  `${message.lesson?.questions} ${JSON.stringify(message.lesson?.recent.at(-1))}`;

// what the page counted itself gives way to what was measured, as soon as that is known
function showMeasured(message) {
  const measured_s = message.lesson?.recent.at(-1)?.pause_s ?? null;
  if (newest(message) !== lastBefore && measured_s !== null) shown_s = measured_s;
}

function setLink(up) {
  linked = up;
  writeState();
  showCommands(state, linked);
}

// the teacher ended it: nothing of the lesson stays on this screen
function end() {
  state = null;
  ended = true;
  setLink(false);
  write("status", words.texts.ended);
  at("status").dataset.status = "ended";
  for (const part of document.querySelectorAll(".now, .controls, .below, #health")) part.remove();
  write("age", "");
}

function passed_s() {
  return (performance.now() - arrived) / 1000;
}

function running() {
  return Boolean(state && linked && state.running && state.think_s !== null);
}

function writeState() {
  if (ended) return;
  let status = linked ? (state ? state.status : "waiting") : "link_lost";
  if (!words.device) status = "waiting"; // there is no link to lose
  write("status", words.statuses[status]);
  at("status").dataset.status = status;
  if (!state) return;
  write("device", state.device ?? "");
  at("mode").hidden = state.lesson?.mode !== "silent";
  at("now").dataset.phase = state.phase;
  at("line-label").textContent = `${whole.format(state.target_s)} s`;
  at("line").style.left = at("line-label").style.left = `${100 / SCALE}%`;
  writeAge();
}

function writeAge() {
  if (ended) return;
  const known = state && state.age_s !== null;
  const age_s = known ? Math.floor(state.age_s + passed_s()) : 0;
  const text = age_s < 120 ? words.texts.age_seconds : words.texts.age_minutes;
  write("age", known ? fill(text, { s: age_s, min: Math.floor(age_s / 60) }) : "");
}

function writePause() {
  if (!state) return;
  if (running()) shown_s = Math.min(state.think_s + passed_s(), LONGEST_S);
  const reached = shown_s !== null && shown_s >= state.target_s;
  const part = shown_s === null ? 0 : Math.min(shown_s / (state.target_s * SCALE), 1);
  at("fill").style.transform = `scaleX(${part.toFixed(4)})`;
  const turn = shown_s === null ? 0 : Math.min(shown_s / state.target_s, 1) * 100;
  at("ring").setAttribute("stroke-dasharray", `${turn.toFixed(2)} 100`);
  at("now").classList.toggle("reached", reached);
  write("length", shown_s === null ? "–" : seconds(shown_s));
  write("phase", words.phases[state.phase === "think" && reached ? "reached" : state.phase]);
}

function writeLesson() {
  const lesson = state.lesson;
  const denkpauze = lesson?.denkpauze;
  const few = (n) => fill(words.texts.too_few, { n: n ?? 0 });
  write("median", denkpauze?.median_s != null ? seconds(denkpauze.median_s) : "–");
  write(
    "median-note",
    denkpauze?.median_s != null
      ? fill(words.texts.spread, {
          n: denkpauze.n,
          low: oneDecimal.format(denkpauze.q1_s),
          high: oneDecimal.format(denkpauze.q3_s),
        })
      : few(denkpauze?.n),
  );
  const share = lesson?.order_share;
  write("share", share?.value != null ? percent.format(share.value) : "–");
  write(
    "share-note",
    share?.value != null ? fill(words.texts.of, { k: share.k, n: share.n }) : few(share?.n),
  );
  const talk = lesson?.talk;
  write("talk", talk?.value != null ? percent.format(talk.value) : "–");
  write("talk-note", talk?.value != null ? fill(words.texts.talk, { n: talk.n }) : few(talk?.n));
  writeHealth(lesson?.health ?? []);
  write("name-first", lesson ? String(lesson.name_first.k) : "–");
  write("name-first-note", lesson ? fill(words.texts.of_turns, { n: lesson.name_first.n }) : "");
  writeRecent(lesson?.recent ?? []);
}

function writeHealth(codes) {
  write("health", codes.map((code) => words.health[code]).join(" · "));
  at("health").hidden = codes.length === 0;
}

function writeRecent(recent) {
  const list = at("recent");
  const key = JSON.stringify(recent);
  at("recent-none").hidden = recent.length > 0;
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...recent.map(bar));
}

function bar(episode) {
  const item = document.createElement("li");
  const track = document.createElement("div");
  const part = document.createElement("div");
  const line = document.createElement("div");
  track.className = "track";
  track.setAttribute("aria-hidden", "true");
  part.className = "fill";
  line.className = "line";
  line.style.left = `${100 / SCALE}%`;
  const length = episode.pause_s === null ? 0 : episode.pause_s / (state.target_s * SCALE);
  part.style.transform = `scaleX(${Math.min(length, 1)})`;
  track.append(part, line);
  item.append(
    text("value", episode.pause_s === null ? "–" : seconds(episode.pause_s)),
    track,
    text("order", words.orders[episode.order] ?? words.texts.order_unknown),
  );
  return item;
}

function text(className, content) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = content;
  return span;
}

function animate() {
  if (running()) writePause();
  // those who asked for less motion see the bar move in steps
  if (calm.matches) setTimeout(() => requestAnimationFrame(animate), 500);
  else requestAnimationFrame(animate);
}

if (!words.device) addEventListener("beforeunload", () => (leaving = true));
connect(words.stream, receive, setLink, end);
setInterval(writeAge, 1000);
requestAnimationFrame(animate);
