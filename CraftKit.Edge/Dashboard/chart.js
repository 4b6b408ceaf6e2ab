import { el, compact } from './dom.js';

const height = 208, left = 44, right = 8, top = 8, bottom = 24;

/** A step that divides the axis into four at most, of 1, 2 or 5 times a power of ten. */
function step(max) {
  const raw = Math.max(max, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= raw);
}

const line = (values, x, y) => values.map((value, index) => `${index ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');

/** Two lines over the last minutes; where the pointer or the arrow keys are, `tell` learns the second and its figures. */
export function chart(parent, tell) {
  const grid = el('g', {}), area = el('path', { class: 'area' });
  const recordedLine = el('path', { class: 'recorded' }), duplicateLine = el('path', { class: 'duplicate' });
  const cursor = el('line', { class: 'cursor', y1: top, y2: height - bottom, visibility: 'hidden' });
  const svg = el('svg', { role: 'img', tabindex: 0 }, grid, area, recordedLine, duplicateLine, cursor);
  parent.replaceChildren(svg);
  let recorded = [], duplicates = [], at = null, width = 900;

  const x = (index) => left + (width - left - right) * (recorded.length < 2 ? 1 : index / (recorded.length - 1));

  function point(index) {
    at = index === null ? null : Math.max(0, Math.min(recorded.length - 1, index));
    cursor.setAttribute('visibility', at === null ? 'hidden' : 'visible');
    if (at !== null) {
      cursor.setAttribute('x1', x(at));
      cursor.setAttribute('x2', x(at));
    }
    tell(at === null ? null : { ago: recorded.length - 1 - at, recorded: recorded[at], duplicates: duplicates[at] });
  }

  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width * width - left) / (width - left - right);
    point(Math.round(share * (recorded.length - 1)));
  });
  svg.addEventListener('pointerleave', () => point(null));
  svg.addEventListener('blur', () => point(null));
  svg.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30, Home: -1e6, End: 1e6 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    point((at ?? recorded.length) + move);
  });

  return (newRecorded, newDuplicates) => {
    width = Math.max(240, parent.clientWidth);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    recorded = newRecorded;
    duplicates = newDuplicates;
    const unit = step(Math.max(1, ...recorded, ...duplicates));
    const limit = unit * Math.max(1, Math.ceil(Math.max(1, ...recorded, ...duplicates) / unit));
    const y = (value) => height - bottom - (height - top - bottom) * value / limit;
    const marks = [];
    for (let value = 0; value <= limit; value += unit) {
      marks.push(el('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }));
      marks.push(el('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, compact(value)));
    }
    const minutes = Math.round(recorded.length / 60);
    marks.push(el('text', { x: left, y: height - 4 }, `${minutes} min ago`), el('text', { x: width - right, y: height - 4, 'text-anchor': 'end' }, 'now'));
    grid.replaceChildren(...marks);
    const top_ = line(recorded, x, y);
    area.setAttribute('d', recorded.length ? `${top_}L${x(recorded.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z` : '');
    recordedLine.setAttribute('d', top_);
    duplicateLine.setAttribute('d', line(duplicates, x, y));
    const peak = Math.max(0, ...recorded);
    svg.setAttribute('aria-label', `Events a second over the last ${minutes} minutes: ${compact(recorded.at(-1) ?? 0)} recorded and ${compact(duplicates.at(-1) ?? 0)} duplicate now, ${compact(peak)} recorded at most. Arrow keys read single seconds.`);
    if (at !== null) point(at);
  };
}
