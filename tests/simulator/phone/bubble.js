// How does one message look on the phone? A bubble with its media, its text and its buttons.

import { render } from './format.js';

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });

function say(element, text) {
  element.textContent = text ?? '';
  element.hidden = !text;
}

function link(href, text) {
  const element = document.createElement('a');
  element.href = href;
  element.target = '_blank';
  element.rel = 'noopener noreferrer';
  element.textContent = text;
  return element;
}

function medium({ url, content_type: type }) {
  if (type.startsWith('image/')) {
    const image = document.createElement('img');
    image.src = url;
    image.alt = 'Picture';
    return image;
  }
  if (type.startsWith('audio/')) {
    const sound = document.createElement('audio');
    sound.src = url;
    sound.controls = true;
    return sound;
  }
  return link(url, `Document, ${type}`);
}

function place({ latitude, longitude, label, address }) {
  const element = document.createElement('p');
  element.className = 'place';
  const name = document.createElement('strong');
  name.textContent = label || 'A place';
  const where = document.createElement('span');
  where.textContent = [address, `${latitude}, ${longitude}`].filter(Boolean).join(' · ');
  element.append(name, where);
  return element;
}

function button(item, tap) {
  const { kind, title, target } = item;
  if (kind === 'url' && /^https?:\/\//.test(target)) return link(target, title);
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = title;
  if (kind === 'quick-reply' || kind === 'list-item') {
    element.addEventListener('click', () => tap(item));
  } else {
    element.disabled = true;
    element.title = target;
  }
  return element;
}

/** An element for a message. `quoted` is the text it answers to; `tap` is called with a tapped button. */
export function bubble(message, author, quoted, tap) {
  const element = document.getElementById('bubble').content.firstElementChild.cloneNode(true);
  const part = (name) => element.querySelector(`.${name}`);
  element.classList.add(message.direction === 'inbound' ? 'mine' : 'theirs');
  element.dataset.sid = message.sid;
  part('author').textContent = author;
  say(part('quote'), quoted);
  say(part('head'), message.header);
  say(part('foot'), message.footer);
  part('media').append(...message.media.map(medium));
  if (message.location) part('media').append(place(message.location));
  part('body').append(render(message.body));
  part('body').hidden = !message.body;
  const time = part('when').firstElementChild;
  const at = new Date(message.at);
  time.dateTime = at.toISOString();
  time.textContent = clock.format(at);
  const buttons = message.buttons ?? [];
  part('buttons').append(...buttons.map((item) => button(item, (tapped) => tap(message, tapped))));
  part('buttons').hidden = buttons.length === 0;
  return element;
}
