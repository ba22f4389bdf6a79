/** More executions than there should be, and clocks that disagree: Express is at-least-once, and nobody can list what runs. */
import type { Stage } from '../stage.ts';
import type { Around, Row } from './row.ts';

/** Unless the story is over by then: a clock that is stopped wakes everybody early. */
const later = async ({ clock }: Stage, seconds: number, act: () => unknown): Promise<void> => {
  const due = clock.now() + seconds * 1000;
  await clock.sleep(seconds * 1000);
  if (clock.now() >= due - 1) await act();
};

/** The next execution is delivered once more, that many seconds after it has asked for the lease. */
export const deliveredAgain =
  (seconds: number) =>
  async (stage: Stage): Promise<void> => {
    const injected = stage.inject({
      name: 'an execution is delivered twice',
      how: 'none',
      api: 'lambda:lease',
      times: 1,
      before: ({ execution = '', body }) => {
        const { input } = JSON.parse(body) as { readonly input: unknown };
        const deliver = () => stage.start(input, { execution });
        if (seconds === 0) deliver();
        else void later(stage, seconds, deliver);
      },
    });
    await stage.until(() => injected.hits() > 0, 30);
    await stage.seconds(seconds + 1);
    injected.end();
  };

export const starts = async (stage: Stage, count: number, input: unknown = {}): Promise<void> => {
  for (let nth = 0; nth < count; nth += 1) stage.start(input);
  await stage.seconds(5);
};

export const skewed = (story: Around, fault: string, ...ahead: readonly number[]): Row => ({
  fault: `clocks: ${fault}`,
  story,
  stage: { skewOf: (delivery) => (ahead[(delivery - 1) % ahead.length] ?? 0) * 1000 },
  during: (stage) => stage.seconds(30),
});

export const executionRows: readonly Row[] = [
  { fault: 'one execution twice: at the same moment', story: 'hand-over', during: deliveredAgain(0) },
  { fault: 'one execution twice: 30 s apart', story: 'hand-over', during: deliveredAgain(30) },
  { fault: 'starts: two by the reviver at once', story: 'idle', during: (stage) => starts(stage, 2) },
  {
    fault: 'starts: two by the reviver at once on a dead lane',
    story: 'scale-out',
    dies: true,
    during: async (stage) => {
      stage.kill();
      // Its lease runs out 80 s after it was taken.
      void later(stage, 90, () => starts(stage, 2));
    },
  },
  { fault: 'starts: five by hand at once', story: 'scale-out', during: (stage) => starts(stage, 5) },
  {
    fault: 'starts: one by hand with a configuration that is wrong',
    story: 'scale-out',
    during: (stage) => starts(stage, 1, { config: { services: [{ cluster: 'shop', nonsense: 1 }] } }),
  },
  {
    fault: 'starts: one by hand that takes over',
    story: 'scale-out',
    during: (stage) => starts(stage, 1, { takeOver: true }),
  },
  {
    fault: 'starts: five by hand at once that take over',
    story: 'scale-out',
    during: (stage) => starts(stage, 5, { takeOver: true }),
  },
  skewed('hand-over', '30 s ahead of S3', 30),
  skewed('hand-over', '30 s behind S3', -30),
  skewed('hand-over', 'every other execution 30 s ahead', 0, 30),
  skewed('hand-over', 'every other execution 30 s behind', 0, -30),
];
