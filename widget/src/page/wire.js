// The way out of the page: tickets, the socket, the tab's memory, the CRM page around the widget.
import { here } from "./place.js";

export const steady = () => performance.now();
export const wall = () => Date.now();
export const roll = () => crypto.getRandomValues(new Uint32Array(1))[0];

// 128 random bits. `crypto.randomUUID` exists in secure contexts only.
export const fresh = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// Status 0: the network. A page that gives no token is treated as one whose token is not taken.
export async function ticket() {
  const { host, kit, heard } = here();
  try {
    const token = await Promise.resolve(host.getToken?.()).catch(() => {});
    if (!token) return heard("no-ticket", "401");
    const answer = await fetch(new URL("api/v1/tickets", kit.edge), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ sender: host.getAttribute("sender"), customer: host.getAttribute("customer") }),
      signal: AbortSignal.timeout(10_000),
    });
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) heard("ticket", body.thread, body.socket, body.ticket);
    else heard("no-ticket", `${answer.status}`, body.code);
  } catch {
    heard("no-ticket", "0");
  }
}

export function connect(url, protocol, opening) {
  const place = here();
  disconnect();
  let socket;
  try {
    socket = new WebSocket(url, [protocol, opening]);
  } catch {
    queueMicrotask(() => place.heard("closed", "1006"));
    return;
  }
  socket.binaryType = "arraybuffer";
  // A socket that was let go of is heard no more.
  const mine = () => place.socket === socket;
  socket.onmessage = ({ data }) => {
    if (!mine()) return;
    if (typeof data === "string") place.heard("pong");
    else place.received(new Uint8Array(data));
  };
  socket.onclose = ({ code }) => mine() && place.heard("closed", `${code}`);
  place.socket = socket;
}

export function disconnect() {
  const place = here();
  const { socket } = place;
  place.socket = undefined;
  socket?.close();
}

// What cannot be sent now is said again after the next welcome.
export function send(bytes) {
  const { socket } = here();
  if (socket?.readyState === 1) socket.send(bytes.slice());
}

export function ping(text) {
  const { socket } = here();
  if (socket?.readyState === 1) socket.send(text);
}

export const reload = () => here().kit.reload();

// What this tab remembers: a draft and the texts on their way, never beyond the tab's life.
const key = (thread, name) => `finestra/${thread}/${name}`;

export function keep(thread, name, text) {
  try {
    if (text) sessionStorage.setItem(key(thread, name), text);
    else sessionStorage.removeItem(key(thread, name));
  } catch {
    // A page without storage forgets; nothing else is lost.
  }
}

export function recall(thread, name) {
  try {
    return sessionStorage.getItem(key(thread, name)) ?? "";
  } catch {
    return "";
  }
}

// What the CRM page knows of a template's variable: by template and name, or by name alone.
export function known(template, name) {
  const { data } = here().host;
  const value = data?.[template]?.[name] ?? data?.[name];
  return value == null || typeof value === "object" ? "" : String(value);
}

function emit(name, detail) {
  here().host.dispatchEvent(new CustomEvent(`finestra-${name}`, { bubbles: true, composed: true, detail }));
}

export const tell = (name, ...pairs) => emit(name, Object.fromEntries([pairs.slice(0, 2), pairs.slice(2)].filter(([name]) => name)));

export const tellWindow = (closesAt) =>
  emit("window", { open: closesAt > 0, closesAt: closesAt > 0 ? closesAt : null });
