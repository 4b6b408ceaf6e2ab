// Makes elements. Text goes in as text nodes alone: nothing that comes from outside is ever read as markup.

const svgNames = new Set(['svg', 'path', 'line', 'text', 'g']);

export function el(name, attributes = {}, ...children) {
  const node = svgNames.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

export const fill = (parent, ...children) => parent.replaceChildren(...children.flat());

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1, notation: 'compact' });

export const number = (value) => whole.format(value);

export const compact = (value) => (value < 10000 ? whole.format(value) : short.format(value));

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${value.toFixed(value >= 100 || unit === 0 ? 0 : 1)} ${units[unit]}`;
}

export function seconds(value) {
  if (value < 0.001) return `${Math.round(value * 1e6)} µs`;
  if (value < 1) return `${(value * 1000).toFixed(value < 0.1 ? 1 : 0)} ms`;
  if (value < 120) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  if (value < 7200) return `${Math.round(value / 60)} min`;
  return value < 172800 ? `${Math.round(value / 3600)} h` : `${Math.round(value / 86400)} days`;
}

export const time = (text) => (text ? text.replace('T', ' ').replace(/\.\d+Z$/, '') : 'never');

/** A table in a region that scrolls by itself, so that the page never has to. */
export function table(caption, columns, rows) {
  const head = el('tr', {}, columns.map((column) => el('th', { scope: 'col', class: column.class }, column.title)));
  return el('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    el('table', {}, el('thead', {}, head), el('tbody', {}, rows.map((cells) =>
      el('tr', {}, cells.map((cell, index) => el('td', { class: columns[index].class }, cell)))))));
}

export const empty = (text, ...more) => el('div', { class: 'empty' }, el('p', {}, text), more);

let toastTimer;
export function toast(text) {
  const node = byId('toast');
  node.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.textContent = ''; }, 5000);
}

/** Asks before something is lost. */
export function confirmLoss(title, body, action) {
  const dialog = byId('dialog');
  byId('dialog-title').textContent = title;
  fill(byId('dialog-body'), body.map((line) => el('p', {}, line)));
  const ok = byId('dialog-ok');
  ok.textContent = action;
  ok.className = 'danger';
  dialog.returnValue = 'cancel';
  dialog.showModal();
  byId('dialog-cancel').focus();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'ok'), { once: true }));
}
