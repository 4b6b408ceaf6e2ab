// The list of projects, and the one that is open.

import { byId, confirmLoss, el, empty, fill, named, table, toast } from './dom.js';
import { call, path } from './api.js';
import { number, time } from './text.js';
import { button, field, form, link } from './forms.js';
import { keys } from './keys.js';
import { mostRenders, renders } from './renders.js';

const columns = [{ title: 'Project' }, { title: 'Id', kind: 'id' }, { title: 'Created, UTC', kind: 'time spare' }, { title: '', kind: 'actions' }];

export function projects({ onList, onRender }) {
  const name = field('Name of a new project', { required: true, maxlength: 120 });
  fill(byId('project-new'), form('Create project', [name], async () => {
    const { id } = await call('POST', path('projects'), { name: name.input.value });
    name.input.value = '';
    await load();
    await open(id);
  }));
  let list = [], openId = null;

  async function load() {
    ({ projects: list } = await call('GET', path('projects')));
    onList(list);
    if (openId !== null && !list.some(({ id }) => id === openId)) close();
    else show();
  }

  function show() {
    fill(byId('projects'), list.length === 0
      ? empty('There is no project yet. A project owns API keys and renders: create one here, then a key for the program that sends events, then its renders.')
      : table('project-table', 'Projects', columns, list.map((project) => [
        opener(project), project.id, time(project.createdAt),
        button(`delete-${project.id}`, 'danger', 'Delete', `Delete project ${project.name}`, () => remove(project))])));
  }

  function opener({ id, name: called }) {
    const node = link(`open-${id}`, called, () => (id === openId ? close() : open(id)));
    node.ariaExpanded = String(id === openId);
    return node;
  }

  function close() {
    openId = null;
    fill(byId('project'));
    show();
  }

  async function open(id) {
    const project = list.find((one) => one.id === id);
    if (project === undefined) return;
    openId = id;
    show();
    const title = el('h3', { tabindex: -1 }, project.name);
    const newName = field('Name', { required: true, maxlength: 200, value: project.name });
    const keyList = keys(project), renderList = renders(project, onRender);
    fill(byId('project'),
      el('div', { class: 'panel' }, title, form('Rename project', [newName], async () => {
        const { name: now } = await call('PATCH', path('projects', id), { name: newName.input.value });
        project.name = title.textContent = now;
        await load();
        toast('The project is called ', named(now), ' now.');
      })),
      keyList.node, renderList.node);
    title.focus();
    await Promise.all([keyList.load(), renderList.load()]);
  }

  async function remove({ id, name: called }) {
    const [live, { renders: known, next }] = await Promise.all([
      call('GET', path('projects', id, 'keys')).then(({ keys: all }) => all.filter(({ revokedAt }) => revokedAt === null)),
      call('GET', `${path('projects', id, 'renders')}?limit=${mostRenders}`),
    ]);
    const lost = [
      ['Keys that open nothing any more: ', ...(live.length === 0 ? ['none'] : live.flatMap((key, index) => [index === 0 ? '' : ', ', named(key.name)])), '.'],
      [`Renders that can no longer be reached: ${next === null ? number(known.length) : `more than ${number(known.length)}`}. No other project can take their ids.`],
      ['Events stay stored and in the export. The deletion cannot be undone.'],
    ];
    if (!await confirmLoss(['Delete the project ', named(called), '?'], lost, 'Delete project')) return;
    await call('DELETE', path('projects', id));
    await load();
    byId('manage-title').focus();
    toast('The project ', named(called), ' is deleted.');
  }

  return { load };
}
