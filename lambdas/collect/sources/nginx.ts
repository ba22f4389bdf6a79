/**
 * nginx in the tasks of an ECS service: the connections it is busy with, and how many it accepts per second. Every running
 * task is asked for its stub_status, all of them at once.
 *
 * A task that does not answer is left out and named. The average is then that of the others, and the sum a floor; when fewer
 * than half answer, nothing is known. A service without a task has no connections, which is known and 0.
 */
import { tlsOptions } from '../../contract/access.ts';
import { explain, statusOf } from '../../contract/aws-errors.ts';
import { nameOf } from '../../contract/errors.ts';
import { oncePerTick } from '../../contract/once-per-tick.ts';
import { patience } from '../../contract/patience.ts';
import { defineSource, type Sighting, type Trouble } from '../../contract/source.ts';
import { openRequester } from './http/request.ts';
import { type Looked, lookAtAll } from './nginx/look.ts';
import { nameOfService, type Options, options, permissions, regionOf } from './nginx/options.ts';
import { acceptRates } from './nginx/rates.ts';
import { EcsFailure, type Tasks, taskFinder } from './nginx/tasks.ts';

/** Of the time limit, what ECS may take; the tasks need the rest. */
const SHARE_OF_ECS = 0.5;
const MOST_NAMES = 3;

const placeOf = (given: Options): string => regionOf(given) ?? "the function's region";

interface Seen {
  readonly tasks: Tasks;
  readonly looked: readonly Looked[];
  readonly arrivalsPerSecond: number | undefined;
}

const noTask = ({ starting }: Tasks, given: Options, at: string): Sighting => {
  const name = nameOfService(given);
  if (starting === 0)
    return { known: true, value: 0, notes: [`${name} has no task, and so no connections`], at };
  // Nobody can connect yet, so what they will have to do is anybody's guess.
  const notes = [`none of the ${starting} tasks of ${name} is running yet, so nobody can connect to them`];
  return { known: true, value: 0, atLeast: true, notes, at };
};

const readingOf = ({ tasks, looked, arrivalsPerSecond }: Seen, given: Options, at: string): Sighting => {
  if (looked.length === 0) return noTask(tasks, given, at);
  const busy = looked.flatMap((each) => ('status' in each ? [each.status.busy] : []));
  const lost = looked.flatMap((each) => ('why' in each ? [each] : []));
  const all = looked.length === 1 ? 'the only running task' : `${looked.length} running tasks`;
  if (busy.length * 2 < looked.length) {
    const why = `${busy.length} of ${all} of ${nameOfService(given)} answered: ${lost[0]?.why}`;
    return { known: false, why, error: 'TooFewTasks' };
  }
  const sum = busy.reduce((total, each) => total + each, 0);
  const names = lost.slice(0, MOST_NAMES).map(({ id }) => id);
  const more = lost.length > MOST_NAMES ? ` and ${lost.length - MOST_NAMES} more` : '';
  return {
    known: true,
    value: given.aggregate === 'sum' ? sum : sum / busy.length,
    ...(arrivalsPerSecond === undefined ? {} : { arrivalsPerSecond }),
    ...(lost.length > 0 && given.aggregate === 'sum' ? { atLeast: true } : {}),
    ...(lost.length > 0
      ? { notes: [`${lost.length} of ${all} left out: ${names.join(', ')}${more}: ${lost[0]?.why}`] }
      : {}),
    at,
  };
};

const trouble = (thrown: unknown, given: Options): Trouble | undefined => {
  if (!(thrown instanceof EcsFailure)) return undefined;
  const { action, cause } = thrown;
  const kind = statusOf(cause) === undefined ? 'broken' : 'answered';
  if (nameOf(cause) === 'ClusterNotFoundException')
    return {
      kind,
      why: `there is no cluster ${given.cluster} in ${placeOf(given)}: check cluster and region`,
    };
  if (nameOf(cause) === 'ServiceNotFoundException')
    return {
      kind,
      why: `there is no service ${given.service} in cluster ${given.cluster} in ${placeOf(given)}: check service, cluster and region`,
    };
  return { kind, why: explain(cause, action, `the tasks of ${nameOfService(given)}`) };
};

export const nginx = defineSource({
  type: 'nginx',
  options,
  reports: ['value', 'arrivalsPerSecond'],
  permissions,
  examples: [
    { type: 'nginx' },
    { type: 'nginx', cluster: 'shop', service: 'gateway', port: 8080, aggregate: 'average' },
  ],
  needs: 'a way to the port of every task, which is in the network mode awsvpc',
  server: (given) => `nginx over ${given.scheme} in ${placeOf(given)}`,
  complete: (given, { cluster, service }) => ({
    ...given,
    cluster: given.cluster ?? cluster,
    service: given.service ?? service,
  }),
  connect: async (given) => {
    const sdk = await import('@aws-sdk/client-ecs');
    const region = regionOf(given);
    const client = new sdk.ECSClient({ ...(region === undefined ? {} : { region }), maxAttempts: 2 });
    const requester = openRequester({}, given.scheme === 'https' ? tlsOptions(given.tls, true) : undefined);
    const findTasks = taskFinder(client, sdk);
    const once = oncePerTick<Seen>();
    const rates = acceptRates();
    const patient = patience();
    return {
      read: async (each, { at, tick, msLeft }) => {
        const { cluster = 'default', service = '', container, port, path, timeLimit } = each;
        const place = JSON.stringify([cluster, service, container, port, path]);
        const seen = await once(tick, `${place} ${timeLimit}`, async () => {
          const tasks = await findTasks(
            { cluster, service, container },
            AbortSignal.timeout(Math.floor(msLeft() * SHARE_OF_ECS)),
          );
          const looked = await lookAtAll(tasks.running, each, requester, patient, msLeft());
          return { tasks, looked, arrivalsPerSecond: rates(place, looked, Date.parse(at)) };
        });
        return readingOf(seen, each, at);
      },
      close: async () => {
        client.destroy();
        await requester.close();
      },
    };
  },
  trouble,
});
