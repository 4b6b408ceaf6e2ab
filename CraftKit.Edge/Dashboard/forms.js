// Buttons and small forms that ask something of the service.

import { el, toast } from './dom.js';
import { isTold } from './api.js';

/** Runs what a button asks for, once at a time; `tell` learns what went wrong. The button is not disabled meanwhile: it would lose the focus. */
export async function run(button, tell, action) {
  if (button.ariaBusy === 'true') return;
  button.ariaBusy = 'true';
  try {
    await action();
  } catch (fault) {
    if (!isTold(fault)) tell(fault.message);
  } finally {
    button.ariaBusy = null;
  }
}

/** A button of a table's row. `name` says what `text` is about, for those who do not see the row. */
export function button(id, kind, text, name, action) {
  const node = el('button', { id, type: 'button', class: kind, 'aria-label': name }, text);
  node.addEventListener('click', () => run(node, toast, action));
  return node;
}

/** A button that looks like a link, since it leads to what it names. */
export function link(id, text, action) {
  const node = el('button', { id, type: 'button', class: 'link' }, text);
  node.addEventListener('click', () => run(node, toast, action));
  return node;
}

let fields = 0;

/** A text input under its label. */
export function field(label, attributes = {}) {
  const id = `field-${++fields}`;
  const input = el('input', { id, autocomplete: 'off', spellcheck: 'false', ...attributes });
  return { input, node: el('div', { class: 'grow' }, el('label', { for: id }, label), input) };
}

/** Fields and the button that sends them; a refusal stands below. */
export function form(action, inputs, submit) {
  const fault = el('p', { class: 'fault', role: 'alert' });
  const send = el('button', { type: 'submit' }, action);
  return el('form', {
    class: 'row',
    onsubmit: (event) => {
      event.preventDefault();
      fault.textContent = '';
      run(send, (text) => { fault.textContent = text; }, submit);
    },
  }, inputs.map(({ node }) => node), send, fault);
}

/** What an id may be: CraftKit's are UUIDs, others are taken too. */
export const idRules = { maxlength: 64, pattern: '[A-Za-z0-9_\\-]+', title: '1 to 64 letters, digits, _ and -' };
