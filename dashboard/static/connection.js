// One server connection for all tabs of a browser: the tab that holds the lock listens and
// passes messages on. A browser allows six connections to a site, so tabs must not each take one.

// A network can swallow everything and never say so: after three missed signs of life of the
// server the connection is made anew.
const SILENT_MS = 15_000;

export function connect(address, onMessage, onLink, onEnd) {
  if (!navigator.locks || !window.BroadcastChannel) {
    open(address, onMessage, onLink, onEnd);
    return;
  }
  const channel = new BroadcastChannel(`denkpauze ${address}`);
  let latest = null;
  let leading = false;
  channel.onmessage = ({ data }) => {
    if (data.kind === "hello" && leading && latest) channel.postMessage(aged(latest));
    if (data.kind === "state" && !leading) onMessage(data.state);
    if (data.kind === "link" && !leading) onLink(data.up);
    if (data.kind === "end" && !leading) onEnd();
  };
  navigator.locks.request(`denkpauze ${address}`, () => {
    leading = true;
    open(
      address,
      (state) => {
        latest = { kind: "state", state, at: performance.now() };
        channel.postMessage(latest);
        onMessage(state);
      },
      (up) => {
        channel.postMessage({ kind: "link", up });
        onLink(up);
      },
      () => {
        channel.postMessage({ kind: "end" });
        onEnd();
      },
    );
    return new Promise(() => {}); // held until this tab is closed
  });
  channel.postMessage({ kind: "hello" });
}

function aged(message) {
  const passed = (performance.now() - message.at) / 1000;
  const state = { ...message.state };
  if (state.age_s !== null) state.age_s += passed;
  if (state.running && state.think_s !== null) state.think_s += passed;
  return { ...message, state };
}

function open(address, onMessage, onLink, onEnd) {
  const source = new EventSource(address);
  let again = null;
  let silence = null;
  const anew = () => {
    onLink(false);
    source.close();
    open(address, onMessage, onLink, onEnd);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(anew, SILENT_MS);
  };
  heard();
  source.onopen = () => {
    heard();
    onLink(true);
  };
  source.addEventListener("beat", heard);
  source.addEventListener("end", () => {
    clearTimeout(silence);
    source.close();
    onEnd();
  });
  source.onmessage = (event) => {
    heard();
    onMessage(JSON.parse(event.data));
  };
  source.onerror = () => {
    onLink(false);
    if (source.readyState !== EventSource.CLOSED || again) return;
    clearTimeout(silence);
    // the browser gives up after a refusal: for good when we may not watch any longer, and for a
    // while when all places are taken
    again = setTimeout(async () => {
      if (await refused(address)) onEnd();
      else setTimeout(open, 4500 * Math.random(), address, onMessage, onLink, onEnd);
    }, 500 * Math.random()); // not all at the same moment
  };
}

async function refused(address) {
  try {
    const answer = await fetch(address, { method: "HEAD" });
    return answer.status === 401 || answer.status === 403;
  } catch {
    return false; // nobody answers at all
  }
}
