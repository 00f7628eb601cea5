// The only module that talks to the server.

const BASE = "/page/api";

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

/** POST; always resolves. `ok` is false on refusal, no answer from the app, or no server. */
export async function post(path, body) {
  try {
    const response = await fetch(BASE + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const data = await readJson(response);
    return { ...data, status: response.status, ok: response.ok && data.ok !== false };
  } catch {
    return { ok: false, error: "no_server", status: 0 };
  }
}

export async function fetchState(as, channel) {
  const query = new URLSearchParams();
  if (as) query.set("as", as);
  if (channel) query.set("channel", channel);
  const response = await fetch(`${BASE}/state?${query}`, { cache: "no-store" });
  const data = await readJson(response);
  if (!response.ok) throw Object.assign(new Error(data.error || "state"), { status: response.status });
  return data;
}

/** The live line. Reconnects by itself; returns a function that ends it. */
export function openLive(as, { onMessage, onLine }) {
  let socket = null;
  let ended = false;
  let timer = 0;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/page/live?as=${encodeURIComponent(as)}`);
    socket.onopen = () => onLine(true);
    socket.onmessage = (event) => onMessage(JSON.parse(event.data));
    socket.onclose = () => {
      if (ended) return;
      onLine(false);
      timer = setTimeout(connect, 1000);
    };
  };
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket.close();
  };
}
