/** The pictures of replay and bench: what is drawn lies where its numbers say, and everything is well-formed. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countMarks, logMarks, percent, timeMarks } from '../../../local/plots/axis.ts';
import type { Dot } from '../../../local/plots/field.ts';
import { page } from '../../../local/plots/page.ts';
import { panelsPlot } from '../../../local/plots/panels.ts';
import { scatterPlot } from '../../../local/plots/scatter.ts';
import { areaPath, latePerSecond, rugPath, seriesPath } from '../../../local/plots/series.ts';
import { swarm } from '../../../local/plots/swarm.ts';
import { all, beginOf, elementsOf } from './markup.ts';

describe('marks', () => {
  test.each([
    [7, [0, 2, 4, 6, 8]],
    [50, [0, 20, 40, 60]],
    [0, [0, 1]],
  ])('of counts up to %s', (top, values) => {
    expect(countMarks(top, 4).map(({ value }) => value)).toEqual(values);
  });
  test.each([
    [90, 4, ['0', '30 s', '60 s', '90 s']],
    [7200, 4, ['0', '30 min', '60 min', '90 min', '120 min']],
    [86_400, 5, ['0', '6 h', '12 h', '18 h', '24 h']],
    [23 * 86_400, 5, ['0', '5 d', '10 d', '15 d', '20 d']],
  ])('of %s seconds', (seconds, about, said) => {
    expect(timeMarks(seconds, about).map((mark) => mark.said)).toEqual(said);
  });
  test.each([
    [0.9, 3.2, 5, [1, 1.5, 2, 3]],
    [1, 1000, 5, [1, 10, 100, 1000]],
    [0.0001, 1, 6, [0.0001, 0.001, 0.01, 0.1, 1]],
  ])('of a logarithmic axis from %s to %s', (least, most, about, marks) => {
    expect(logMarks(least, most, about)).toEqual(marks);
  });
  test.each([
    [0, '0 %'],
    [0.0001, '0.01 %'],
    [0.1234, '12 %'],
    [1, '100 %'],
  ])('%s is %s', (share, said) => {
    expect(percent(share)).toBe(said);
  });
});

const scale = { left: 0, width: 4, y: (value: number) => 10 - value };

describe('a series', () => {
  test('stays at each value until the next', () => {
    expect(seriesPath([1, 1, 3, 2], scale)).toBe('M0 9H2V7H3V8H4');
  });
  test('keeps the least and the most of what shares a column of pixels', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 200 }), (values) => {
        const heights = [...seriesPath(values, scale).matchAll(/(?:M\S+ |V)(\d+)/g)].map(([, y]) =>
          Number(y),
        );
        expect(Math.min(...heights)).toBe(10 - Math.max(...values));
        expect(Math.max(...heights)).toBe(10 - Math.min(...values));
      }),
    );
  });
  test('of a day is no longer than its pixels allow', () => {
    const day = Float64Array.from({ length: 86_400 }, (_, t) => (t * 7919) % 100);
    expect(seriesPath(day, { ...scale, width: 400 }).length).toBeLessThan(400 * 40);
  });
  test('as an area goes back to the axis', () => {
    expect(areaPath([2, 2, 5, 0], scale)).toBe('M0 8H2V5H3V10H4V10H0Z');
  });
  test('of late messages is a stroke from the first to the last of a run', () => {
    expect(rugPath([0, 3, 1, 0], scale, 20, 5)).toBe('M1 20h2v5h-2z');
    expect(rugPath([0, 0], scale, 20, 5)).toBe('');
  });
  test('counts who waited longer than the target in the second of the arrival', () => {
    const trace = {
      name: '',
      arrivals: Float64Array.of(0.2, 0.9, 2.5, 3),
      work: new Float64Array(4),
      seconds: 3,
    };
    expect([...latePerSecond(trace, Float64Array.of(31, 30, 40, 50), 30)]).toEqual([1, 0, 2]);
  });
});

test('dots of one lane are never nearer than asked, as long as there are lanes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 100 }), { maxLength: 30 }), (xs) => {
      const lanes = swarm(xs, 5, 30);
      xs.forEach((x, nth) => {
        xs.forEach((other, before) => {
          if (before < nth && lanes[before] === lanes[nth])
            expect(Math.abs(x - other)).toBeGreaterThanOrEqual(5);
        });
      });
    }),
  );
  expect(swarm([0, 1, 2], 5, 1)).toEqual([0, 0, 0]);
});

const demand = [1, 1, 4, 4, 2];
const panel = { said: 'said', demand, running: [1, 2, 3, 4, 5], late: [0, 0, 1, 0, 0] };

describe('panels', () => {
  const plot = elementsOf(
    panelsPlot({
      ...{ title: 'a < b & "c"', told: 'told', target: 30 },
      panels: [
        { ...panel, name: 'ours', isOurs: true, desired: [4, 4, 4, 4, 4] },
        { ...panel, name: 'greedy', running: [1, 900, 900, 900, 900] },
        { ...panel, name: 'third' },
      ],
    }),
  );

  test('one for each controller, each with its demand, its tasks and who waited too long', () => {
    expect(all(plot, 'text', 'name').map(({ text }) => text)).toEqual(['ours', 'greedy', 'third']);
    expect(all(plot, 'text', 'ours').map(({ text }) => text)).toEqual(['ours']);
    for (const kind of ['running', 'demand', 'late'])
      expect(
        all(plot, 'path', kind).filter(({ attributes }) => attributes['d'] !== '').length,
      ).toBeGreaterThanOrEqual(3);
  });
  test('all with the same axes, which one who starts too much does not stretch', () => {
    const areas = all(plot, 'path', 'demand').map(({ attributes }) => attributes['d'] ?? '');
    const heights = areas.map((d) => {
      const ys = [...d.matchAll(/(?:M\S+ |V)([\d.]+)/g)].map(([, y]) => Number(y));
      return Math.max(...ys) - Math.min(...ys);
    });
    expect(new Set(heights.map((height) => Math.round(height)))).toHaveProperty('size', 1);
    expect(heights[0]).toBeGreaterThan(30);
    expect(all(plot, 'text').map(({ text }) => text)).toContain('▲ up to 900');
  });
  test('tells its title and story to who cannot see it', () => {
    expect(all(plot, 'title')[0]?.text).toBe('a &lt; b &amp; &quot;c&quot;');
    expect(all(plot, 'svg')[0]?.attributes['role']).toBe('img');
  });
  test('nothing arrived, nobody ran', () => {
    const empty = { ...panel, name: 'none', demand: [], running: [], late: [] };
    expect(() => elementsOf(panelsPlot({ title: '', told: '', target: 30, panels: [empty] }))).not.toThrow();
  });
});

const dot = (cost: number, late: number, given: Partial<Dot> = {}): Dot => ({
  ...{ cost, late, kind: 'default', said: `${cost} ${late}` },
  ...given,
});
const scatter = (dots: readonly Dot[]) =>
  elementsOf(
    scatterPlot({
      ...{ title: 'cost', told: 'told', cost: 'cost', late: 'late' },
      ...{ kinds: { mine: 'ours', default: 'peers', tuned: 'tuned' }, fields: [{ dots }] },
    }),
  );
/** Where the dot lies that says so. A circle begins at its left end. */
const placeOf = (plot: ReturnType<typeof elementsOf>, said: string): readonly [number, number] => {
  const found = all(plot, 'path', 'point').find(({ children }) => children[0]?.text === said);
  if (found === undefined) throw new Error(`no dot says ${said}`);
  return beginOf(found);
};

