/** Configurations to try: what stands in the file, with some options put in its place. */
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { keyOf, policiesOf, type Service } from '../../../lambdas/contract/config.ts';
import { ConfigError } from '../../../lambdas/contract/errors.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { replayable } from '../loads.ts';
import { type Choice, cooldowns, type Grid, gridOf, type Known } from './grids.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A service as somebody has written it, and what it means. */
export interface Candidate {
  readonly raw: Fields;
  readonly service: Service;
  /** What was put in place, in a few words; empty: nothing. */
  readonly said: string;
}

/** @throws ConfigError */
const candidateOf = (raw: Fields, said: string): Candidate => {
  const [service] = parseConfig({ services: [raw] }, sourceSchema).services;
  if (service === undefined) throw new Error('a configuration without a service');
  return { raw, service: replayable(service)[0], said };
};

/** None where the schema refuses it: not every combination makes sense. */
const candidatesOf = (raw: Fields, said: string): readonly Candidate[] => {
  try {
    return [candidateOf(raw, said)];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return [];
    throw thrown;
  }
};

/** The service of this key as it stands in a file, in our own shape. */
export const configured = (raw: unknown, key: string): Candidate => {
  const { services = [] } = raw as { readonly services?: readonly Fields[] };
  const found = services.find((service) => keyOf(service as { cluster: string; service: string }) === key);
  const { dryRun: _dryRun, ...acting } = found ?? {};
  return candidateOf(acting, '');
};

const combinations = (grid: Grid): readonly Choice[] =>
  grid.reduce<readonly Choice[]>(
    (all, axis) => all.flatMap((chosen) => axis.map((choice) => ({ ...chosen, ...choice }))),
    [{}],
  );

const written = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const inside = Array.isArray(value)
    ? value.map(written)
    : Object.entries(value).map(([name, each]) => `${name} ${written(each)}`);
  return `{ ${inside.join(', ')} }`;
};

const saidOf = (choice: Choice): string =>
  Object.entries(choice)
    .map(([option, value]) => `${option} ${written(value)}`)
    .join(', ');

const joined = (one: string, other: string): string => (one === '' ? other : `${one}, ${other}`);

/** The written policies, one or several, with options of the nth put in place. */
const withPolicy = (raw: Fields, nth: number, choice: Choice): Fields => {
  if (Array.isArray(raw['policies'])) {
    const policies = raw['policies'].map((policy, index) =>
      index === nth ? { ...policy, ...choice } : policy,
    );
    return { ...raw, policies };
  }
  return {
    ...raw,
    policy: { ...((raw['policy'] as Fields | undefined) ?? { type: 'queueDelay' }), ...choice },
  };
};

/** Of what was found best so far a next round of candidates. */
export type Round = (best: Candidate) => readonly Candidate[];

/** One round for each policy, and one for the cooldown. */
export const roundsFor = ({ service }: Candidate, known: Known): readonly Round[] => {
  const names = policiesOf(service);
  const byPolicy = names.map(
    (policy, nth): Round =>
      (best) =>
        combinations(gridOf(policy, known)).flatMap((choice) => {
          const said = names.length > 1 ? `${policy.name ?? policy.type}: ${saidOf(choice)}` : saidOf(choice);
          return candidatesOf(withPolicy(best.raw, nth, choice), joined(best.said, said));
        }),
  );
  const byCooldown: Round = (best) =>
    combinations(cooldowns).flatMap((choice) => {
      const cooldown = { ...(best.raw['cooldown'] as Fields | undefined), ...choice };
      return candidatesOf({ ...best.raw, cooldown }, joined(best.said, `cooldown.${saidOf(choice)}`));
    });
  return [...byPolicy, byCooldown];
};
