// Signing in and out; the parts of the page know nothing of each other but through here.

import { byId, fill, toast } from './dom.js';
import { call, isTold, path, session } from './api.js';
import { run } from './forms.js';
import { live } from './live.js';
import { lookup } from './lookup.js';
import { projects } from './projects.js';

const form = byId('sign-in'), field = byId('account-key'), fault = byId('sign-in-fault');
let names = new Map();

const search = lookup();
const list = projects({
  onRender: search.show,
  onList(all) {
    names = new Map(all.map(({ id, name }) => [id, name]));
    search.offer(all);
    figures.refresh();
  },
});
const figures = live({
  nameOf: (id) => names.get(id) ?? id,
  onRender: search.show,
  onCatalog: () => list.load().catch((refusal) => { if (!isTold(refusal)) toast(refusal.message); }),
});

function turn(isIn) {
  form.hidden = isIn;
  byId('dashboard').hidden = byId('sign-out').hidden = !isIn;
}

function enter() {
  turn(true);
  figures.start();
  byId('main').focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Forgets the key, and every name and id that it has shown. */
function leave(reason = '') {
  session.end();
  figures.stop();
  byId('dialog').close();
  for (const one of document.forms) one.reset();
  for (const id of ['busiest', 'lookup-project', 'lookup-result', 'projects', 'project', 'toast']) fill(byId(id));
  turn(false);
  fault.textContent = reason;
  field.focus();
}

session.onRefused = () => leave('The service does not know this account key, or it was revoked.');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  fault.textContent = '';
  session.begin(field.value.trim());
  const tell = (text) => {
    session.end();
    fault.textContent = text;
  };
  run(form.querySelector('button'), tell, async () => {
    await call('GET', path('projects'));
    field.value = '';
    enter();
  });
});
byId('sign-out').addEventListener('click', () => leave());

if (session.key) enter();
else field.focus();
