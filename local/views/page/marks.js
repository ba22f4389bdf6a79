/** The uPlot plugin that draws what the lines cannot say: bursts, notices, hand-overs, and when the queue was not visible. */

/** @typedef {import('./state.js').Mark} Mark */
/** @typedef {import('./state.js').MarkKind} MarkKind */

/** Each kind has its own row above the plot, its letter and its colour: colour alone would not do. */
/** @type {Record<MarkKind, { row: number, letter: string, colour: string, dash: number[] }>} */
const looks = {
  burst: { row: 0, letter: 'B', colour: '--burst', dash: [] },
  notice: { row: 1, letter: 'N', colour: '--notice', dash: [] },
  'hand-over': { row: 2, letter: 'H', colour: '--hand-over', dash: [2, 4] },
};

const radius = 7;
/** The room above the plot that the rows need, in CSS pixels. */
export const marksHeight = 3 * (2 * radius + 2) + 2;

/**
 * @param {() => readonly Mark[]} marks what is to be drawn at the next redraw
 * @param {(name: string) => string} colour the value of a custom property of the page
 * @returns {import('uplot').Plugin}
 */
export function marksPlugin(marks, colour) {
  return {
    hooks: {
      drawClear: (chart) => shadeUnseen(chart, colour),
      draw: (chart) => drawMarks(chart, marks(), colour),
    },
  };
}

/** @param {import('uplot')} chart @param {readonly Mark[]} marks @param {(name: string) => string} colour */
function drawMarks(chart, marks, colour) {
  const { ctx, bbox } = chart;
  const pixels = devicePixelRatio;
  const { min = 0, max = 0 } = chart.scales['x'] ?? {};
  ctx.save();
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = `600 ${9 * pixels}px system-ui, sans-serif`;
  for (const { at, kind } of marks) {
    if (at < min || at > max) continue;
    const { row, letter, colour: name, dash } = looks[kind];
    const x = Math.round(chart.valToPos(at, 'x', true));
    const y = bbox.top - marksHeight * pixels + (row * (2 * radius + 2) + radius) * pixels;
    ctx.strokeStyle = ctx.fillStyle = colour(name);
    ctx.lineWidth = pixels;
    ctx.setLineDash(dash.map((length) => length * pixels));
    ctx.globalAlpha = 0.55;
    ctx.beginPath();
    ctx.moveTo(x, y + radius * pixels);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.arc(x, y, radius * pixels, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillStyle = colour('--on-mark');
    ctx.fillText(letter, x, y + 0.5 * pixels);
  }
  ctx.restore();
}

/** A band behind the stretches in which the backlog is null. @param {import('uplot')} chart @param {(name: string) => string} colour */
function shadeUnseen(chart, colour) {
  const [times = [], backlog = []] = chart.data;
  const { ctx, bbox } = chart;
  const clamp = (/** @type {number} */ x) => Math.min(Math.max(x, bbox.left), bbox.left + bbox.width);
  ctx.save();
  ctx.fillStyle = colour('--unseen');
  for (let i = 0; i < times.length; i += 1) {
    if (backlog[i] !== null) continue;
    const from = i;
    while (i + 1 < times.length && backlog[i + 1] === null) i += 1;
    const left = clamp(chart.valToPos(times[from] ?? 0, 'x', true));
    const right = clamp(chart.valToPos(times[i + 1] ?? times[i] ?? 0, 'x', true));
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}
