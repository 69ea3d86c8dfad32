// Keeps a live page up to date: replaces the content of the element with `data-live` by what the server sends.
// Without this script, the page shows the state at the time it was loaded.
'use strict';

// The server sends an event about once a second. After this many milliseconds without one, the page may be wrong.
const PATIENCE = 2000;
const RETRY = 3000;

const part = document.querySelector('[data-live]');
const heading = document.getElementById(part.dataset.heading);
const freshness = document.getElementById('freshness');
const refresh = document.getElementById('refresh');
const changes = document.getElementById('changes');

let time = part.dataset.time;
let source, silence, retry;

function connect() {
  disconnect();
  source = new EventSource(part.dataset.live);
  source.addEventListener('part', event => {
    const { time, html } = JSON.parse(event.data);
    show(html);
    hear(time);
  });
  source.addEventListener('beat', event => hear(event.data));
  source.addEventListener('lost', stop);
  source.addEventListener('error', stop);
  // The session has ended. Reloading leads to the sign-in page.
  source.addEventListener('ended', () => { disconnect(); location.reload(); });
  silence = setTimeout(stop, PATIENCE);
}

function disconnect() {
  source?.close();
  clearTimeout(silence);
  clearTimeout(retry);
}

function hear(at) {
  time = at;
  clearTimeout(silence);
  clearTimeout(retry);
  retry = undefined;
  silence = setTimeout(stop, PATIENCE);
  say('Live.', false);
}

function stop() {
  clearTimeout(silence);
  say(`Live updates have stopped. This is how it was at ${time}.`, true);
  // A connection may be open and dead, and the browser does not retry one that was rejected.
  retry ??= setTimeout(() => { retry = undefined; connect(); }, RETRY);
}

// Screen readers announce changes of an element with the role `status`.
function say(text, isOld) {
  if (freshness.textContent !== text) freshness.textContent = text;
  freshness.classList.toggle('notice', isOld);
  refresh.hidden = !isOld;
}

function show(html) {
  const next = document.createElement('template');
  next.innerHTML = html;
  const before = sayings();
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  become(part, next.content);
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  // The focused element is gone. Focusing another button could make a key press hit the wrong one.
  else if (focused) heading.focus({ preventScroll: true });
  announce(before, sayings());
}

// The texts for screen readers, by the ids of their elements.
function sayings() {
  return new Map([...part.querySelectorAll('[data-say]')].map(it => [it.id, { ...it.dataset }]));
}

function announce(before, after) {
  const said = [];
  for (const [id, { say }] of after) if (before.get(id)?.say !== say) said.push(say);
  for (const [id, { gone }] of before) if (gone && !after.has(id)) said.push(gone);
  if (said.length) changes.textContent = said.length > 5 ? `${said.length} changes.` : said.join(' ');
}

// Makes the children of `now` equal to those of `next`. Elements with the same id are kept and updated, so that the
// focus, a selection and the target of a link stay.
function become(now, next) {
  const ids = new Set([...next.children].map(it => it.id));
  for (const child of [...now.children]) if (child.id && !ids.has(child.id)) child.remove();
  let at = now.firstChild;
  for (const child of [...next.childNodes]) {
    const known = child.id
      ? [...now.children].find(it => it.id === child.id)
      : at && !at.id && at.nodeName === child.nodeName ? at : null;
    if (!known) {
      now.insertBefore(child, at);
      continue;
    }
    if (known !== at) now.insertBefore(known, at);
    if (known.nodeType === Node.ELEMENT_NODE) {
      adopt(known, child);
      become(known, child);
    } else if (known.data !== child.data) {
      known.data = child.data;
    }
    at = known.nextSibling;
  }
  while (at) {
    const rest = at.nextSibling;
    at.remove();
    at = rest;
  }
}

function adopt(element, other) {
  for (const { name } of [...element.attributes]) if (!other.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of other.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

// A browser opens few connections to a site. Hidden tabs leave theirs to the visible ones.
document.addEventListener('visibilitychange', () => document.hidden ? disconnect() : connect());
addEventListener('pagehide', disconnect);
addEventListener('pageshow', event => { if (event.persisted) connect(); });
if (!document.hidden) connect();
