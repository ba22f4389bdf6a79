/** The live chart: messages on the left axis, tasks as steps on the right one, over the last few minutes. */

// The path is right on disk and in the browser, where the steps above the root are ignored.
// @ts-expect-error: uPlot has types for its main module only.
import untyped from '../../../node_modules/uplot/dist/uPlot.esm.js';
import { marksHeight, marksPlugin } from './marks.js';
import { amount, clock } from './words.js';

/** @typedef {import('./state.js').Mark} Mark */
/** @typedef {import('./state.js').Series} Series */

/** @type {typeof import('uplot')} */
const uPlot = untyped;

const shownSeconds = 300;
/** A chart of three samples would be drawn as three giant steps: the first minute is shown as it fills up. */
const leastSeconds = 60;
const emptySeries = /** @type {Series} */ ([[], [], [], [], []]);

/**
 * Draws into `place`; the colours are the page's custom properties and follow its colour scheme.
 * @param {HTMLElement} place
 * @param {HTMLElement} readout where the values under the pointer are written
 */
export function createChart(place, readout) {
  /** @type {readonly Mark[]} */
  let marks = [];
  let series = emptySeries;
  let chart = build();

  function build() {
    const styles = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => styles.getPropertyValue(name).trim();
    return new uPlot(
      options(place, colour, () => marks, readout),
      series,
      place,
    );
  }
  const rebuild = () => {
    chart.destroy();
    chart = build();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', rebuild);
  new ResizeObserver(() => {
    const size = sizeOf(place);
    if (size.width !== chart.width || size.height !== chart.height) chart.setSize(size);
  }).observe(place);

  return {
    /** @param {Series} newSeries @param {readonly Mark[]} newMarks */
    show(newSeries, newMarks) {
      series = newSeries;
      marks = newMarks;
      chart.setData(series);
    },
  };
}

/** @param {HTMLElement} place */
function sizeOf(place) {
  return { width: Math.max(200, Math.floor(place.clientWidth)), height: place.clientWidth < 560 ? 260 : 320 };
}

/**
 * @param {HTMLElement} place
 * @param {(name: string) => string} colour
 * @param {() => readonly Mark[]} marks
 * @param {HTMLElement} readout
 * @returns {import('uplot').Options}
 */
function options(place, colour, marks, readout) {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const axis = {
    stroke: colour('--quiet'),
    font: '12px system-ui, sans-serif',
    ticks: { show: false },
    labelFont: '12px system-ui, sans-serif',
    labelSize: 18,
    labelGap: 0,
  };
  const grid = { stroke: colour('--line'), width: 1 };
  const counts = (/** @type {unknown} */ _chart, /** @type {number[]} */ splits) =>
    splits.map((each) => amount(each));
  const line = (/** @type {string} */ label, /** @type {string} */ name) => ({
    label,
    stroke: colour(name),
    width: 2,
    points: { show: false },
  });
  return {
    ...sizeOf(place),
    padding: [marksHeight, 0, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
    plugins: [marksPlugin(marks, colour)],
    scales: {
      x: {
        time: true,
        range: (_chart, min, max) =>
          max ? [Math.max(max - shownSeconds, Math.min(min, max - leastSeconds)), max] : [0, 1],
      },
      messages: { range: (_chart, _min, max) => [0, Math.max(10, (max ?? 0) * 1.08)] },
      tasks: { range: (_chart, _min, max) => [0, Math.max(4, (max ?? 0) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 74,
        size: 30,
        incrs: timeSteps,
        values: (_chart, splits) => splits.map((each) => clock(each * 1000)),
      },
      { ...axis, grid, scale: 'messages', label: 'messages', size: 44, values: counts, incrs: wholeSteps },
      {
        ...axis,
        grid: { show: false },
        scale: 'tasks',
        side: 1,
        label: 'tasks',
        size: 36,
        values: counts,
        incrs: wholeSteps,
      },
    ],
    series: [
      {},
      { ...line('waiting', '--waiting'), scale: 'messages', fill: colour('--waiting-area') },
      { ...line('in flight', '--in-flight'), scale: 'messages' },
      { ...line('desired', '--desired'), scale: 'tasks', dash: [6, 4], ...(stepped && { paths: stepped }) },
      { ...line('running', '--running'), scale: 'tasks', ...(stepped && { paths: stepped }) },
    ],
    hooks: { setCursor: [(chart) => readOut(chart, readout)] },
  };
}

/** In seconds; uPlot's own go from one minute to five, which leaves a narrow chart with one label. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300];

/** Half a task is no tick of an axis. */
const wholeSteps = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));

/** @param {import('uplot')} chart @param {HTMLElement} readout */
function readOut(chart, readout) {
  const { idx } = chart.cursor;
  const at = typeof idx === 'number' ? chart.data[0][idx] : undefined;
  if (typeof idx !== 'number' || at === undefined) {
    readout.textContent = '';
    return;
  }
  const values = chart.series.slice(1).map(({ label }, i) => `${label} ${amount(chart.data[i + 1]?.[idx])}`);
  readout.textContent = `${clock(at * 1000)}: ${values.join(', ')}`;
}
