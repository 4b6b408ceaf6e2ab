// The API keys of a project.

import { confirmLoss, el, empty, fill, named, table, toast } from './dom.js';
import { call, path } from './api.js';
import { time } from './text.js';
import { button, field, form } from './forms.js';

const columns = [
  { title: 'Key' }, { title: 'Begins with', kind: 'id spare' }, { title: 'Created, UTC', kind: 'time spare' }, { title: 'Last used, UTC', kind: 'time' }, { title: '', kind: 'actions' },
];

export function keys(project) {
  const name = field('Name of a new key, such as the program that will send it', { maxlength: 200 });
  const title = el('h3', { tabindex: -1 }, 'API keys'), secret = el('div', { role: 'status' }), list = el('div');

  async function load() {
    const { keys: all } = await call('GET', path('projects', project.id, 'keys'));
    fill(list, all.length === 0
      ? empty('This project has no key yet, so nothing can be recorded for it. Create one for each program that sends events.')
      : table(`keys-${project.id}`, `API keys of ${project.name}`, columns, all.map((key) => [
        key.name, `${key.prefix}…`, time(key.createdAt), time(key.lastUsedAt),
        key.revokedAt === null
          ? button(`revoke-${key.id}`, 'danger', 'Revoke', `Revoke key ${key.name}`, () => revoke(key))
          : el('span', { class: 'quiet' }, `revoked ${time(key.revokedAt)}`)])));
  }

  async function create() {
    const made = await call('POST', path('projects', project.id, 'keys'), name.input.value === '' ? {} : { name: name.input.value });
    name.input.value = '';
    const key = el('pre', { tabindex: 0, 'aria-label': 'The new key' }, made.key);
    // A page that came without TLS from another machine has no clipboard; the key can be selected.
    const copy = navigator.clipboard === undefined ? null : button('copy-key', '', 'Copy', 'Copy the new key', async () => {
      await navigator.clipboard.writeText(made.key);
      toast('The key is copied.');
    });
    fill(secret, el('div', { class: 'secret' },
      el('p', {}, 'This is the key ', named(made.name), '. It is shown this once; the service keeps only its hash.'), key,
      el('div', { class: 'row' }, copy, button('hide-key', 'plain', 'I have it', 'Hide the new key', async () => {
        fill(secret);
        title.focus();
      }))));
    key.focus();
    await load();
  }

  async function revoke(key) {
    const lost = [
      [`Whatever presents ${key.prefix}… is answered with 401 from now on. It was last used: ${time(key.lastUsedAt)}${key.lastUsedAt === null ? '' : ' UTC'}.`],
      ['What it has recorded stays. A revocation cannot be undone.'],
    ];
    if (!await confirmLoss(['Revoke the key ', named(key.name), '?'], lost, 'Revoke key')) return;
    await call('DELETE', path('projects', project.id, 'keys', key.id));
    await load();
    title.focus();
    toast('The key ', named(key.name), ' is revoked.');
  }

  return { load, node: el('div', { class: 'panel' }, title, form('Create key', [name], create), secret, list) };
}
