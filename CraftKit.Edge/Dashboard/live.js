// The figures that move: read from the stream of statistics, which is opened again whenever it ends.

import { byId, el, empty, fill, setText, table } from './dom.js';
import { follow, isTold } from './api.js';
import { bytes, compact, count, number, seconds, time } from './text.js';
import { chart } from './chart.js';
import { link } from './forms.js';

// Milliseconds. The service sends every second; a connection that is silent for longer than `silent` is given up.
const stale = 3500, silent = 10000, pauses = [500, 1000, 2000, 4000];

/** A bar between nothing and a limit; `high` is the share of the limit from which on it is a bad sign. */
function gauge(name, high) {
  const text = el('dd'), fillOf = el('span', { class: 'fill' });
  const track = el('div', { class: 'track', role: 'meter', 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 100 }, fillOf);
  const node = el('div', { class: 'gauge' }, el('dt', {}, name), text, el('dd', { class: 'bar-cell' }, track));
  return {
    node,
    show(value, limit, words) {
      const share = limit > 0 ? value / limit : 0;
      const percent = Math.min(100, share * 100).toFixed(1);
      setText(text, words);
      node.classList.toggle('high', share >= high);
      fillOf.style.width = `${percent}%`;
      track.setAttribute('aria-valuenow', percent);
      track.setAttribute('aria-valuetext', words);
    },
  };
}

/** A name with a figure beside it. */
function pair(name) {
  const text = el('dd', {}, '–');
  return { nodes: [el('dt', {}, name), text], show: (value) => setText(text, value) };
}

