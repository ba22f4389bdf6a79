/**
 * One short load twice: through the local runner (the real loop, the unmodified handlers, a real Redis server, real consumers, a minute of wall
 * time) and through the simulation, with the same configuration and the same seed of start-up times. Both must decide the same: tick by
 * tick the count of one is, within a tick, that of the other, give or take a task or ten per cent.
 *
 * What is not the same, and how it is bounded:
 * - The loop reads up to 0.3 s after its tick on a busy machine, a task works a few milliseconds longer than it should, and starts up to 0.3 s
 *   later (the world moves on every 0.1 s, its consumer connects). A message that changes hands just then would be counted on another side. So
 *   the load leaves room: ticks at even seconds, messages at odd ones, and with a start-up of 2.4 s and 4 s of work tasks take and finish
 *   messages 0.4 to 0.8 s after a tick, again and again. In the simulation none of 36 such delays up to that size changes a single decision.
 * - The first tick waits for the handlers to load and comes up to 2 s late, so second 0 of the load is the third one. `queueDelay` asks how long
 *   it has watched and takes rates from it, and what it has learned from the first messages decides all that follows: told another time of the first
 *   tick it asks for 25 tasks in place of 35. So the simulation is told at which times the ticks really were.
 * - Where this process stood still for longer than the room that the load leaves, a message may have changed hands at another side of a tick, and
 *   a step of the count be there twice or not at all. Such a run is made again, once; if the machine is never quiet, all holds but the list of steps.
 * - Redis, since its counters are exact; SQS's own delays are the simulation's `late` sight, and have nothing real to be compared with here.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Decision } from '../../lambdas/contract/records.ts';
import { settingOf } from '../../local/commands/setting.ts';
import { startRunner } from '../../local/runner.ts';
import { ours } from '../../local/simulation/ours.ts';
import { simulate } from '../../local/simulation/simulate.ts';
import { tools } from '../samples.ts';
import { freePort } from '../servers/port.ts';
import { plantOf, traceOf } from './simulation/loads.ts';

const INTERVAL = 2;
const SECONDS = 60;
const SEED = 1;
const START_UP = 2.4;
const WORK = 4;
/** From second 0 on, which is the third tick. */
const LOAD = [
  { at: 1, messages: 3 },
  { at: 5, messages: 5 },
  { at: 11, messages: 60 },
  { at: 25, messages: 20 },
  { at: 27, messages: 4 },
];
const TICKS_BEFORE = 2;
/** Seconds by which a reading or a task may be late before it matters. */
const ROOM = 0.3;

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-fidelity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configured = async (name: string, policy: object) => {
  const file = join(folder, `${name}.json`);
  const source = { type: 'redis', host: '127.0.0.1', port: await freePort(), queueKey: 'orders' };
  const service = {
    ...{ cluster: 'shop', service: 'orders-worker', tasks: { min: 1, max: 40 }, policy },
    ...{ source: { ...source, processingKey: 'at work' }, cooldown: { in: 3 } },
  };
  writeFileSync(file, JSON.stringify({ loop: { interval: INTERVAL }, services: [service] }));
  const { PULSESCALE_BUCKET: _bucket, ...env } = process.env;
  return await settingOf({ config: file, queue: ['redis'] }, env, process.stderr);
};
type Setting = Awaited<ReturnType<typeof configured>>;

interface Really {
  readonly decisions: readonly Decision[];
  /** Epoch milliseconds of second 0. */
  readonly began: number;
}

const really = async (setting: Setting): Promise<Really> => {
  const { servers } = setting;
  const demo = { seed: SEED, startUpSeconds: START_UP, workSeconds: WORK, servers };
  const runner = await startRunner({ ...setting, aws: false, demo, log: process.stderr });
  const decisions: Decision[] = [];
  const second0 = new Promise<number>((resolve) =>
    runner.subscribe((event) => {
      if (event.kind !== 'decision') return;
      if (decisions.push(event) === TICKS_BEFORE + 1) resolve(Date.parse(event.at));
    }),
  );
  runner.begin();
  const began = await second0;
  const until = (second: number): Promise<void> => sleep(Math.max(1, began + second * 1000 - Date.now()));
  await Promise.all(LOAD.map(({ at, messages }) => until(at).then(() => runner.actions.burst(messages))));
  await until(SECONDS - 1);
  await runner.stop();
  await servers?.close();
  return { decisions, began };
};

