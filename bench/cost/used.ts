/** What a lane uses of AWS while it is counted. */
import type { Room } from '../../lambdas/log.ts';

/** By one execution, or by one start of the schedule. */
export interface Used {
  readonly ticks: number;
  readonly invocations: Readonly<Partial<Record<Room, number>>>;
  /** By API: `sqs:GetQueueAttributes`. */
  readonly calls: Readonly<Record<string, number>>;
  /** States entered, which a Standard workflow would bill. */
  readonly transitions: number;
  readonly log: { readonly lines: number; readonly bytes: number };
  /** Bytes of the largest data of a state. */
  readonly largestState: number;
}

const added = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
  sorted(
    new Map(
      [...Object.keys(one), ...Object.keys(other)].map((name) => [
        name,
        (one[name] ?? 0) + (other[name] ?? 0),
      ]),
    ),
  );

/** Both, one after the other. */
export const together = (one: Used, other: Used): Used => ({
  ticks: one.ticks + other.ticks,
  invocations: added(one.invocations, other.invocations),
  calls: added(one.calls, other.calls),
  transitions: one.transitions + other.transitions,
  log: { lines: one.log.lines + other.log.lines, bytes: one.log.bytes + other.log.bytes },
  largestState: Math.max(one.largestState, other.largestState),
});

export interface Tally {
  readonly invoked: (room: Room) => void;
  readonly called: (api: string) => void;
  readonly entered: (data: unknown) => void;
  readonly logged: (text: string) => void;
  /** What was counted since the last time, sorted: the same counts are the same bytes. */
  readonly take: () => Used;
}

const more = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

const nothing = () => ({
  invocations: new Map<string, number>(),
  calls: new Map<string, number>(),
  transitions: 0,
  lines: 0,
  bytes: 0,
  largestState: 0,
});

export const createTally = (): Tally => {
  let now = nothing();
  return {
    invoked: (room) => more(now.invocations, room),
    called: (api) => more(now.calls, api),
    entered: (data) => {
      now.transitions += 1;
      now.largestState = Math.max(now.largestState, Buffer.byteLength(JSON.stringify(data ?? null)));
    },
    logged: (text) => {
      now.lines += text.split('\n').filter(Boolean).length;
      now.bytes += Buffer.byteLength(text);
    },
    take: () => {
      const { invocations, calls, transitions, lines, bytes, largestState } = now;
      now = nothing();
      return {
        ticks: invocations.get('collect') ?? 0,
        invocations: sorted(invocations),
        calls: sorted(calls),
        transitions,
        log: { lines, bytes },
        largestState,
      };
    },
  };
};
