// The renders of a project, a page at a time.

import { confirmLoss, el, empty, fill, table, toast } from './dom.js';
import { call, path } from './api.js';
import { count, time } from './text.js';
import { button, field, form, idRules, link } from './forms.js';

/** The most that the service lists at once. */
export const mostRenders = 1000;

const pageSize = 25;
const columns = [{ title: 'Render', kind: 'id' }, { title: 'Share', kind: 'id' }, { title: 'Created, UTC', kind: 'time spare' }, { title: '', kind: 'actions' }];

export function renders(project, onRender) {
  const id = field('Id of a render', { required: true, ...idRules }), share = field('Share, if it has one', idRules);
  const title = el('h3', { tabindex: -1 }, 'Renders'), list = el('div', { class: 'stack' });
  let after = null;

  async function load(from = null) {
    after = from;
    const query = `?limit=${pageSize}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
    const { renders: some, next } = await call('GET', path('projects', project.id, 'renders') + query);
    if (some.length === 0 && after !== null) return load();
    if (some.length === 0) {
      fill(list, empty('This project has no render yet, and events are taken for known renders alone. Add one here, or many at once:', el('pre', {}, 'craftkit-edge render import FILE')));
      return;
    }
    fill(list, table(`renders-${project.id}`, `Renders of ${project.name}`, columns, some.map((render) => [
      link(`render-${render.id}`, render.id, () => onRender(project.id, render.id)),
      render.shareId ?? '–', time(render.createdAt),
      button(`delete-render-${render.id}`, 'danger', 'Delete', `Delete render ${render.id}`, () => remove(render))])),
    after === null && next === null ? null : el('div', { class: 'row' },
      after === null ? null : button('first-page', 'plain', 'First page', 'First page of renders', () => load()),
      next === null ? null : button('next-page', 'plain', 'Next page', 'Next page of renders', () => load(next))));
  }

  async function put() {
    await call('PUT', path('projects', project.id, 'renders', id.input.value), share.input.value === '' ? {} : { shareId: share.input.value });
    toast(`The render ${id.input.value} is known.`);
    id.input.value = share.input.value = '';
    await load(after);
  }

  async function remove(render) {
    const { total } = await call('GET', path('projects', project.id, 'renders', render.id, 'engagement'));
    const lost = [
      [`Events for ${render.id} are answered with 404 from now on, and its engagement can no longer be read.`],
      [`What stays, stored and in the export: ${count(total, 'event')}. They count again when the render is added again.`],
    ];
    if (!await confirmLoss([`Delete the render ${render.id}?`], lost, 'Delete render')) return;
    await call('DELETE', path('projects', project.id, 'renders', render.id));
    await load(after);
    title.focus();
    toast(`The render ${render.id} is deleted.`);
  }

  return { load, node: el('div', { class: 'panel' }, title, form('Add render', [id, share], put), list) };
}
