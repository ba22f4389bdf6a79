/**
 * "Two executions in one lane never both act on the same term", nor on one of before another was taken: the real handlers of lease and apply before S3's real protocol, asked by
 * executions in any order and at the same moment, with duplicates, retries, hand-overs from any that ever held the lane, and the object lost
 * now and then.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../lambdas/contract/records.ts';
import { type Answer, type LaneBucket, startLaneBucket } from './lane-bucket.ts';

let bucket: LaneBucket;
let apply: (event: unknown) => Promise<Record<string, unknown>>;
beforeAll(async () => {
  bucket = await startLaneBucket(['orders-worker']);
  ({ handler: apply } = await import('../../lambdas/apply/handler.ts'));
});
afterAll(() => bucket.close());

/** What happens next; `who` picks one of the executions that there are. */
type Event =
  | { readonly what: 'start' }
  | { readonly what: 'take-over' }
  | { readonly what: 'delete' }
  | { readonly what: 'garble' }
  | { readonly what: 'hand-over' | 'duplicate' | 'retry' | 'act'; readonly who: number }
  | { readonly what: 'pass'; readonly seconds: number };

const who = fc.integer({ min: 0, max: 999 });
const anyOf = fc.constantFrom<Event[]>({ what: 'take-over' }, { what: 'delete' }, { what: 'garble' });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constantFrom('start' as const) }) },
  { weight: 2, arbitrary: anyOf },
  { weight: 4, arbitrary: fc.record({ what: fc.constantFrom('hand-over' as const), who }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constantFrom('duplicate' as const, 'retry' as const), who }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constantFrom('act' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
  },
);
/** Those of one step happen at the same moment. */
const steps = fc.array(fc.array(event, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 10 });

/** One delivery of an execution: a duplicate has the same name, input and time. */
interface Run {
  readonly execution: string;
  readonly at: string;
  readonly input: object;
  term?: number;
  memory?: object;
}

interface Story {
  readonly lane: string;
  readonly runs: Run[];
  /** By term: who was told that it has it, and who has acted on it. */
  readonly holders: Map<number, Run>;
  readonly actors: Map<number, Run>;
}

let lanes = 0;

const take = (map: Map<number, Run>, term: number, run: Run, what: string): void => {
  const other = map.get(term);
  if (other !== undefined && other !== run)
    throw new Error(`${run.execution} ${what} term ${term}, and so did another run of ${other.execution}`);
  map.set(term, run);
};

/** As the state machine asks: again when there was no answer, which on a busy machine happens by itself. */
const asked = async (story: Story, { execution, at, input }: Run, retry: number): Promise<Answer> => {
  try {
    return await bucket.ask(story.lane, execution, { at, input, retry });
  } catch (thrown) {
    if ((thrown as Error).name !== 'StoreError' || retry > 3) throw thrown;
    return await asked(story, { execution, at, input }, retry + 1);
  }
};

const ask = async (story: Story, run: Run, retry = 0): Promise<void> => {
  const { acquired, term, memory } = await asked(story, run, retry);
  if (!acquired) return;
  take(story.holders, Number(term), run, 'holds');
  Object.assign(run, { term, memory });
};

const begin = async (story: Story, input: object, like?: Run): Promise<void> => {
  const run = like ?? { execution: `e${story.runs.length}`, at: bucket.at(), input };
  story.runs.push(run);
  await ask(story, run);
};

const decision = (to: number, term: number): Decision => ({
  cluster: 'shop',
  service: 'orders-worker',
  from: 2,
  to,
  direction: 'out',
  reasons: [],
  reading: { known: true, visible: 80 },
  at: bucket.at(),
  term,
});

const act = async (story: Story, run: Run): Promise<void> => {
  const { term } = run;
  if (term === undefined) return;
  const to = 3 + story.runs.indexOf(run);
  const highest = Math.max(...story.holders.keys());
  const { outcomes } = await apply({
    lane: story.lane,
    term,
    at: bucket.at(),
    decisions: [decision(to, term)],
  });
  const [outcome] = outcomes as readonly { readonly applied: boolean }[];
  if (!outcome?.applied) return;
  take(story.actors, term, run, 'acted on');
  if (term < highest)
    throw new Error(`${run.execution} acted on term ${term} when term ${highest} was taken`);
};

const befall = async (story: Story, run: Run, what: string): Promise<void> => {
  if (what === 'act') return act(story, run);
  if (what === 'retry') return ask(story, run, 1);
  if (what === 'duplicate') {
    const { execution, at, input } = run;
    return begin(story, {}, { execution, at, input });
  }
  if (run.term === undefined) return;
  return begin(story, { term: run.term, memory: run.memory, savedAt: bucket.at() });
};

const happen = async (story: Story, given: Event): Promise<void> => {
  const object = `lanes/${story.lane}/lease.json`;
  if (given.what === 'pass') return bucket.pass(given.seconds);
  if (given.what === 'start') return begin(story, {});
  if (given.what === 'take-over') return begin(story, { takeOver: true });
  if (given.what === 'delete') return bucket.drop(object);
  if (given.what === 'garble') return bucket.put(object, '{"term": 3');
  const run = story.runs[given.who % story.runs.length];
  if (run !== undefined) return befall(story, run, given.what);
};

/** A duplicate of the first execution comes when its time is more than a minute old, and meets what has been lost a second time. */
const LATE_DUPLICATE: readonly (readonly Event[])[] = [
  [{ what: 'delete' }, { what: 'act', who: 0 }],
  [{ what: 'hand-over', who: 0 }],
  [{ what: 'garble' }],
  [
    { what: 'pass', seconds: 78 },
    { what: 'hand-over', who: 0 },
  ],
  [{ what: 'duplicate', who: 0 }],
];

test('two executions in one lane never both act on the same term', async () => {
  let acts = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      lanes += 1;
      const story: Story = { lane: `property${lanes}`, runs: [], holders: new Map(), actors: new Map() };
      await begin(story, {});
      for (const step of given) {
        await Promise.all(step.map((each) => happen(story, each)));
        bucket.pass(1);
      }
      for (const run of story.runs) await act(story, run);
      acts += story.actors.size;
      refused += story.runs.length - story.holders.size;
      // Whoever comes last can always act, once the lease of those before has run out.
      bucket.pass(200);
      await begin(story, {});
      const last = story.runs.at(-1);
      expect(last?.term).toBe(Math.max(...story.holders.keys()));
    }),
    { numRuns: 40, examples: [[LATE_DUPLICATE]] },
  );
  expect(Math.min(acts, refused)).toBeGreaterThan(0);
}, 120_000);
