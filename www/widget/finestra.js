// The one script to embed:
//
//   <script type="module" src="https://edge.example/widget/finestra.js"></script>
//   <finestra-thread sender="milano" customer="+39 347 123 4567"></finestra-thread>
//
// It defines the element and loads everything else once per page, when the first element is in it. The
// element is a thin shell: the conversation itself is WASM, which knows it by a number. See
// finestra.d.ts for what an integrator may set and listen to.
const files = __FINESTRA_FILES__;
const here = new URL(".", import.meta.url);
const at = (name) => new URL(files[name], here);
const languages = Object.keys(files).flatMap((name) => name.match(/^locales\/(\w+)\.json$/)?.[1] ?? []);

const get = async (name) => {
  const answer = await fetch(at(name));
  if (!answer.ok) throw new Error(`${answer.status} ${at(name)}`);
  return answer;
};

// A document without a Trusted Types policy: only XHR makes one of HTML.
const markup = (name) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", at(name));
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error(`${request.status}`)));
    request.onerror = reject;
    request.send();
  });

const sheet = async (name) => new CSSStyleSheet().replace(await (await get(name)).text());

// What does not depend on the element is asked for once; what failed is asked for again.
const asked = new Map();
function once(key, ask) {
  if (!asked.has(key)) asked.set(key, ask().catch((error) => (asked.delete(key), Promise.reject(error))));
  return asked.get(key);
}

const table = async (name) => (await get(name)).json();
const words = (lang) =>
  once(lang, async () => ({
    lang,
    // Dates and numbers as the agent's own country writes them.
    region: navigator.languages.find((it) => it.split("-")[0] === lang) ?? lang,
    table: await table(`locales/${lang}.json`),
  }));
const later = (lang, name) =>
  once(name + lang, () =>
    Promise.all([markup(`later-${name}.html`), sheet(`later-${name}.css`), table(`locales/later-${lang}.json`)]),
  );
const style = () => once("style", () => sheet("thread.css"));
const frame = () => once("frame", () => markup("thread.html"));
const module = () =>
  once("module", async () => {
    const glue = await import(at("finestra_glue.js"));
    await glue.default({ module_or_path: get("finestra.wasm") });
    return glue;
  });

// For the shells of a build before: what this build is made of.
export const parts = { build: files["finestra.wasm"], words, later, style, frame, module, languages };
let present = parts;

// One ticker, and one listener for each way of waking, for all elements of the page.
const mounted = new Set();
const tick = (woken) => new Set([...mounted].map(({ glue }) => glue)).forEach((glue) => glue.tick(woken));
setInterval(tick, 1000, false);
for (const name of ["online", "focus", "pageshow"]) addEventListener(name, () => tick(true));
document.addEventListener("visibilitychange", () => tick(!document.hidden));

// The element's language: its own, that around it, the browser's; the first that there are words for.
function languageOf(element) {
  const around = [element.lang];
  for (let it = element; it; it = it.parentElement ?? it.getRootNode().host) if (it.lang) around.push(it.lang);
  const known = [...around, ...navigator.languages].map((lang) => lang.split(/[-_]/)[0].toLowerCase());
  return known.find((lang) => present.languages.includes(lang)) ?? "en";
}

// The builds that were found to be outdated: each looks for the next once.
const builds = new Set();

class FinestraThread extends HTMLElement {
  static observedAttributes = ["sender", "customer", "edge", "lang"];
  #root = this.attachShadow({ mode: "open" });
  #turn = 0;
  #mounted;
  #unheard;

  connectedCallback() {
    // Properties that were set before the element was defined are kept: they are plain ones.
    this.#begin();
  }

  disconnectedCallback() {
    this.#end();
  }

  attributeChangedCallback(_name, before, after) {
    if (this.isConnected && before !== after) this.#begin();
  }

