import { byId, el, fill, number, compact, bytes, seconds, table, empty, time } from './dom.js';
import { follow, session } from './api.js';
import { chart } from './chart.js';

const staleAfter = 3500, pauses = [1000, 2000, 5000, 10000];

function gauge(name, share, text, limit) {
  const percent = Math.min(100, Math.max(0, share * 100));
  return el('div', { class: share > limit ? 'gauge high' : 'gauge' },
    el('span', {}, name), el('output', {}, text),
    el('div', { class: 'track', role: 'meter', 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': percent.toFixed(1), 'aria-valuetext': text },
      svgFill(percent)));
}

// A width by style would need an inline style, which the page's policy forbids to markup but not to script.
function svgFill(percent) {
  const node = el('span', { class: 'fill' });
  node.style.width = `${percent}%`;
  return node;
}

const figure = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));

const pair = (name, value) => [el('dt', {}, name), el('dd', {}, value)];

export function live({ onRender, onSignedOut }) {
  const readout = byId('chart-readout');
  let pointed = false;
  const draw = chart(byId('chart'), (second) => {
    pointed = second !== null;
    readout.textContent = second === null ? 'The last five minutes'
      : `${second.ago === 0 ? 'This second' : `${second.ago} s ago`}: ${number(second.recorded)} recorded, ${number(second.duplicates)} duplicate`;
  });
  let last = 0, stopped = false;
  const controller = new AbortController();

  function show(stats) {
    last = performance.now();
    state(stats.ready ? 'Live' : 'Not ready', stats.ready ? 'good' : 'bad');
    const reasons = byId('reasons');
    reasons.hidden = stats.ready;
    reasons.textContent = stats.ready ? '' : `Not ready: ${stats.reasons.join('; ')}.`;
    byId('version').textContent = stats.version;
    byId('rate-recorded').textContent = compact(stats.seconds.recorded.at(-1) ?? 0);
    byId('rate-duplicate').textContent = compact(stats.seconds.duplicates.at(-1) ?? 0);
    draw(stats.seconds.recorded, stats.seconds.duplicates);
    if (!pointed && stats.recorded === 0 && stats.duplicates === 0) readout.textContent = 'No event since the start. The first one shows here within a second.';
    const today = stats.today;
    fill(byId('today'), figure('Viewed', number(today.viewed)), figure('Downloaded', number(today.downloaded)), figure('Printed', number(today.printed)));
    const { journal, writer, wal, window: keys } = stats;
    fill(byId('gauges'),
      gauge('Journal', journal.usedBytes / journal.capacityBytes, `${bytes(journal.usedBytes)} of ${bytes(journal.capacityBytes)}`, 0.8),
      gauge('Writer behind', writer.behindSeconds / writer.behindLimitSeconds, `${seconds(writer.behindSeconds)} of ${seconds(writer.behindLimitSeconds)}`, 1),
      gauge('Write-ahead log', wal.bytes / wal.limitBytes, `${bytes(wal.bytes)} of ${bytes(wal.limitBytes)}`, 2),
      gauge('Window', keys.keys / keys.maxKeys, `${number(keys.keys)} of ${compact(keys.maxKeys)} keys`, 0.9));
    fill(byId('busiest'), stats.busiest.length === 0
      ? empty('No render has had an event today.')
      : table('Busiest renders', [{ title: 'Render', class: 'id' }, { title: 'Project' }, { title: 'Events', class: 'number' }],
        stats.busiest.map((row) => [
          el('button', { type: 'button', class: 'link', onclick: () => onRender(row.projectId, row.renderId) }, row.renderId), row.projectId, number(row.events)])));
    fill(byId('service'),
      pair('Projects, keys', `${number(stats.catalog.projects)}, ${number(stats.catalog.keys)}`),
      pair('Renders', number(stats.catalog.renders)),
      pair('Recorded, duplicate', `${number(stats.recorded)}, ${number(stats.duplicates)}`),
      pair('Answered in (median, 99 %)', stats.latency ? `${seconds(stats.latency.p50)}, ${seconds(stats.latency.p99)}` : '–'),
      pair('Memory', bytes(stats.process.residentBytes)),
      pair('Socket loop lag', seconds(stats.socketLoopLagSeconds)),
      pair('Running since', time(stats.startedAt)));
  }

  function state(text, kind) {
    const node = byId('state');
    if (node.textContent !== text) node.textContent = text;
    node.className = kind ? `pill ${kind}` : 'pill';
  }

  const watch = setInterval(() => {
    if (last && performance.now() - last > staleAfter) state(`Stale for ${Math.round((performance.now() - last) / 1000)} s`, 'bad');
  }, 500);

  (async () => {
    for (let attempt = 0; !stopped; attempt++) {
      try {
        await follow('/v1/stats/stream', controller.signal, (stats) => { attempt = 0; show(stats); });
      } catch (fault) {
        if (stopped) return;
        if (fault.status === 401) return onSignedOut('The account key is no longer valid.');
        if (!last) state('Connecting…', 'bad');
      }
      await new Promise((resolve) => { setTimeout(resolve, pauses[Math.min(attempt, pauses.length - 1)]); });
    }
  })();

  return () => {
    stopped = true;
    clearInterval(watch);
    controller.abort();
    session.key = null;
    state('Not signed in', null);
  };
}
