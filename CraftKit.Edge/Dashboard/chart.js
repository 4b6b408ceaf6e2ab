// Events a second over the last minutes: an area for those recorded, a line for duplicates.

import { el, setText } from './dom.js';
import { compact, number } from './text.js';

const height = 220, left = 52, right = 10, top = 10, bottom = 26, plot = height - top - bottom;
const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -60, PageDown: 60, Home: -Infinity, End: Infinity };

/** The step of an axis: 1, 2 or 5 times a power of ten, so that four of them reach the largest value. */
function stepFor(largest) {
  const least = Math.max(largest, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= least);
}

/** Draws into `parent`, and writes into `readout` what stands at the second that pointer or arrow keys choose.
 * Returns what takes new figures: two lists with a value for each second, oldest first. */
export function chart(parent, readout) {
  const grid = el('g'), area = el('path', { class: 'area' });
  const lines = [el('path', { class: 'line recorded' }), el('path', { class: 'line duplicate' })];
  const dots = [el('circle', { class: 'recorded', r: 4 }), el('circle', { class: 'duplicate', r: 4 })];
  const cursor = el('g', { visibility: 'hidden' }, el('line', { class: 'cursor', y1: top, y2: height - bottom }), dots);
  const svg = el('svg', { role: 'slider', tabindex: 0, 'aria-label': 'Second of the chart of events a second' }, grid, area, lines, cursor);
  parent.replaceChildren(svg);
  let series = [[], []], chosen = null, width = 0, limit = 1;

  const count = () => series[0].length;
  const x = (index) => left + (width - left - right) * index / Math.max(1, count() - 1);
  const y = (value) => height - bottom - plot * value / limit;
  const trace = (values) => values.map((value, index) => `${index ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');

  function tell() {
    const index = chosen ?? count() - 1;
    const [recorded, duplicates] = series.map((values) => values[index] ?? 0);
    const ago = count() - 1 - index;
    setText(readout, chosen !== null
      ? `${ago === 0 ? 'The last second' : `${ago} s before`}: ${number(recorded)} recorded, ${number(duplicates)} duplicate.`
      : series.flat().every((value) => value === 0)
        ? 'No event in the last five minutes. The next one shows here within a second.'
        : 'The last five minutes. Point at a second, or use the arrow keys, to read it.');
    svg.setAttribute('aria-valuenow', index);
    svg.setAttribute('aria-valuetext', readout.textContent);
    cursor.setAttribute('visibility', chosen === null ? 'hidden' : 'visible');
    if (chosen === null) return;
    cursor.setAttribute('transform', `translate(${x(index).toFixed(1)} 0)`);
    dots[0].setAttribute('cy', y(recorded));
    dots[1].setAttribute('cy', y(duplicates));
  }

  function choose(index) {
    chosen = index === null || count() === 0 ? null : Math.max(0, Math.min(count() - 1, index));
    tell();
  }

  function draw() {
    width = Math.max(240, parent.clientWidth);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const largest = Math.max(1, ...series.flat()), step = stepFor(largest);
    limit = step * Math.ceil(largest / step);
    const marks = [];
    for (let value = 0; value <= limit; value += step) {
      marks.push(el('line', { x1: left, x2: width - right, y1: y(value), y2: y(value) }));
      marks.push(el('text', { x: left - 10, y: y(value) + 4, class: 'end' }, compact(value)));
    }
    for (let ago = 0; ago < count(); ago += 60) {
      const place = { x: x(count() - 1 - ago), y: height - 6, class: ago === 0 ? 'end' : 'middle' };
      marks.push(el('text', place, ago === 0 ? 'now' : `${ago / 60} min`));
    }
    grid.replaceChildren(...marks);
    const traces = series.map(trace);
    area.setAttribute('d', `${traces[0]}L${x(count() - 1)} ${y(0)}L${x(0)} ${y(0)}Z`);
    lines.forEach((line, index) => line.setAttribute('d', traces[index]));
    svg.setAttribute('aria-valuemin', 0);
    svg.setAttribute('aria-valuemax', count() - 1);
    tell();
  }

  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) * width / box.width - left) / (width - left - right);
    choose(Math.round(share * (count() - 1)));
  });
  svg.addEventListener('pointerleave', () => choose(null));
  svg.addEventListener('blur', () => choose(null));
  svg.addEventListener('keydown', (event) => {
    if (!(event.key in moves)) return;
    event.preventDefault();
    choose((chosen ?? count()) + moves[event.key]);
  });
  addEventListener('resize', () => { if (count() > 0) draw(); });

  return (recorded, duplicates) => {
    series = [recorded, duplicates];
    draw();
  };
}
