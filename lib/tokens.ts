/**
 * Values that only deployment knows. A configuration is written into a file at synth, where a CDK token (the URL of a
 * queue made in the same app, say) would be rubbish. So each of them leaves the file and becomes an environment
 * variable of the functions; `%(PULSE_1)` stands in for it, which the handlers replace like every other `%(NAME)`.
 */
import { Token } from 'aws-cdk-lib';
import type { ConfigProblem } from '../lambdas/contract/errors.ts';
import { pathOf, type Steps } from '../lambdas/contract/path.ts';

/** Names that are ours to give. */
export const STAND_IN = /^PULSE_\d+$/;

export interface Deferred {
  /** The value without tokens. */
  readonly value: unknown;
  /** What the stand-ins stand for: `{ PULSE_1: <token> }`. Equal tokens share one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Tokens that no stand-in can replace: numbers, lists and objects. */
  readonly problems: readonly ConfigProblem[];
}

/** A token as CDK writes it into text. What stands around it stays: `cluster/service` of two tokens is that of two stand-ins. */
const TOKEN = /\$\{Token\[[^\]]*\]\}/g;

const ONLY_STRINGS =
  'is known only at deployment, and a configuration can defer strings alone: give the value itself here';

/** Replaces every string token in a configuration by a stand-in. */
export const deferTokens = (raw: unknown): Deferred => {
  const names = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  const standInFor = (token: string): string => {
    const name = names.get(token) ?? `PULSE_${names.size + 1}`;
    names.set(token, name);
    return `%(${name})`;
  };
  const visit = (value: unknown, steps: Steps): unknown => {
    if (typeof value === 'string')
      return Token.isUnresolved(value) ? value.replaceAll(TOKEN, standInFor) : value;
    if (Token.isUnresolved(value)) problems.push({ path: pathOf(steps), message: ONLY_STRINGS });
    else if (Array.isArray(value)) return value.map((item, index) => visit(item, [...steps, index]));
    else if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, visit(item, [...steps, key])]),
      );
    }
    return value;
  };
  const value = visit(raw, []);
  return {
    value,
    environment: Object.fromEntries([...names].map(([token, name]) => [name, token])),
    problems,
  };
};
