// One server connection for all tabs of a browser: the tab that holds the lock listens and
// passes messages on. A browser allows six connections to a site, so tabs must not each take one.

export function connect(address, onMessage, onLink) {
  if (!navigator.locks || !window.BroadcastChannel) {
    open(address, onMessage, onLink);
    return;
  }
  const channel = new BroadcastChannel(`denkpauze ${address}`);
  let latest = null;
  let leading = false;
  channel.onmessage = ({ data }) => {
    if (data.kind === "hello" && leading && latest) channel.postMessage(aged(latest));
    if (data.kind === "state" && !leading) onMessage(data.state);
    if (data.kind === "link" && !leading) onLink(data.up);
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

function open(address, onMessage, onLink) {
  const source = new EventSource(address);
  let again = null;
  source.onopen = () => onLink(true);
  source.onmessage = (event) => onMessage(JSON.parse(event.data));
  source.onerror = () => {
    onLink(false);
    if (source.readyState !== EventSource.CLOSED || again) return;
    // the browser gives up after a refusal, such as when all places are taken
    again = setTimeout(() => open(address, onMessage, onLink), 5000);
  };
}
