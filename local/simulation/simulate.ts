/**
 * One service in virtual time, message by message: a trace comes in, tasks of `local/world.ts` start, work and stop, and a controller sets
 * their number. The same arguments give the same bytes. Two controllers with one seed meet the same messages, each with the same work, and the nth
 * task that either of them has launched takes the same time to start.
 *
 * The second that begins at `t`: the controller looks (if it is its turn) and what it wants is done at once, within the bounds of the plant; the
 * figures of the second are noted; tasks are launched and start, messages come and are worked on, at any fraction of it.
 *
 * Gotchas
 * - What is paid is counted once a second, at its beginning: a task that is launched within the second counts from the next one on, one that
 *   ends within it counts to its end. Over many tasks that is right on average. ECS's minimum of a minute for each task is not in it.
 * - The trace ends when it ends: what is unfinished then is `left`.
 */
import { advance, createWorld, setDesired, type WorldService } from '../world.ts';
import { createBacklog } from './backlog.ts';
import { type Consumers, createConsumers } from './consumers.ts';
import type { Controller } from './controller.ts';
import { createHistory } from './history.ts';
import type { Plant } from './plant.ts';
import type { Action, Simulated } from './simulated.ts';
import type { Trace } from './trace.ts';

const NAMES = { cluster: 'simulation', service: 'consumers' };

interface Follower {
  /** Tells the consumers which tasks have started, and which are stopped. */
  readonly follow: (service: WorldService | undefined) => void;
  readonly running: () => number;
  /** Tasks that are launched and not stopped. */
  readonly launched: () => number;
}

const createFollower = (consumers: Consumers): Follower => {
  /** Of each task that runs, the number by which the consumers know it. */
  let numbers = new Map<string, number>();
  let launched = 0;
  let seen: WorldService | undefined;
  return {
    follow: (service) => {
      if (service === seen || service === undefined) return;
      seen = service;
      launched = 0;
      const there = new Map<string, number>();
      for (const { id, status, launchedAt, startsAt } of service.tasks) {
        if (launchedAt < Number.POSITIVE_INFINITY) launched += 1;
        if (status === 'RUNNING') there.set(id, numbers.get(id) ?? consumers.start(startsAt / 1000));
      }
      for (const [id, number] of numbers) if (!there.has(id)) consumers.stop(number);
      numbers = there;
    },
    running: () => numbers.size,
    launched: () => launched,
  };
};

/** @throws RangeError when a controller wants something that is no number */
const withinBounds = (wanted: number, { min, max }: Plant['tasks']): number => {
  if (Number.isNaN(wanted)) throw new RangeError('the controller wants NaN tasks');
  return Math.max(min, Math.min(max, Math.round(wanted)));
};

/** @param seed of the start-up times */
export const simulate = (trace: Trace, plant: Plant, controller: Controller, seed: number): Simulated => {
  const { seconds } = trace;
  let world = createWorld({
    ...{ seed, startUpMs: plant.startUp * 1000, startUpSigma: plant.startUpSigma },
    launches: { burst: plant.launchBurst, perSecond: plant.launchesPerSecond },
    services: [{ ...NAMES, desired: plant.running }],
  });
  const backlog = createBacklog(trace);
  const consumers = createConsumers(backlog, trace, plant);
  const inFlight = (): number => consumers.busy() + backlog.hidden();
  const { follow, running, launched } = createFollower(consumers);
  const history = createHistory(seconds);
  let desired = plant.running;
  let [arrived, departed] = [0, 0];
  const measure = (t: number): void => {
    history.add({
      ...{ desired, running: running(), visible: backlog.visible(), inFlight: inFlight() },
      ...{ arrivals: backlog.arrived() - arrived, departures: consumers.departed() - departed },
      ...{ utilization: 100 * consumers.busyShare(), oldestAge: backlog.oldestAge(t) },
    });
    [arrived, departed] = [backlog.arrived(), consumers.departed()];
  };

  const actions: Action[] = [];
  const look = (t: number): void => {
    const wanted = controller.decide({
      ...{ t, desired, running: running(), arrived, departed },
      ...{ visible: backlog.visible(), inFlight: inFlight(), oldestAge: backlog.oldestAge(t) },
      ...{ before: history.before, average: history.average },
    });
    if (wanted === undefined) return;
    const to = withinBounds(wanted, plant.tasks);
    if (to === desired) return;
    actions.push({ t, from: desired, to });
    desired = to;
    world = setDesired(world, NAMES.cluster, NAMES.service, to);
    follow(world.services[0]);
  };

  const counts = () => new Uint16Array(seconds);
  const noted = { desired: counts(), running: counts(), paid: counts() };
  const queue = { visible: new Uint32Array(seconds), inFlight: new Uint32Array(seconds) };
  follow(world.services[0]);
  consumers.work(0);
  measure(0);
  for (let t = 0; t < seconds; t += 1) {
    if (t % controller.every === 0) look(t);
    noted.desired[t] = desired;
    noted.running[t] = running();
    noted.paid[t] = launched() + consumers.ending();
    queue.visible[t] = backlog.visible();
    queue.inFlight[t] = inFlight();
    world = advance(world, 1000);
    follow(world.services[0]);
    consumers.work(t + 1);
    measure(t + 1);
  }
  const left = trace.arrivals.length - departed;
  return { waits: backlog.waits(seconds), left, lost: consumers.lost(), ...noted, ...queue, actions };
};