describe('a scatter plot', () => {
  const plot = scatter([
    dot(1, 0.01),
    dot(2, 0.1),
    dot(4, 1),
    dot(1.5, 0),
    dot(0.01, 1),
    dot(3, 0, { kind: 'mine', label: 'queueDelay' }),
  ]);
  const at = (said: string) => placeOf(plot, said);

  test('is logarithmic in both directions, dear to the right and late above', () => {
    expect(at('2 0.1')[0] - at('1 0.01')[0]).toBeCloseTo(at('4 1')[0] - at('2 0.1')[0], 0);
    expect(at('1 0.01')[1] - at('2 0.1')[1]).toBeCloseTo(at('2 0.1')[1] - at('4 1')[1], 0);
    expect(at('2 0.1')[0]).toBeGreaterThan(at('1 0.01')[0]);
    expect(at('2 0.1')[1]).toBeLessThan(at('1 0.01')[1]);
  });
  test('has a row for those with nobody late, below all others', () => {
    expect(at('1.5 0')[1]).toBe(at('3 0')[1]);
    expect(at('1.5 0')[1]).toBeGreaterThan(at('1 0.01')[1]);
  });
  test('keeps at its edge what costs next to nothing', () => {
    expect(at('0.01 1')[0]).toBeLessThan(at('1 0.01')[0]);
    expect(at('0.01 1')[0]).toBeGreaterThan(50);
  });
  test('ours is named and in the legend; a kind that is not there is not', () => {
    const texts = all(plot, 'text').map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['queueDelay', 'ours', 'peers', 'none']));
    expect(texts).not.toContain('tuned');
  });
  test('dots never leave the picture', () => {
    const share = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true }));
    const dots = fc.array(fc.tuple(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), share), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(dots, (given) => {
        const drawn = scatter(given.map(([cost, late]) => dot(cost, late)));
        const height = Number(all(drawn, 'svg')[0]?.attributes['height']);
        for (const found of all(drawn, 'path', 'point')) {
          const [x, y] = beginOf(found);
          expect(x > 0 && x < 960 && y > 0 && y < height).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('a page needs nothing else, and its words are no markup', () => {
  const html = page('<b>', [{ heading: 'a & b', said: '<i>', plot: '<svg></svg>' }], 'x < y');
  expect(html).toContain('<h1>&lt;b&gt;</h1>');
  expect(html).toContain('<pre>x &lt; y</pre>');
  expect(html).not.toMatch(/https?:|<script|src=/);
});
