// One render's engagement and its newest events.

import { byId, el, empty, figure, fill, named, table } from './dom.js';
import { readEngagement } from './api.js';
import { number, time } from './text.js';
import { run } from './forms.js';

const types = { viewed: 'Viewed', downloaded: 'Downloaded', printed: 'Printed' };
const columns = [
  { title: 'Time, UTC', kind: 'time' }, { title: 'Event' }, { title: 'Metadata' }, { title: 'Share', kind: 'id' }, { title: 'Address', kind: 'id' },
  { title: 'User agent', kind: 'agent' },
];

function metadata(value) {
  if (value === null) return '–';
  const line = JSON.stringify(value);
  return el('details', {},
    el('summary', {}, el('code', {}, line.length > 40 ? `${line.slice(0, 40)}…` : line)),
    el('pre', {}, JSON.stringify(value, null, 2)));
}

function engagement(id, { counts, linkOpens, total, recent }) {
  const figures = Object.entries(types).map(([type, name]) => figure(name, number(counts[type])));
  return [
    el('h3', {}, id),
    el('dl', { class: 'figures' }, figures, figure('Viewed through the share', number(linkOpens)), figure('Total', number(total))),
    recent.length === 0
      ? empty('This render is known and has had no event yet.')
      : table('recent', `Newest events of ${id}`, columns, recent.map((event) => [
        time(event.createdAt), types[event.eventType], metadata(event.metadata), event.shareId ?? '–', event.sourceIp ?? '–', event.userAgent ?? '–'])),
  ];
}

export function lookup() {
  const form = byId('lookup'), project = byId('lookup-project'), render = byId('lookup-render'), result = byId('lookup-result');

  async function show() {
    const id = render.value, owner = project.selectedOptions[0].label;
    try {
      fill(result, engagement(id, await readEngagement(project.value, id)));
    } catch (fault) {
      if (fault.status !== 404) throw fault;
      fill(result, empty([named(owner), ` has no render ${id}. Open the project below to see which it has.`]));
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form.querySelector('button'), (text) => fill(result, el('p', { class: 'fault' }, text)), show);
  });

  return {
    /** Offers other projects than before; what was chosen stays chosen. */
    offer(projects) {
      const chosen = project.value, had = project.options.length > 0;
      fill(project, projects.map(({ id, name }) => el('option', { value: id }, name)));
      if (projects.some(({ id }) => id === chosen)) project.value = chosen;
      form.hidden = projects.length === 0;
      if (!had || form.hidden) fill(result, form.hidden ? empty('There is nothing to look up before there is a project with a render. Create one below.') : []);
    },
    show(projectId, renderId) {
      project.value = projectId;
      render.value = renderId;
      form.scrollIntoView();
      render.focus({ preventScroll: true });
      form.requestSubmit();
    },
  };
}