  #end() {
    this.#turn += 1;
    this.#unheard?.abort();
    if (!this.#mounted) return;
    mounted.delete(this.#mounted);
    this.#mounted.glue.unmount(this.#mounted.handle);
    this.#mounted = undefined;
  }

  async #begin() {
    this.#end();
    const turn = this.#turn;
    // Attributes are often set one after the other: wait for the last.
    await null;
    if (turn !== this.#turn || !this.getAttribute("sender") || !this.getAttribute("customer")) return;
    const from = present;
    const lang = languageOf(this);
    try {
      const [glue, words, css, frame] = await Promise.all([from.module(), from.words(lang), from.style(), from.frame()]);
      if (turn !== this.#turn) return;
      this.#root.replaceChildren();
      this.#root.adoptedStyleSheets = [css];
      this.#mount(glue, from, { words, markup: frame });
    } catch (error) {
      if (turn === this.#turn) await this.#fail(error, from, lang);
    }
  }

  #mount(glue, from, { words, markup }) {
    const root = this.#root;
    const kit = {
      words,
      markup,
      edge: this.getAttribute("edge") ?? new URL("..", here),
      later: async (name) => {
        const [more, css, table] = await from.later(words.lang, name);
        root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, css])];
        kit.words = { ...words, table: { ...words.table, ...table } };
        return more;
      },
      reload: () => this.#renew(),
    };
    const heard = (what, a = "", b = "", c = "") => it.handle && glue.heard(it.handle, what, a ?? "", b ?? "", c ?? "");
    const received = (bytes) => glue.received(it.handle, bytes);
    const it = { glue, host: this, handle: 0 };
    this.#listen(heard);
    it.handle = glue.mount({ host: this, root, kit, heard, received });
    root.getElementById("frame").lang = words.lang;
    mounted.add(it);
    this.#mounted = it;
  }

  // One listener per kind of event, told apart by what the markup says of the element it happened to.
  #listen(heard) {
    this.#unheard = new AbortController();
    const root = this.#root;
    const named = (it) => (it.dataset.variable ? `=${it.dataset.variable}` : it.id);
    const on = {
      click(event) {
        const button = event.composedPath()[0].closest?.("[data-do]");
        if (!button) return;
        const { do: action, about } = button.dataset;
        if (action === "record") heard(action, root.getElementById("source").value, root.getElementById("wording").value);
        else heard("click", action, button.closest("[data-id]")?.dataset.id, about);
      },
      input({ target }) {
        heard("typed", named(target), target.value);
        const agree = target.closest("#agree");
        if (agree) root.getElementById("record").disabled = [...agree.querySelectorAll("[required]")].some((it) => !it.value.trim());
      },
      keydown(event) {
        const { key, shiftKey, isComposing, target } = event;
        if (key !== "Enter" || shiftKey || isComposing || !(target.id === "text" || target.dataset.variable)) return;
        event.preventDefault();
        heard("enter", named(target));
      },
      scroll({ target: { id, scrollTop, scrollHeight, clientHeight } }) {
        if (id === "log") heard("scroll", scrollTop < 48 ? "top" : "", scrollHeight - clientHeight - scrollTop < 48 ? "end" : "");
      },
      close: () => heard("escaped"),
    };
    for (const [name, listener] of Object.entries(on)) {
      root.addEventListener(name, listener, { capture: true, signal: this.#unheard.signal });
    }
  }

  // The edge speaks another build's protocol: fetch that build, once, and start again with it. The draft
  // is in this tab's memory; the element need not be defined anew.
  async #renew() {
    const { build } = present;
    if (builds.has(build)) return;
    builds.add(build);
    try {
      // A query that no cache has seen.
      const next = (await import(`${here}finestra.js?${Date.now()}`)).parts;
      if (next.build === build) throw build;
      present = next;
      for (const { host } of [...mounted]) host.#begin();
    } catch {
      // Not there yet: the widget goes on trying to connect, and asks again.
      builds.delete(build);
    }
  }

  // Something the agent sees, whatever it was that could not be loaded.
  async #fail(error, from, lang) {
    const blocked = error instanceof WebAssembly.CompileError || error instanceof EvalError;
    try {
      const [{ table }, css, frame] = await Promise.all([from.words(lang), from.style(), from.frame()]);
      const panel = document.importNode(frame.getElementById("panel").content, true);
      panel.querySelector("p").textContent = table[blocked ? "failed.csp" : "failed.load"];
      const again = panel.querySelector("button");
      again.textContent = table["failed.again"];
      again.addEventListener("click", () => this.#begin());
      this.#root.adoptedStyleSheets = [css];
      this.#root.replaceChildren(panel);
    } catch {
      // Not even the words can be had: the network is away.
      addEventListener("online", () => this.isConnected && this.#begin(), { once: true });
      setTimeout(() => this.isConnected && !this.#mounted && this.#begin(), 10_000);
    }
  }
}

if (!customElements.get("finestra-thread")) customElements.define("finestra-thread", FinestraThread);
