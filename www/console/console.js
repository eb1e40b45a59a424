// What is more comfortable with a script. Without it everything works: forms are sent, times are in UTC.
const all = (selector, from = document) => from.querySelectorAll(selector);
const lang = document.documentElement.lang;

function localise(from) {
  const write = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of all("time[data-at]", from)) {
    const at = new Date(Number(time.dataset.at));
    time.dateTime = at.toISOString();
    time.title = time.textContent;
    time.textContent = write.format(at);
  }
}

function copying() {
  for (const button of all("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = document.body.dataset.copied;
        setTimeout(() => (button.textContent = label), 2_000);
      } catch {
        // It stays selected, for the keyboard.
      }
    });
  }
}

// A name must be typed before something is deleted; the server asks for it too.
function confirming() {
  for (const form of all("form[data-confirm]")) {
    const [field] = all('[name="confirm"]', form);
    const [button] = all("button", form);
    // Who may only read has none.
    if (!button) continue;
    const compare = () => (button.disabled = field.value.trim() !== form.dataset.confirm.trim());
    field.addEventListener("input", compare);
    compare();
  }
}

// One click, one request: the second would only be told what the first did.
function once() {
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    // Come back to from history, it may be sent again.
    addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  });
}

// What the server says of a text, while it is being written: the part of the page that is live, taken
// from the page that the form's button "check" would show.
function checking() {
  for (const form of all("form[data-live]")) {
    let due;
    let running;
    form.addEventListener("input", () => {
      clearTimeout(due);
      due = setTimeout(check, 400);
    });
    const check = () => {
      running?.abort();
      const request = new XMLHttpRequest();
      running = request;
      request.open("POST", form.action);
      request.responseType = "document";
      request.addEventListener("load", () => {
        const fresh = request.response?.getElementById("live");
        const stale = document.getElementById("live");
        if (!fresh || !stale) return;
        // What was wrong when it was last sent is said there anew, as far as it still is.
        for (const old of all("#flaws, .field > .error")) old.remove();
        for (const field of all("[aria-invalid]", form)) field.removeAttribute("aria-invalid");
        for (const field of all(".wrong", form)) field.classList.remove("wrong");
        stale.replaceChildren(...document.importNode(fresh, true).childNodes);
        localise(stale);
      });
      const sent = new URLSearchParams(new FormData(form));
      sent.set("step", "check");
      request.send(sent);
    };
  }
}

// What comes from outside shows itself: a page that waits for something is asked for until it no longer does.
function waiting() {
  const mark = ".notice.waiting";
  if (!all(mark).length) return;
  const look = () => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.addEventListener("loadend", () => {
      const fresh = request.response;
      if (fresh && !all(mark, fresh).length) location.reload();
      else setTimeout(look, 2_000);
    });
    request.send();
  };
  setTimeout(look, 2_000);
}

// On a narrow page the menu scrolls sideways: to where one is.
document.querySelector('nav [aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
localise(document);
copying();
confirming();
once();
checking();
waiting();
document.getElementById("flaws")?.focus();
