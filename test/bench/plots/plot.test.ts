import { expect, test } from '@jest/globals';
import { type Answer, answer, BURST } from '../../../bench/plots/burst.ts';
import { plot, TOP } from '../../../bench/plots/plot.ts';
import { shown } from '../../../bench/plots/shown.ts';
import { steps, text } from '../../../local/plots/svg.ts';

const answers: readonly (readonly [string, Answer])[] = Object.entries(shown).map(([type, each]) => [
  type,
  answer(each),
]);

test.each(answers)('%s stays inside the axes, and ends without work', (_, { moments }) => {
  expect(Math.max(...moments.map(({ backlog }) => backlog))).toBeLessThanOrEqual(TOP.messages);
  expect(Math.max(...moments.map(({ desired }) => desired))).toBeLessThanOrEqual(TOP.tasks);
  expect(moments).toHaveLength(BURST.seconds / BURST.interval);
});

test.each(answers)('%s is told about the same work', (_, { workSeconds }) => {
  const { base, peak, from, until, silentFrom, secondsPerMessage } = BURST;
  const messages = base * (silentFrom - (until - from)) + peak * (until - from);
  expect(workSeconds).toBe(messages * secondsPerMessage);
});

test('what nobody takes counts with what it has waited by the end', () => {
  const { longestWait, late, taskSeconds } = answer({
    service: { tasks: { max: 0 }, policy: { type: 'target', backlogPerTask: 1 } },
  });
  expect(taskSeconds).toBe(0);
  expect(longestWait).toBe(BURST.seconds - 1 / BURST.base);
  expect(late).toBe(1);
});

test('the same answer gives the same bytes', () => {
  const [type, { moments }] = answers[0] ?? ['', { moments: [] }];
  expect(plot(type, '', moments)).toBe(plot(type, '', answer(shown.queueDelay).moments));
});

test('a picture tells its title and its story to who cannot see it, with nothing in it that could be markup', () => {
  const picture = plot('a < b', '"c" & d', [{ t: 0, backlog: 0, desired: 1, running: 0, reasons: [] }]);
  expect(picture).toContain('<title id="title">a &lt; b</title>');
  expect(picture).toContain('<desc id="told">&quot;c&quot; &amp; d</desc>');
  expect(picture).toContain('aria-labelledby="title told"');
});

test('a line of steps moves only where the height changes', () => {
  expect(
    steps(
      [
        [0, 9],
        [1, 9],
        [2, 4.04],
        [3, 4],
      ],
      5,
    ),
  ).toBe('M0 9H2V4H5');
  expect(steps([], 5)).toBe('');
});

test('text is escaped', () => {
  expect(text('<a href="x">&')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;');
});
