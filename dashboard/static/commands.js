// One tap: the command goes out, and the page says «sent» until the device itself answers.

const PATIENCE_MS = 5000;

export function commands(words, write) {
  const controls = document.getElementById("controls");
  const note = document.getElementById("note");
  const oneDecimal = new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  let state = null;
  let linked = true;
  let waiting = null; // the last tap: its kind, id and limit
  let wanted_s = null; // a target that was tapped and not yet seen from the device

  const say = (text) => write("answer", text);
  const texts = words.texts;

  async function send(kind, fields = {}) {
    const tap = { kind, fields, id: null };
    finish(tap, null);
    waiting = tap;
    say(texts.sending);
    tap.timer = setTimeout(() => finish(tap, texts.not_done), PATIENCE_MS);
    try {
      const answer = await fetch(words.command, {
        method: "POST",
        headers: { "X-CSRFToken": controls.dataset.token },
        body: new URLSearchParams({ kind, ...fields }),
      });
      const body = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.status === 202) tap.id = body.id;
      else finish(tap, body.problem ?? texts.not_done);
      look();
    } catch {
      finish(tap, texts.not_done);
    }
  }

  function finish(tap, text) {
    clearTimeout(waiting?.timer);
    if (waiting === tap) waiting = null;
    if (tap.kind === "target" && text !== null && text !== said(tap)) wanted_s = null;
    if (text !== null) say(text);
  }

  function said(tap) {
    const text = texts[`done_${tap.kind}`];
    return text.replace("{s}", oneDecimal.format(Number(tap.fields.target_s ?? 0)));
  }

  function look() {
    const result = waiting?.id ? state?.done?.[waiting.id] : undefined;
    if (!result) return;
    const tap = waiting;
    if (result !== "done") {
      finish(tap, result === "no_lesson" ? texts.no_lesson : texts.refused);
      return;
    }
    if (tap.kind === "mark") note.value = "";
    finish(tap, said(tap));
  }

  function show() {
    const able = linked && Boolean(state?.lesson_runs) && state.status !== "link_lost";
    for (const button of controls.querySelectorAll("button")) button.disabled = !able;
    if (wanted_s !== null && wanted_s === state?.target_s) wanted_s = null;
    write("target", state ? `${oneDecimal.format(wanted_s ?? state.target_s)} s` : "–");
    const mute = document.getElementById("mute");
    mute.dataset.order = state?.cues_muted ? "unmute" : "mute";
    write("mute", state?.cues_muted ? texts.unmute : texts.mute);
    mute.hidden = state?.lesson?.mode === "silent"; // there are no signals to turn off
  }

  function tapped({ target }) {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.stepS) {
      const step_s = Number(button.dataset.stepS);
      wanted_s = Math.min(10, Math.max(2, (wanted_s ?? state.target_s) + step_s));
      show();
      send("target", { target_s: String(wanted_s) });
    } else {
      const kind = button.dataset.order;
      send(kind, kind === "mark" ? { note: note.value.trim() } : {});
    }
  }

  controls?.addEventListener("click", tapped);
  return (message, up) => {
    if (!controls) return;
    state = message;
    linked = up;
    look();
    show();
  };
}
