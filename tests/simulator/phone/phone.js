// What does the customer do with this phone? Chooses who to be, writes, reads, taps, waits.

import { bubble } from './bubble.js';

const $ = (id) => document.getElementById(id);

// Offered until the simulator knows somebody by these names.
const DEMO = [
  { customer: '+393470000001', name: 'Anna' },
  { customer: '+393470000002', name: 'Bruno' },
  { customer: '+393470000003', name: 'Carla' },
  { customer: '+447700900001', name: 'Emma' },
  { customer: '+447700900002', name: 'Oliver' },
  { customer: 'IT.13491208655302741918', name: 'Marta, without a number' },
];
const DAY = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const MOMENT = new Intl.DateTimeFormat('en', {
  weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
});

const address = new URL(location.href).searchParams;
const state = {
  customer: address.get('customer'),
  sender: address.get('sender'),
  senderChosen: address.has('sender'),
  customers: [],
  senders: [],
  phone: null,
  now: { at: Date.now(), measured: performance.now() },
};

async function ask(path, body) {
  const options = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`/simulator/${path}`, options);
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(answer?.error ?? `The simulator answered ${response.status}.`);
  return answer;
}

function notice(text) {
  $('notice').textContent = text ?? '';
}

/** Runs something that may fail, and says so where the customer looks. */
async function attempt(work) {
  try {
    notice();
    await work();
  } catch (error) {
    notice(error.message);
  }
}

const now = () => state.now.at + performance.now() - state.now.measured;
const learnTime = (at) => (state.now = { at, measured: performance.now() });
const conversation = () => state.phone?.conversations.find(({ sender }) => sender === state.sender);

// ---- what is known ------------------------------------------------------------------------------

async function loadPeople() {
  const { customers, senders, now: at } = await ask('phones');
  learnTime(at);
  const known = new Set(customers.map(({ customer }) => customer));
  const ids = new Set(customers.map(({ external_user_id: id }) => id));
  const others = DEMO.filter(({ customer }) => !known.has(customer) && !ids.has(customer));
  state.customers = [...customers, ...others];
  state.senders = senders;
  // The demo's CRM page begins with the same.
  state.customer ??= (known.has(DEMO[0].customer) ? DEMO : state.customers)[0].customer;
  if (!senders.some(({ number }) => number === state.sender)) state.sender = senders[0]?.number ?? null;
  options($('customer'), state.customers.map(({ customer, name }) => [customer, name ? `${name}, ${customer}` : customer]), state.customer);
  options($('sender'), senders.map(({ number, name }) => [number, name ? `${name}, ${number}` : number]), state.sender);
}

function options(select, items, chosen) {
  const wanted = items.some(([value]) => value === chosen) || !chosen ? items : [[chosen, chosen], ...items];
  select.replaceChildren(...wanted.map(([value, text]) => new Option(text, value, false, value === chosen)));
  select.disabled = items.length === 0;
}

let loading = null;
let again = false;

/** Looks at the phone. Changes that come in meanwhile cause one more look, not one each. */
function look() {
  if (loading) {
    again = true;
    return loading;
  }
  loading = (async () => {
    do {
      again = false;
      const customer = state.customer;
      const phone = await ask(`phones/${encodeURIComponent(customer)}`);
      if (customer !== state.customer) {
        again = true;
        continue;
      }
      state.phone = phone;
      if (!state.senderChosen && !conversation() && phone.conversations.length > 0) {
        state.sender = $('sender').value = phone.conversations[0].sender;
      }
      learnTime(phone.now);
      show();
      await readWhatIsOnScreen();
    } while (again);
  })().finally(() => (loading = null));
  return loading;
}

async function readWhatIsOnScreen() {
  const messages = conversation()?.messages ?? [];
  const unread = messages.some(({ direction, status }) => direction !== 'inbound' && status === 'delivered');
  if (unread && document.visibilityState === 'visible') {
    await ask('read', { customer: state.customer, sender: state.sender });
  }
}

// ---- what is shown ------------------------------------------------------------------------------

let shownFor = '';

function show() {
  const sender = state.senders.find(({ number }) => number === state.sender);
  const name = sender?.name || state.sender || 'No business yet';
  $('sender-name').textContent = name;
  $('sender-number').textContent = sender?.name ? sender.number : '';
  $('avatar').textContent = name.replace(/^[+\d\s]+$/, '#').charAt(0).toUpperCase();
  showLog(name);
  showConsent();
  showTime();
}

function showLog(name) {
  const log = $('log');
  const messages = conversation()?.messages ?? [];
  const place = `${state.customer} ${state.sender}`;
  const known = [...log.querySelectorAll('[data-sid]')].map(({ dataset }) => dataset.sid);
  const grown = place === shownFor && known.every((sid, at) => messages[at]?.sid === sid);
  if (!grown) log.replaceChildren();
  const wrote = messages.at(-1)?.direction === 'inbound' && messages.length > known.length;
  const atEnd = !grown || wrote || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const bodies = new Map(messages.map(({ sid, body }) => [sid, body]));
  for (const message of messages.slice(grown ? known.length : 0)) {
    const day = DAY.format(message.at);
    if (log.dataset.day !== day || log.childElementCount === 0) {
      const rule = document.createElement('p');
      rule.className = 'day';
      rule.textContent = day;
      log.append(rule);
      log.dataset.day = day;
    }
    const author = message.direction === 'inbound' ? 'You' : name;
    const element = bubble(message, author, bodies.get(message.in_reply_to), tap);
    element.classList.toggle('new', grown);
    log.append(element);
  }
  if (messages.length === 0) {
    const empty = document.createElement('p');
    empty.className = 'day';
    empty.textContent = state.sender ? 'Nothing written yet.' : 'No account is set up yet.';
    log.replaceChildren(empty);
  } else if (atEnd) {
    log.scrollTop = log.scrollHeight;
  }
  shownFor = place;
}

