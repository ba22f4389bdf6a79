/** Logs of a loop that ran in virtual time, in every form in which they come. */
import { type History, noHistory, ticksOf } from '../../../lambdas/contract/history.ts';
import type { Decision, Reading } from '../../../lambdas/contract/records.ts';
import { withTick } from '../../../lambdas/decide/history.ts';
import { steady, type Told, type Truth, tell } from '../../../local/simulation/story.ts';
import { service, tools } from '../../samples.ts';

export const KEY = 'shop/orders-worker';

/** 4 a second and 12 a second in turns of five minutes, a message of 1.5 s each: 6 and 18 busy tasks. */
export const WORK = 1.5;
const load = steady((t) => (Math.floor(t / 300) % 2 === 0 ? 4 : 12), WORK);

export const configuration = { tasks: { min: 1, max: 60 }, policy: { type: 'panic', target: 0.7 } };

export const withRates = ({ visible, inFlight, arrivalsPerSecond, departuresPerSecond }: Truth): Reading => ({
  ...{ known: true, visible, inFlight, arrivalsPerSecond, departuresPerSecond },
});

/** One that lets messages wait, and so learns from how the backlog bends. */
export const waiting = { ...configuration, policy: { type: 'target', backlogPerTask: 6 } };

export const story = (see?: Parameters<typeof tell>[0]['see'], service: object = configuration): Told =>
  tell({
    ...{ service: { ...service }, tools, seconds: 1800, interval: 5, startUp: 23, startUpSigma: 0.1 },
    ...{ tasks: 8, load },
    ...(see === undefined ? {} : { see }),
  });

export const linesOf = (decisions: readonly unknown[]): string =>
  decisions.map((each) => `${JSON.stringify(each)}\n`).join('');

/** As the lease logs the ticks of each execution, a minute of them. */
export const tickLines = ({ ticks }: Told): readonly object[] => {
  const lines: object[] = [];
  const ours = service(configuration);
  for (let from = 0; from < ticks.length; from += 12) {
    const history = ticks.slice(from, from + 12).reduce<History>((before, tick) => {
      const { decision, desired, running } = tick;
      const counts = { desired, running, pending: desired - running, deploying: false };
      return withTick(
        before,
        [{ service: ours, readings: [decision.reading], counts, memory: {} }],
        [decision],
      );
    }, noHistory);
    const own = { level: 'INFO', message: 'ticks', service: 'lease', timestamp: '2026-11-22T12:00:00.000Z' };
    lines.push({ ...own, ticks: ticksOf('default', 1, history) });
  }
  return lines;
};

/** As decide logs what changes. */
export const changeLines = (decisions: readonly Decision[]): readonly object[] =>
  decisions
    .filter(({ direction }) => direction !== 'hold')
    .map((decision) => ({
      level: 'INFO',
      message: 'decision',
      service: 'decide',
      lane: 'default',
      decision,
    }));
