import { byId, el, fill, number, table, empty, time } from './dom.js';
import { call, path } from './api.js';

const names = { viewed: 'Viewed', downloaded: 'Downloaded', printed: 'Printed' };

const figure = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, number(value)));

function details(event) {
  return event.metadata === null ? '–' : el('details', {}, el('summary', {}, 'metadata'), el('pre', {}, JSON.stringify(event.metadata, null, 2)));
}

function engagement(id, found) {
  const figures = el('dl', { class: 'figures' },
    Object.entries(names).map(([key, name]) => figure(name, found.counts[key])), figure('Through a link', found.linkOpens), figure('Total', found.total));
  const columns = [{ title: 'Time, UTC' }, { title: 'Event' }, { title: 'Share', class: 'id' }, { title: 'Address', class: 'id' }, { title: 'User agent' }, { title: 'Details' }];
  return [el('h3', {}, id), figures, found.recent.length === 0
    ? empty('This render is known and has had no event yet.')
    : table(`Recent events of ${id}`, columns, found.recent.map((event) => [
      time(event.createdAt), names[event.eventType] ?? event.eventType, event.shareId ?? '–', event.sourceIp ?? '–', event.userAgent ?? '–', details(event)]))];
}

export function lookup() {
  const form = byId('lookup'), project = byId('lookup-project'), render = byId('lookup-render'), result = byId('lookup-result');

  async function show() {
    try {
      fill(result, engagement(render.value, await call('GET', path('projects', project.value, 'renders', render.value, 'engagement'))));
    } catch (fault) {
      fill(result, el('p', { class: 'fault' }, fault.status === 404 ? `The project has no render ${render.value}.` : fault.message));
    }
  }

  form.addEventListener('submit', (event) => { event.preventDefault(); show(); });
  return {
    setProjects(projects) {
      const chosen = project.value;
      fill(project, projects.map((item) => el('option', { value: item.id }, item.name)));
      if (projects.some((item) => item.id === chosen)) project.value = chosen;
    },
    show(projectId, renderId) {
      project.value = projectId;
      render.value = renderId;
      form.scrollIntoView({ block: 'start' });
      render.focus();
      show();
    },
  };
}
