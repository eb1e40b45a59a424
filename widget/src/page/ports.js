// What the browser has and Rust would have to carry: words by key, Intl, fetch, the tab's memory.
//
// No word stands here: `words` is a locale file as it was loaded, with its language.

export const steady = () => performance.now();
export const wall = () => Date.now();
export const roll = () => crypto.getRandomValues(new Uint32Array(1))[0];

// 128 random bits. `crypto.randomUUID` exists in secure contexts only.
export const fresh = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const word = ({ words }, key) => words.table[key] ?? "";

// Formatters are dear to make: one per language and shape.
const made = new Map();
function format(words, kind, options) {
  const key = words.lang + kind + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl[kind](words.lang, options));
  return made.get(key);
}

export const dayNumber = (ms) => Math.floor((ms - new Date(ms).getTimezoneOffset() * 60_000) / 86_400_000);

export const clock = ({ words }, ms) => format(words, "DateTimeFormat", { timeStyle: "short" }).format(ms);

// Today, yesterday, tomorrow by name; other days by their date.
export function day({ words }, ms, now) {
  const days = dayNumber(ms) - dayNumber(now);
  const text =
    Math.abs(days) < 2
      ? format(words, "RelativeTimeFormat", { numeric: "auto" }).format(days, "day")
      : format(words, "DateTimeFormat", { weekday: "short", day: "numeric", month: "long", year: days < -300 ? "numeric" : undefined }).format(ms);
  return text.charAt(0).toLocaleUpperCase(words.lang) + text.slice(1);
}

// A time of day, with the day where it is not today's.
export const when = (kit, ms, now) =>
  dayNumber(ms) === dayNumber(now)
    ? clock(kit, ms)
    : format(kit.words, "DateTimeFormat", { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(ms);

export function span({ words }, hours, minutes, seconds) {
  const parts = [["hour", hours], ["minute", minutes], ["second", seconds]]
    .filter(([, n]) => n >= 0)
    .map(([unit, n]) => format(words, "NumberFormat", { style: "unit", unit, unitDisplay: "short" }).format(n));
  return format(words, "ListFormat", { type: "unit", style: "narrow" }).format(parts);
}

export const number = ({ words }, n) => format(words, "NumberFormat", {}).format(n);

export function language({ words }, code) {
  try {
    return format(words, "DisplayNames", { type: "language" }).of(code.replaceAll("_", "-")) ?? code;
  } catch {
    return code;
  }
}

export const contains = ({ words }, text, part) =>
  text.toLocaleLowerCase(words.lang).includes(part.trim().toLocaleLowerCase(words.lang));

// Static words of freshly cloned markup.
export function translate({ words }, root) {
  for (const it of root.querySelectorAll("[data-word],[data-label],[data-hint]")) {
    const { word, label, hint } = it.dataset;
    if (word) it.textContent = words.table[word];
    if (label) it.setAttribute("aria-label", words.table[label]);
    if (hint) it.placeholder = words.table[hint];
  }
}

export const copy = (markup, id) => document.importNode(markup.getElementById(id).content, true);

export function emit(host, name, first, one, second, two) {
  host.dispatchEvent(new CustomEvent(`finestra-${name}`, { bubbles: true, composed: true, detail: { [first]: one, [second]: two } }));
}

// Answers through the bus, so that an answer to an element that has left the page reaches nobody.
export async function ticket(bus, host, { edge }) {
  let detail = { status: 0 };
  try {
    const token = await Promise.resolve(host.getToken()).catch(() => {});
    const answer = token
      ? await fetch(new URL("api/v1/tickets", edge), {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({ sender: host.getAttribute("sender"), customer: host.getAttribute("customer") }),
          signal: AbortSignal.timeout(10_000),
        })
      : { status: 401 };
    detail = { ...(await answer.json?.().catch(() => {})), status: answer.status };
  } catch {
    // The network: status 0 says so.
  }
  bus.dispatchEvent(new CustomEvent("ticket", { detail }));
}

// What this tab remembers: a draft and the texts on their way, never beyond the tab's life.
const key = (thread, rest) => `finestra/${thread}/${rest}`;

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

// What is known of a template's variable: by template and name, or by name alone.
export function known(host, template, name) {
  const value = host.data?.[template]?.[name] ?? host.data?.[name];
  return value == null || typeof value === "object" ? "" : String(value);
}
