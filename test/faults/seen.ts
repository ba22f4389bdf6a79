/** What the loop did and said of a fault, in few words, from a recording. */
import type { Recording } from './recording.ts';

/** The table has a line for each row. */
const MOST = 2;
const LENGTH = 90;

const brief = (text: string): string => {
  const [line = ''] = text.split('\n', 1);
  return line.length <= LENGTH ? line : `${line.slice(0, LENGTH - 1)}…`;
};

/** Names that are of interest only to machines. */
const plain = (text: string): string =>
  text
    .replaceAll(/arn:aws:\S*?([^:/\s]+)(?=[\s:,)]|$)/g, '$1')
    .replaceAll(/\S*:express:pulsescale:\S+/g, 'an execution');

/** `tick-failed Collect: Sandbox.Timedout: …` and `execution-failed <id>: …`, as the stage notes them. */
const failure = (what: string): string | undefined => {
  const [, state, why] = /^tick-failed (\S+): (.+)/.exec(what) ?? [];
  if (state !== undefined) return `${state} failed with ${why}`;
  return what.startsWith('execution-failed') ? 'the execution failed' : undefined;
};

/** @param from milliseconds: when the fault began */
export const seenIn = (recording: Recording, from: number): string => {
  const { events, decisions, outcomes, acquisitions, executions } = recording;
  const schedule = new Set(executions.filter(({ by }) => by === 'reviver').map(({ delivery }) => delivery));
  const later = <T extends { readonly time: number }>(list: readonly T[]): readonly T[] =>
    list.filter(({ time }) => time >= from);
  const said = [
    ...later(events).flatMap(({ time, what }) => ({ time, what: failure(what) })),
    ...later(decisions).map(({ time, decision: { reading, reasons } }) => ({
      time,
      what: reading.known ? reasons.find(({ by }) => by === 'unknown')?.why : reading.why,
    })),
    ...later(outcomes).map(({ time, outcome: { error } }) => ({ time, what: error })),
    ...later(acquisitions).map(({ time, revived, term, why, delivery }) => ({
      time,
      // The schedule finds somebody at work once a minute.
      what: revived ? `term ${term} revives the lane` : schedule.has(delivery) ? undefined : why,
    })),
  ].toSorted((one, other) => one.time - other.time);
  const sentences = new Set(said.flatMap(({ what }) => (what === undefined ? [] : [brief(plain(what))])));
  const told = sentences.size > 0 ? sentences : loggedIn(recording, from);
  return told.size === 0 ? 'nobody noticed' : [...told].slice(0, MOST).join('; ');
};

/** The messages of the log lines that the stage has noted since. */
export const loggedIn = ({ events }: Recording, from: number): ReadonlySet<string> =>
  new Set(
    events.flatMap(({ time, what }) => {
      const [, message] = /^\{"level":"\w+","message":"([^"]*)"/.exec(what) ?? [];
      return message === undefined || time < from ? [] : [message];
    }),
  );
