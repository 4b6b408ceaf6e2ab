import { byId, el, fill, table, empty, time, toast, confirmLoss } from './dom.js';
import { call, path } from './api.js';

const pageSize = 50;

/** Runs what a button asks for, once at a time, and tells what went wrong. */
async function run(button, action) {
  button.disabled = true;
  try {
    await action();
  } catch (fault) {
    toast(fault.message);
  } finally {
    button.disabled = false;
  }
}

const button = (text, kind, label, action) => {
  const node = el('button', { type: 'button', class: `small ${kind}`, 'aria-label': label });
  node.append(text);
  node.addEventListener('click', () => run(node, action));
  return node;
};

function form(label, action, submit, extra = []) {
  const id = `field-${crypto.randomUUID()}`;
  const input = el('input', { id, autocomplete: 'off', spellcheck: false });
  const send = el('button', { type: 'submit', class: 'small' }, action);
  const node = el('form', { class: 'row' }, el('div', { class: 'grow' }, el('label', { for: id }, label), input), extra, send);
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    run(send, () => submit(input));
  });
  return node;
}

export function manage({ onProjects, onRender }) {
  let projects = [], open = null;

  async function load() {
    ({ projects } = await call('GET', path('projects')));
    onProjects(projects);
    fill(byId('projects'), projects.length === 0
      ? empty('There is no project yet. A project owns API keys and renders: create one above, then a key and a render in it.')
      : table('Projects', [{ title: 'Name' }, { title: 'Id', class: 'id' }, { title: 'Created, UTC' }, { title: '', class: 'actions' }],
        projects.map((project) => [
          el('button', { type: 'button', class: 'link', 'aria-expanded': String(open === project.id), onclick: () => select(project.id) }, project.name),
          project.id, time(project.createdAt), button('Delete', 'danger', `Delete project ${project.name}`, () => removeProject(project))])));
    if (open && !projects.some((project) => project.id === open)) open = null;
    if (open === null) fill(byId('project'));
  }

  async function select(id) {
    open = id;
    await load();
    const project = projects.find((item) => item.id === id);
    if (!project) return;
    const keys = el('div', {}), renders = el('div', {}), secret = el('div', { 'aria-live': 'polite' });
    fill(byId('project'),
      el('div', { class: 'panel' },
        el('div', { class: 'split' }, el('h3', { tabindex: -1, id: 'project-title' }, project.name)),
        form('Rename', 'Rename project', async (input) => {
          await call('PATCH', path('projects', id), { name: input.value });
          toast('Renamed.');
          await select(id);
        })),
      el('div', { class: 'panel' }, el('h3', {}, 'API keys'), form('Name of a new key, such as the backend that will use it', 'Create key', async (input) => {
        const created = await call('POST', path('projects', id, 'keys'), input.value ? { name: input.value } : {});
        input.value = '';
        fill(secret, el('div', { class: 'secret' },
          el('p', {}, `The key ${created.name}. Copy it now: it is stored nowhere and is not shown again.`),
          el('pre', { tabindex: 0 }, created.key),
          button('Copy', 'plain', 'Copy the key', async () => { await navigator.clipboard.writeText(created.key); toast('Copied.'); })));
        await showKeys(project, keys);
      }), secret, keys),
      el('div', { class: 'panel' }, el('h3', {}, 'Renders'), renderForm(project, renders), renders));
    byId('project-title').focus();
    await Promise.all([showKeys(project, keys), showRenders(project, renders)]);
  }

  function renderForm(project, renders) {
    const shareId = `field-${crypto.randomUUID()}`;
    const share = el('input', { id: shareId, autocomplete: 'off', spellcheck: false, maxlength: 64 });
    return form('Id of a render', 'Put render', async (input) => {
      await call('PUT', path('projects', project.id, 'renders', input.value), share.value ? { shareId: share.value } : {});
      input.value = share.value = '';
      await showRenders(project, renders);
    }, [el('div', {}, el('label', { for: shareId }, 'Share, if it has one'), share)]);
  }

  async function showKeys(project, parent) {
    const { keys } = await call('GET', path('projects', project.id, 'keys'));
    fill(parent, keys.length === 0
      ? empty('This project has no key, so nothing can be recorded for it yet. Create one above.')
      : table(`API keys of ${project.name}`,
        [{ title: 'Name' }, { title: 'Begins with', class: 'id' }, { title: 'Created, UTC' }, { title: 'Last used, UTC' }, { title: '', class: 'actions' }],
        keys.map((key) => [key.name, `${key.prefix}…`, time(key.createdAt), time(key.lastUsedAt), key.revokedAt
          ? el('span', { class: 'quiet' }, `revoked ${time(key.revokedAt)}`)
          : button('Revoke', 'danger', `Revoke key ${key.name}`, async () => {
            const lost = [`Whoever uses ${key.prefix}… gets 401 from now on. This cannot be undone.`, `Last used: ${time(key.lastUsedAt)}.`];
            if (!await confirmLoss(`Revoke the key ${key.name}?`, lost, 'Revoke key')) return;
            await call('DELETE', path('projects', project.id, 'keys', key.id));
            await showKeys(project, parent);
          })])));
  }

  async function showRenders(project, parent, after = null) {
    const query = `?limit=${pageSize}${after ? `&after=${encodeURIComponent(after)}` : ''}`;
    const page = await call('GET', path('projects', project.id, 'renders') + query);
    if (page.renders.length === 0 && !after) {
      fill(parent, empty('This project has no render. Events are taken for known renders alone: put one above, or many with', el('pre', {}, 'craftkit-edge render import FILE')));
      return;
    }
    fill(parent, table(`Renders of ${project.name}`,
      [{ title: 'Render', class: 'id' }, { title: 'Share', class: 'id' }, { title: 'Created, UTC' }, { title: '', class: 'actions' }],
      page.renders.map((render) => [
        el('button', { type: 'button', class: 'link', onclick: () => onRender(project.id, render.id) }, render.id),
        render.shareId ?? '–', time(render.createdAt),
        button('Delete', 'danger', `Delete render ${render.id}`, async () => {
          const lost = ['Events for it are answered with 404 from now on.', 'The events that it has stay stored and in the export.'];
          if (!await confirmLoss(`Delete the render ${render.id}?`, lost, 'Delete render')) return;
          await call('DELETE', path('projects', project.id, 'renders', render.id));
          await showRenders(project, parent, after);
        })])),
    el('div', { class: 'row' },
      after ? button('First page', 'plain', 'First page of renders', () => showRenders(project, parent)) : null,
      page.next ? button('Next page', 'plain', 'Next page of renders', () => showRenders(project, parent, page.next)) : null));
  }

  async function removeProject(project) {
    const lost = [`All keys of ${project.name} answer 403 from now on, and its renders can no longer be reached. This cannot be undone.`,
      'Its events stay stored and in the export.'];
    if (!await confirmLoss(`Delete the project ${project.name}?`, lost, 'Delete project')) return;
    await call('DELETE', path('projects', project.id));
    await load();
  }

  const create = byId('project-new');
  create.addEventListener('submit', (event) => {
    event.preventDefault();
    const input = byId('project-name');
    run(create.querySelector('button'), async () => {
      const project = await call('POST', path('projects'), { name: input.value });
      input.value = '';
      await select(project.id);
    });
  });
  return load;
}