function showConsent() {
  const stopped = conversation()?.opted_out;
  $('consent').textContent = stopped ? 'You sent STOP.' : 'You have not opted out.';
  $('block').setAttribute('aria-pressed', String(Boolean(state.phone?.blocked)));
}

function span(ms) {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 1 ? `${Math.floor(ms / 1_000)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function showTime() {
  const at = now();
  $('now').textContent = MOMENT.format(at);
  $('now').dateTime = new Date(at).toISOString();
  const closes = conversation()?.window_closes_at;
  if (!closes) $('window').textContent = 'You never wrote here: the window is closed.';
  else if (at < closes) $('window').textContent = `WhatsApp’s window is open for ${span(closes - at)}.`;
  else $('window').textContent = `WhatsApp’s window closed ${span(at - closes)} ago.`;
}

// ---- what is done -------------------------------------------------------------------------------

async function write(message) {
  await attempt(async () => {
    const name = state.customers.find(({ customer }) => customer === state.customer)?.name;
    const writing = { from: state.customer, to: state.sender, profile_name: name ?? undefined, ...message };
    const { webhook_status: status } = await ask('messages', writing);
    if (status !== 200) notice(status ? `The webhook answered ${status}.` : 'Nobody answered the webhook.');
  });
}

function tap(message, { kind, title, payload }) {
  if (kind === 'list-item') write({ list: { id: payload, title }, in_reply_to: message.sid });
  else write({ button: { text: title, payload, in_reply_to: message.sid } });
}

const KINDS = {
  picture: { media: [{ content_type: 'image/png' }] },
  sticker: { media: [{ content_type: 'image/webp' }] },
  voice: { media: [{ content_type: 'audio/ogg' }] },
  document: { media: [{ content_type: 'application/pdf' }] },
  contact: { media: [{ content_type: 'text/vcard' }] },
  place: { location: { latitude: 45.4642, longitude: 9.19, label: 'Piazza del Duomo', address: 'Milano' } },
};

function openKinds(open) {
  $('kinds').hidden = !open;
  $('attach').setAttribute('aria-expanded', String(open));
}

function choose() {
  const url = new URL(location.href);
  url.searchParams.set('customer', state.customer);
  if (state.senderChosen) url.searchParams.set('sender', state.sender);
  else url.searchParams.delete('sender');
  history.replaceState(null, '', url);
  state.phone = null;
  attempt(look);
}

$('customer').addEventListener('change', ({ target }) => {
  state.customer = target.value;
  state.senderChosen = false;
  choose();
});
$('sender').addEventListener('change', ({ target }) => {
  state.sender = target.value;
  state.senderChosen = true;
  choose();
});

$('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = $('add-number');
  const number = field.value.replace(/[\s()-]/g, '').replace(/^00/, '+');
  try {
    await ask('customers', { customer: number, name: $('add-name').value.trim() || undefined });
    $('add-error').textContent = '';
    field.removeAttribute('aria-invalid');
    $('add').reset();
    state.customer = number;
    await loadPeople();
    choose();
  } catch {
    $('add-error').textContent = 'Write + and the country’s code first, such as +39 333 1234567.';
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  }
});

$('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text) return;
  $('text').value = '';
  write({ body: text });
});

$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('composer').requestSubmit();
});

$('attach').addEventListener('click', () => openKinds($('kinds').hidden));
$('composer').addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !$('kinds').hidden) {
    openKinds(false);
    $('attach').focus();
  }
});
document.addEventListener('click', ({ target }) => {
  if (!target.closest('.attach')) openKinds(false);
});
for (const choice of document.querySelectorAll('[data-kind]')) {
  choice.addEventListener('click', () => {
    openKinds(false);
    $('text').focus();
    write(KINDS[choice.dataset.kind]);
  });
}

for (const step of document.querySelectorAll('[data-advance]')) {
  step.addEventListener('click', () => attempt(async () => {
    const { edge_follows: follows } = await ask('clock', { advance_ms: Number(step.dataset.advance) });
    if (!follows) notice('The edge does not answer; it learns the time as soon as it does.');
  }));
}

$('stop').addEventListener('click', () => write({ body: 'STOP' }));
$('start').addEventListener('click', () => write({ body: 'START' }));
$('block').addEventListener('click', () =>
  attempt(() => ask('customers', { customer: state.customer, blocked: !state.phone?.blocked })));

$('toggle').addEventListener('click', () => {
  const open = !$('panel').classList.contains('open');
  $('panel').classList.toggle('open', open);
  $('toggle').setAttribute('aria-expanded', String(open));
});

document.addEventListener('visibilitychange', () => attempt(look));
setInterval(showTime, 1_000);

const changes = new EventSource('/simulator/events');
changes.addEventListener('message', ({ data }) => attempt(async () => {
  const { changed } = JSON.parse(data);
  if (changed === 'people' || changed === 'reset') await loadPeople();
  await look();
}));
// Also after the connection was lost: something may have been missed.
changes.addEventListener('open', () => attempt(async () => {
  await loadPeople();
  await look();
}));
