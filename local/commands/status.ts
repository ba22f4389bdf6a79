/** `pulsescale status`: one lane as its object shows it, or all lanes of a bucket. */
import { type Lease, type LeaseStore, readLease } from '../../lambdas/store/lease-object.ts';
import { type Condition, conditionOf } from '../lane/condition.ts';
import { lanesIn, noSuchLane } from '../lane/lanes.ts';
import { overview, type Unreadable } from '../lane/overview.ts';
import { orTold } from '../lane/refusals.ts';
import { report } from '../lane/report.ts';
import { type LaneFlags, say, storeOf } from './lane-flags.ts';

interface StatusFlags extends LaneFlags {
  readonly json?: boolean;
}

/** As the exit code; `--help` names them. */
const CODES = { ticking: 0, asleep: 0, 'not ticking': 1, unreadable: 1, paused: 3 } as const;

type Look = Unreadable | (Condition & { readonly object: Lease });

const lookAt = async (store: LeaseStore, lane: string): Promise<Look> => {
  const found = await orTold('s3:GetObject', store.bucket, readLease(store, lane));
  if ('missing' in found) throw await noSuchLane(store, lane);
  if ('unreadable' in found) return { lane, unreadable: found.unreadable };
  return { ...conditionOf(lane, found.lease, found.now), object: found.lease };
};

const stateOf = (look: Look): keyof typeof CODES => ('unreadable' in look ? 'unreadable' : look.state);

/** The worst of them: a lane that does not tick is worse than one that somebody has paused. */
const codeOf = (looks: readonly Look[]): number => {
  const codes = looks.map((look) => CODES[stateOf(look)]);
  return codes.includes(1) ? 1 : Math.max(...codes);
};

const unreadableLines = ({ lane, unreadable }: Unreadable): readonly string[] => [
  `lane ${lane}: unreadable`,
  `  its object is not a lease: ${unreadable}`,
  "  the loop puts it aside and writes a new one once it is too old to be anybody's",
];

interface Answer {
  readonly code: number;
  readonly lines: readonly string[];
}

/** @param columns of the terminal */
export const statusOf = async (
  store: LeaseStore,
  { lane, json }: Pick<StatusFlags, 'lane' | 'json'>,
  columns: number,
): Promise<Answer> => {
  const lanes = lane === undefined ? await lanesIn(store) : [lane];
  if (lanes.length === 0)
    throw new Error(`no lane has ever been started in bucket ${store.bucket}: is it the state bucket?`);
  const looks = await Promise.all(lanes.map((each) => lookAt(store, each)));
  const code = codeOf(looks);
  const [first, ...others] = looks;
  if (json) return { code, lines: [JSON.stringify(lane === undefined ? looks : first, null, 2)] };
  if (first === undefined || others.length > 0) return { code, lines: overview(looks, columns) };
  return { code, lines: 'unreadable' in first ? unreadableLines(first) : report(first, columns) };
};

export const statusCommand = async (flags: StatusFlags): Promise<void> => {
  const { code, lines } = await statusOf(await storeOf(flags), flags, process.stdout.columns ?? 80);
  process.exitCode = code;
  lines.forEach(say);
};
