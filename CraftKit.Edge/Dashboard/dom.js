// Makes elements. What comes from outside goes in as text nodes and attribute values alone, so none of it is ever read as markup.

const svgNames = new Set(['svg', 'path', 'line', 'circle', 'text', 'g']);

export function el(name, attributes = {}, ...children) {
  const node = svgNames.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Puts new content in the place of the old. The element that had the focus has it again, if the new content has one of the same id. */
export function fill(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : '';
  parent.replaceChildren(...children.flat().filter((child) => child !== null));
  if (focused) byId(focused)?.focus();
}

/** Changes a text where it differs, so that nothing is announced twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A table in a region that scrolls by itself, so that the page never has to. Each row is a list of cells, of texts or elements. */
export function table(id, caption, columns, rows) {
  return el('div', { id, class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    el('table', {},
      el('thead', {}, el('tr', {}, columns.map(({ title, kind }) => el('th', { scope: 'col', class: kind }, title || el('span', { class: 'unseen' }, 'Actions'))))),
      el('tbody', {}, rows.map((cells) => el('tr', {}, cells.map((cell, index) => el('td', { class: columns[index].kind }, cell)))))));
}

/** A name within a sentence, kept apart so that its direction of writing does not turn the words around it. */
export const named = (name) => el('bdi', {}, name);

/** What stands where there is nothing yet: why, and what to do next. */
export const empty = (text, ...more) => el('div', { class: 'empty' }, el('p', {}, text), more);

export const figure = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));

let toastTimer;

/** Tells for some seconds what was done, or what could not be. */
export function toast(...words) {
  byId('toast').replaceChildren(...words);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { byId('toast').textContent = ''; }, 8000);
}

/** Asks before something is lost; `lost` are sentences that name it. They and the title are lists of words and names. True when the answer is yes. */
export function confirmLoss(title, lost, action) {
  const dialog = byId('dialog'), asked = document.activeElement.id;
  byId('dialog-title').replaceChildren(...title);
  byId('dialog-lost').replaceChildren(...lost.map((sentence) => el('p', {}, ...sentence)));
  byId('dialog-ok').textContent = action;
  dialog.returnValue = '';
  dialog.showModal();
  byId('dialog-cancel').focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      // The button that asked may have been made anew meanwhile; the browser gives the focus back to the old one alone.
      byId(asked)?.focus();
      resolve(dialog.returnValue === 'ok');
    }, { once: true });
  });
}