const virtually = ({ config }: Setting, { decisions: ticks, began }: Really): readonly Decision[] => {
  const [service] = config.services;
  if (service === undefined) throw new Error('there is a service');
  const earlier = TICKS_BEFORE * INTERVAL;
  const load = LOAD.flatMap(({ at, messages }) =>
    Array.from({ length: messages }, () => [at + earlier, WORK] as const),
  );
  const decisions: Decision[] = [];
  const controller = ours({
    ...{ service, tools, interval: INTERVAL },
    clock: (t) => {
      const tick = ticks[t / INTERVAL];
      return tick === undefined ? t : earlier + (Date.parse(tick.at) - began) / 1000;
    },
    decided: (decision) => decisions.push(decision),
  });
  // As in `local/embedded.ts`.
  const plant = plantOf({ startUp: START_UP, startUpSigma: 0.04, running: service.tasks.min });
  simulate(traceOf(load, SECONDS + earlier), plant, controller, SEED);
  return decisions;
};

const toOf = (decisions: readonly Decision[]): readonly number[] => decisions.map(({ to }) => to);
const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= Math.max(1, other / 10);

/** The ticks at which `one` has a count that `other` has not, within a tick. */
const alone = (one: readonly Decision[], other: readonly Decision[]): readonly number[] => {
  const counts = toOf(other);
  return toOf(one).flatMap((to, tick) =>
    counts.slice(Math.max(0, tick - 1), tick + 2).some((near) => isNear(to, near)) ? [] : [tick],
  );
};

/** The ticks at which both saw exactly the same queue. */
const alike = (one: readonly Decision[], other: readonly Decision[]): number =>
  one.filter(({ reading: mine }, tick) => {
    const theirs = other[tick]?.reading;
    if (!mine.known || !theirs?.known) return false;
    return mine.visible === theirs.visible && mine.inFlight === theirs.inFlight;
  }).length;

/** The counts that a decision changed to, one after the other. */
const steps = (decisions: readonly Decision[]): readonly number[] =>
  decisions.flatMap(({ to, direction }) => (direction === 'hold' ? [] : [to]));

const policies = [
  { name: 'target', policy: { type: 'target', backlogPerTask: 3 } },
  { name: 'queueDelay', policy: { type: 'queueDelay', target: 16, release: 7 } },
];

describe('the runner and the simulation decide the same', () => {
  let runs: readonly { readonly real: readonly Decision[]; readonly virtual: readonly Decision[] }[];
  let wasQuiet = false;
  beforeAll(async () => {
    for (let tries = 0; tries < 2 && !wasQuiet; tries += 1) {
      const delay = monitorEventLoopDelay({ resolution: 20 });
      delay.enable();
      runs = await Promise.all(
        policies.map(async ({ name, policy }) => {
          const setting = await configured(name, policy);
          const real = await really(setting);
          return { real: real.decisions, virtual: virtually(setting, real) };
        }),
      );
      delay.disable();
      wasQuiet = delay.max / 1e9 < ROOM;
    }
  }, 240_000);

  test.each(policies.map(({ name }, nth) => ({ name, nth })))('$name', ({ nth }) => {
    const { real = [], virtual = [] } = runs[nth] ?? {};
    expect(Math.abs(real.length - virtual.length)).toBeLessThanOrEqual(1);
    expect(Math.max(...toOf(real))).toBeGreaterThan(15);
    expect(real.map(({ direction }) => direction)).toContain('in');
    expect({ real: alone(real, virtual), virtual: alone(virtual, real) }).toEqual({ real: [], virtual: [] });
    expect(alike(real, virtual)).toBeGreaterThan((wasQuiet ? 0.9 : 0.8) * real.length);
    if (!wasQuiet) return;
    const simulated = steps(virtual);
    expect(steps(real)).toHaveLength(simulated.length);
    expect(steps(real).filter((to, step) => !isNear(to, simulated[step] ?? Number.NaN))).toEqual([]);
  });
});
