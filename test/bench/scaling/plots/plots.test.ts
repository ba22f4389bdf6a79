/** The pictures of the bench: everybody is in them, once, and where the rows say. */
import { describe, expect, test } from '@jest/globals';
import { byTrace, overview } from '../../../../bench/scaling/plots/cost.ts';
import { counts } from '../../../../bench/scaling/plots/counts.ts';
import { drawings } from '../../../../bench/scaling/plots/drawings.ts';
import type { Results } from '../../../../bench/scaling/results.ts';
import type { Row } from '../../../../bench/scaling/row.ts';
import { all, beginOf, elementsOf } from '../../../local/plots/markup.ts';
import { rowOf } from '../rows.ts';

const rowsOn = (trace: string, plant: string): readonly Row[] => {
  const row = (contestant: string, costRatio: number, overTarget: number, given: Partial<Row> = {}) =>
    rowOf({ ...{ trace, plant, contestant }, ...given, figures: { costRatio, overTarget } });
  return [
    row('queueDelay', 1, 0),
    row('queueDelay', 1.2, 0, { seed: 2 }),
    row('queueDelay', 1.3, 0, { seed: 3 }),
    row('panic', 1.5, 0),
    row('Knative KPA', 2, 0.1),
    row('Knative KPA', 4, 0.01, { variant: 'tuned' }),
    row('always at peak', 3, 0),
  ];
};

const facts = {
  messages: 1,
  seconds: 1,
  meanWork: 1,
  meanDemand: 1,
  peakDemand: 1,
  about: '',
  split: '',
  recorded: false,
};
const results: Results = {
  ...{ name: 'test', target: 60, seeds: 3, absent: [], rules: {}, tuned: {}, sweptHere: [] },
  loads: ['on-off', 'steady'].map((trace) => ({ trace, ...facts })),
  rows: ['on-off', 'steady'].flatMap((trace) => ['23 s', '57 s'].flatMap((plant) => rowsOn(trace, plant))),
};

const saidIn = (svg: string): readonly string[] =>
  all(elementsOf(svg), 'path', 'point').flatMap(({ children }) => children.map(({ text }) => text));

describe('cost against lateness', () => {
  test('a point for each scaler, trace and plant: medians of the cost, means of the lateness', () => {
    const said = saidIn(overview(results));
    expect(said).toHaveLength(3 * 2 * 2);
    expect(said.filter((each) => each === 'queueDelay on steady: 1.20 × the optimum, 0 late')).toHaveLength(
      2,
    );
    expect(said).toContain('Knative KPA, tuned on on-off: 4.00 × the optimum, 1.0 % late');
    expect(said.join()).not.toContain('panic');
  });
  test('load by load everybody is there, ours solid, and lies where it should', () => {
    const plot = elementsOf(byTrace(results, '57 s'));
    const points = all(plot, 'path', 'point').filter(({ children }) => children.length > 0);
    expect(points).toHaveLength(5 * 2);
    const at = (said: string) => {
      const found = points.find(({ children }) => children[0]?.text.startsWith(said));
      if (found === undefined) throw new Error(`no point says ${said}`);
      return beginOf(found);
    };
    expect(at('Knative KPA on steady')[0]).toBeLessThan(at('Knative KPA, tuned on steady')[0]);
    expect(at('Knative KPA on steady')[1]).toBeLessThan(at('Knative KPA, tuned on steady')[1]);
    expect(at('queueDelay on steady')[1]).toBeGreaterThan(at('Knative KPA, tuned on steady')[1]);
    // The other load is a field of its own beside it.
    expect(at('queueDelay on steady')[0] - at('queueDelay on on-off')[0]).toBeCloseTo(480, 0);
    const kinds = all(plot, 'path', 'mine').filter(({ children }) => children.length > 0);
    expect(kinds).toHaveLength(2);
    const texts = all(plot, 'text').map(({ text }) => text);
    expect(texts.filter((text) => text === 'queueDelay')).toHaveLength(2);
  });
});

const load = { trace: 'on-off', part: 'test', cut: 600 } as const;
const contestants = new Set(['queueDelay', 'Knative KPA', 'React']);

test('counts against demand: a panel for each that ran, ours first, the same picture every time', () => {
  const drawing = { load, startUp: 23, target: 60, contestants, tuned: { 'Knative KPA': { target: 0.9 } } };
  const svg = counts(drawing);
  const plot = elementsOf(svg);
  const names = all(plot, 'text', 'name').map(({ text }) => text);
  expect(names).toEqual(['queueDelay', 'Knative KPA', 'Knative KPA, tuned', 'React']);
  expect(all(plot, 'text', 'ours').map(({ text }) => text)).toEqual(['queueDelay']);
  // A panel of the second row lies lower by the height of one.
  const heights = all(plot, 'path', 'demand').map(({ attributes }) =>
    [...(attributes['d'] ?? '').matchAll(/(?:M\S+ |V)([\d.]+)/g)].map(([, y]) => Number(y)),
  );
  const shapes = heights.map((ys) => ys.map((y) => Math.round(y - (ys[0] ?? 0))).join());
  expect([heights.length, new Set(shapes).size]).toEqual([4, 1]);
  expect(svg).toMatch(/\d late · p99 \d+|% late · p99/);
  expect(counts(drawing)).toBe(svg);
});

test('a run draws two pictures and a page with both', () => {
  const plan = { loads: [load], startUps: [23] };
  const drawn = drawings(
    { ...results, rows: results.rows.filter(({ trace }) => trace === 'on-off') },
    plan,
    () => undefined,
  );
  expect(drawn.map(({ suffix }) => suffix)).toEqual(['cost.svg', 'counts.svg', 'html']);
  const [cost, over, html] = drawn.map(({ text }) => text);
  expect(html).toContain(cost?.trim());
  const panels = (markup = '') => all(elementsOf(markup), 'text', 'name').map(({ text }) => text);
  expect(panels(over)).toEqual(['queueDelay', 'Knative KPA']);
  expect(html).not.toMatch(/(src|href)=/);
});