export function live({ nameOf, onRender, onCatalog }) {
  const draw = chart(byId('chart'), byId('chart-readout'));
  const today = { viewed: gauge('Viewed', 2), downloaded: gauge('Downloaded', 2), printed: gauge('Printed', 2) };
  // The write-ahead log may pass its limit while a reader holds it, so that alone is not a bad sign.
  const gauges = { journal: gauge('Journal', 0.8), writer: gauge('Writer behind', 1), wal: gauge('Write-ahead log', 2), window: gauge('Window', 0.9) };
  const pairs = {
    answers: pair('Answers take, median'), slow: pair('99 of 100 take at most'), recorded: pair('Recorded since the start'),
    duplicates: pair('Duplicates since the start'), catalog: pair('Projects, live keys'), renders: pair('Renders'), memory: pair('Memory'),
    lag: pair('Socket loop lag'), started: pair('Running since, UTC'),
  };
  fill(byId('today'), Object.values(today).map(({ node }) => node));
  fill(byId('gauges'), Object.values(gauges).map(({ node }) => node));
  fill(byId('service'), Object.values(pairs).flatMap(({ nodes }) => nodes));
  let last = null, shownBusiest = null, shownProjects = null, controller = null, watch = null;

  function state(text, kind) {
    const node = byId('state');
    setText(node, text);
    node.className = `pill ${kind}`;
  }

  function notice(id, text) {
    byId(id).hidden = text === '';
    setText(byId(id), text);
  }

  function showBusiest(busiest) {
    const text = JSON.stringify(busiest.map((row) => [row, nameOf(row.projectId)]));
    if (text === shownBusiest) return;
    shownBusiest = text;
    fill(byId('busiest'), busiest.length === 0
      ? empty('No render has had an event today. Send one with a project’s key:', el('pre', {}, 'POST /v1/renders/{id}/events'))
      : table('busiest-table', 'Busiest renders of today', [{ title: 'Render', kind: 'id' }, { title: 'Project' }, { title: 'Events', kind: 'number' }],
        busiest.map(({ projectId, renderId, events }) => [
          link(`busy-${projectId}-${renderId}`, renderId, () => onRender(projectId, renderId)),
          nameOf(projectId), number(events)])));
  }

  function show(stats) {
    last = { at: performance.now(), time: stats.time, busiest: stats.busiest };
    state(stats.ready ? 'Live' : 'Not ready', stats.ready ? 'good' : 'bad');
    notice('stale', '');
    notice('reasons', [stats.ready ? '' : `Not ready: ${stats.reasons.join('; ')}.`, stats.writer.failure ? `The writer fails: ${stats.writer.failure}` : ''].join(' ').trim());
    setText(byId('version'), stats.version);
    setText(byId('rate-recorded'), compact(stats.seconds.recorded.at(-1) ?? 0));
    setText(byId('rate-duplicate'), compact(stats.seconds.duplicates.at(-1) ?? 0));
    draw(stats.seconds.recorded, stats.seconds.duplicates);

    const all = Object.values(stats.today).reduce((sum, value) => sum + value, 0);
    for (const [type, row] of Object.entries(today)) row.show(stats.today[type], all, number(stats.today[type]));
    setText(byId('today-total'), `${count(all, 'event')}, UTC`);
    const { journal, writer, wal, window: keys, latency, catalog } = stats;
    gauges.journal.show(journal.usedBytes, journal.capacityBytes, `${bytes(journal.usedBytes)} of ${bytes(journal.capacityBytes)}`);
    gauges.writer.show(writer.behindSeconds, writer.behindLimitSeconds, `${seconds(writer.behindSeconds)} of ${seconds(writer.behindLimitSeconds)}`);
    gauges.wal.show(wal.bytes, wal.limitBytes, `${bytes(wal.bytes)} of ${bytes(wal.limitBytes)}`);
    gauges.window.show(keys.keys, keys.maxKeys, `${compact(keys.keys)} of ${compact(keys.maxKeys)} keys`);
    showBusiest(stats.busiest);

    pairs.answers.show(latency === null ? '–' : seconds(latency.p50));
    pairs.slow.show(latency === null ? '–' : seconds(latency.p99));
    pairs.recorded.show(number(stats.recorded));
    pairs.duplicates.show(number(stats.duplicates));
    pairs.catalog.show(`${number(catalog.projects)}, ${number(catalog.keys)}`);
    pairs.renders.show(number(catalog.renders));
    pairs.memory.show(bytes(stats.process.residentBytes));
    pairs.lag.show(seconds(stats.socketLoopLagSeconds));
    pairs.started.show(time(stats.startedAt));

    // Somebody else may have made or deleted a project.
    if (shownProjects !== catalog.projects) onCatalog();
    shownProjects = catalog.projects;
  }

  function look(started) {
    const age = performance.now() - (last?.at ?? started);
    if (age < stale) return;
    state(last === null ? 'No connection' : 'Stale', 'bad');
    notice('stale', last === null
      ? 'The service has not answered yet. Trying again by itself.'
      : `The connection is lost, and these figures are from ${time(last.time)} UTC. Trying again by itself.`);
  }

  async function run({ signal }) {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const connection = new AbortController();
      let silence = null;
      const hear = () => {
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(), silent);
      };
      hear();
      shownProjects = null;
      try {
        await follow('/v1/stats/stream', AbortSignal.any([signal, connection.signal]), (stats) => {
          attempt = 0;
          hear();
          // Not in here: a fault of the page is none of the connection.
          queueMicrotask(() => { if (!signal.aborted) show(stats); });
        });
      } catch (fault) {
        // A lost connection is told by its age, and there is nothing to do but to try again.
        if (!isTold(fault)) console.info(`The stream of statistics ended: ${fault.message}`);
      }
      clearTimeout(silence);
      await new Promise((resolve) => { setTimeout(resolve, pauses[Math.min(attempt, pauses.length - 1)]); });
    }
  }

  return {
    start() {
      const started = performance.now();
      last = shownBusiest = null;
      state('Connecting', '');
      controller = new AbortController();
      watch = setInterval(() => look(started), 500);
      run(controller);
    },
    stop() {
      controller?.abort();
      clearInterval(watch);
      state('Not signed in', '');
      notice('stale', '');
      notice('reasons', '');
    },
    /** Shows projects by the names that they have now. */
    refresh() { if (last !== null) showBusiest(last.busiest); },
  };
}
