/**
 * The story that every row of the fault table is put into: the loop idles, a burst comes, the row's fault is put around one of these, the
 * right count is reached, the burst is worked off, and the service scales in again.
 */
import { type Around, type Row, wellAgain } from './rows/row.ts';
import type { Stage } from './stage.ts';

/** Enough for 7 tasks. */
const BURST = 70;

/** Waits are in whole seconds, a state is tried again after one, and a hand-over takes one or two calls. */
const SLACK_SECONDS = 4;

/** An execution ticks twelve times in 60 s and then hands over. */
const LAST_BUT_ONE = 11;

/** A lane falls asleep a minute after it has seen nothing to do. */
export const ASLEEP = { idle: 60 } as const;
const ASLEEP_WITHIN = 150;
/** From one start by the schedule until just before the next. */
const JUST_BEFORE = 57;

const asleep = async ({ until, clock, recording }: Stage): Promise<void> => {
  await until(() => recording.leases.at(-1)?.lease?.asleep === true, ASLEEP_WITHIN);
  const looks = (): number => recording.executions.findLast(({ by }) => by === 'reviver')?.began ?? 0;
  const before = looks();
  // The one that is under way, or comes next, is let pass.
  await until(() => looks() > before, 70);
  await until(() => clock.now() >= looks() + JUST_BEFORE * 1000, 70);
};

/** Lets the loop come to the moment that the fault is put around. */
const approach = async (stage: Stage, around: Around): Promise<void> => {
  await stage.until(() => stage.recording.ticks.length > 0, 60);
  if (around === 'asleep') return await asleep(stage);
  if (around === 'hand-over') await stage.until(() => stage.recording.ticks.length >= LAST_BUT_ONE, 70);
  else await stage.seconds(12);
  if (around !== 'scale-in') return;
  await stage.load(BURST);
  await stage.until(() => stage.desired() === stage.right(), 20);
  await stage.seconds(15);
};

/**
 * The load that comes when the fault is in force. At a hand-over it comes after the execution's last tick, so that its successor sees it
 * first.
 */
const meanwhile = async (stage: Stage, around: Around): Promise<void> => {
  await stage.seconds(around === 'hand-over' ? 6 : 2);
  if (around === 'scale-out' || around === 'hand-over' || around === 'asleep') await stage.load(BURST);
  if (around === 'scale-in') await stage.load(0);
};

/** Whether every accepted scale-out has been told. */
const isTold = ({ recording: { decisions, updates, publications } }: Stage): boolean => {
  const idOf = ({ at, term }: { readonly at: string; readonly term: number }): string => `${term} ${at}`;
  const told = new Set(publications.map(({ body }) => idOf(body)));
  const decided = new Set(
    decisions.filter(({ decision }) => decision.direction === 'out').map(({ decision }) => idOf(decision)),
  );
  return updates.every(
    (update) => update.to <= update.from || !decided.has(idOf(update)) || told.has(idOf(update)),
  );
};

/** Scale-ins are 20 s apart; one may have to wait for a hand-over. */
const SETTLED_SECONDS = 60;

export interface Told {
  /** When the fault began, on the stage's clock. */
  readonly began: number;
  /** Seconds from the fault's end to the next tick; undefined: none came in time. */
  readonly recoveredAfter: number | undefined;
  /** What did not come about in time. */
  readonly missing: readonly string[];
}

export const tell = async (stage: Stage, row: Row): Promise<Told> => {
  const { story: around, dies, during } = row;
  const { recording } = stage;
  const missing: string[] = [];
  const expect = async (what: string, holds: () => boolean, seconds: number): Promise<void> => {
    if (!(await stage.until(holds, seconds))) missing.push(`not within ${seconds} s: ${what}`);
  };
  const interval = recording.intervalSeconds;
  stage.start();
  await approach(stage, around);

  const began = stage.clock.now();
  const term = Math.max(...recording.ticks.map((tick) => tick.term));
  await Promise.all([during(stage), meanwhile(stage, around)]);
  const ended = stage.clock.now();
  const next = () =>
    recording.ticks.find((tick) => tick.time > (dies ? began : ended) && (!dies || tick.term > term));
  const limit = wellAgain(row).within(interval);
  await expect('the loop ticks again', () => next() !== undefined, limit + SLACK_SECONDS);
  const recovered = next()?.time;

  if (around === 'idle') await stage.load(BURST);
  const since = recovered ?? stage.clock.now();
  const hasTicked = () => recording.ticks.some(({ time }) => time > since);
  await expect('the count is right', () => hasTicked() && stage.desired() === stage.right(), SETTLED_SECONDS);
  await expect('every accepted scale-out has been told', () => isTold(stage), 2 * interval + SLACK_SECONDS);
  await stage.load(0);
  await expect('the service has scaled in', () => stage.desired() === stage.right(), SETTLED_SECONDS);
  await stage.seconds(2 * interval);
  const unmet = recording.faults.filter(({ hits }) => hits === 0).map(({ name }) => `no call met: ${name}`);
  return {
    began,
    missing: [...missing, ...unmet],
    recoveredAfter: recovered === undefined ? undefined : Math.max(0, Math.round((recovered - ended) / 1000)),
  };
};
