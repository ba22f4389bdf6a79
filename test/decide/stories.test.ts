/** What happens to a service over minutes of virtual time: a load, tasks that take time to start, and real decisions. */
import { expect, test } from '@jest/globals';
import { steady, tell } from '../../local/simulation/story.ts';
import { tools } from '../samples.ts';

test('target: a burst from 0 goes straight to the computed count, and back to 0', () => {
  const { ticks, left } = tell({
    service: { tasks: { max: 50 }, policy: { type: 'target', backlogPerTask: 10 } },
    tools,
    seconds: 600,
    load: steady((t) => (t === 60 ? 300 : 0), 2),
  });
  const at = (t: number) => ticks.find((tick) => tick.t === t);
  expect(at(60)?.decision.to).toBe(0);
  expect(at(65)?.decision.to).toBe(30);
  expect(left).toBe(0);
  expect(ticks.at(-1)?.decision.to).toBe(0);
});
