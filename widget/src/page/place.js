// The page's side of a widget: finds, fills and places elements as Rust asks for it. Decides nothing.
//
// Every call concerns the widget that was `enter`ed last: Rust works on one at a time. Names are ids in
// the widget's frame, or classes in the row that was placed last.

const places = new Map();
let place;
let scope;
let target;

// What the loader hands over: { host, root, kit, heard, received }.
export function adopt(handle, given) {
  places.set(handle, given);
  enter(handle);
  place.root.append(copy("thread"));
  // Until the edge says who it is.
  text("name", place.host.getAttribute("customer"));
}

export function enter(handle) {
  place = places.get(handle);
  scope = place.root;
}

export function leave(handle) {
  const { socket } = places.get(handle) ?? {};
  places.delete(handle);
  socket?.close();
}

export const here = () => place;

export const visible = () => !document.hidden;

const part = (name) => (scope === place.root ? scope.getElementById(name) : scope.querySelector(`.${name}`));

export function text(name, text) {
  const it = part(name);
  if (it && it.textContent !== text) it.textContent = text;
}

export function value(name, text) {
  const it = part(name);
  if (it && it.value !== text) it.value = text;
}

export function set(name, attribute, text) {
  const it = name ? part(name) : scope;
  if (it && it.getAttribute(attribute) !== text) it.setAttribute(attribute, text);
}

export const flag = (name, attribute, on) => part(name)?.toggleAttribute(attribute, on);

// Also the first empty field in something that is none itself.
export function focus(name) {
  const it = part(name);
  (it?.querySelector("input:placeholder-shown,input") ?? it)?.focus();
}

export const focused = (name) => scope.activeElement === part(name);

// Empties an element to be filled anew, unless it shows what `stamp` stands for already.
export function into(name, stamp) {
  target = part(name);
  if (!target || (stamp && target.stamp === stamp)) return false;
  target.stamp = stamp;
  target.replaceChildren();
  return true;
}

export function add(tag, kind, text) {
  const it = document.createElement(tag);
  if (kind) it.className = kind;
  it.textContent = text;
  target.append(it);
  return it;
}

// A piece of a message: text alone, in elements from this list and no other.
const STYLES = ["strong", "em", "s", "code", "mark"];

export function run(text, styles, address) {
  let it = document.createTextNode(text);
  if (address) {
    const link = document.createElement("a");
    Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer nofollow" });
    link.append(it);
    it = link;
  }
  for (let i = STYLES.length; i--; ) {
    if (!((styles >> i) & 1)) continue;
    const outer = document.createElement(STYLES[i]);
    outer.append(it);
    it = outer;
  }
  target.append(it);
}

export function button(action, text, label, about) {
  const it = add("button", "", text);
  it.type = "button";
  it.dataset.do = action;
  if (label) it.setAttribute("aria-label", label);
  if (about) it.dataset.about = about;
}

// A list, row by row and kept by key: begin, row …, end; unless it shows what `stamp` stands for already.
// Who is reading further up stays where they are.
let list;
let cursor;
let anchor;

export function begin(name, stamp) {
  scope = place.root;
  list = part(name);
  if (!list || (stamp && list.stamp === stamp)) return false;
  list.stamp = stamp;
  list.rows ??= new Map();
  list.kept = new Set();
  cursor = list.firstElementChild;
  const first = list.querySelector(".said");
  anchor = first && { element: first, top: first.offsetTop };
  return true;
}

// Places a row, made from its template if need be: 0 it stands as it is, 1 it changed, 2 it is new.
export function row(key, template, stamp) {
  if (!list) return 0;
  let it = list.rows.get(key);
  let news = it?.stamp === stamp ? 0 : 1;
  if (!it) {
    it = copy(template).firstElementChild;
    list.rows.set(key, it);
    news = 2;
  }
  it.stamp = stamp;
  list.kept.add(key);
  if (it === cursor) cursor = it.nextElementSibling;
  else list.insertBefore(it, cursor);
  scope = it;
  return news;
}

export function end() {
  scope = place.root;
  if (!list) return;
  for (const [key, it] of list.rows) {
    if (list.kept.has(key)) continue;
    it.remove();
    list.rows.delete(key);
  }
  const moved = anchor?.element.isConnected ? anchor.element.offsetTop - anchor.top : 0;
  if (moved && list.id === "list") part("log").scrollTop += moved;
}

export function toEnd() {
  const log = part("log");
  log.scrollTop = log.scrollHeight;
}

// Markup from the templates, with the words that never change.
export function copy(id) {
  const { markup, words } = place.kit;
  const root = document.importNode(markup.getElementById(id).content, true);
  for (const it of root.querySelectorAll("[data-word],[data-label],[data-hint]")) {
    const { word, label, hint } = it.dataset;
    if (word) it.textContent = words.table[word];
    if (label) it.setAttribute("aria-label", words.table[label]);
    if (hint) it.placeholder = words.table[hint];
  }
  return root;
}

// Dialogs are loaded when first asked for. They are native: the browser keeps the focus inside, closes
// them with Escape and brings the focus back.
export async function open(name) {
  const mine = place;
  close();
  mine.dialog = name;
  const markup = await mine.kit.later("dialogs").catch(() => {});
  const frame = mine.root.getElementById("frame");
  // Another may have been asked for meanwhile, or none, or the widget may have left the page.
  if (!markup || !frame || mine.dialog !== name || mine.root.getElementById("dialog")) return;
  place = mine;
  if (!place.kit.markup.getElementById(name)) place.kit.markup = both(place.kit.markup, markup);
  frame.append(copy(name));
  place.root.getElementById("dialog").showModal();
  place.heard("shown", name);
}

// Two documents' templates as one.
const both = (one, other) => ({ getElementById: (id) => one.getElementById(id) ?? other.getElementById(id) });

export function close() {
  place.dialog = "";
  const dialog = place.root.getElementById("dialog");
  dialog?.close();
  dialog?.remove();
}
