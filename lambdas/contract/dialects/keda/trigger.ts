/**
 * A trigger while it is translated: its metadata, the variables that `…FromEnv` names and the parameters of its authentication, asked for
 * by one name; and what comes out, a source with the number that is to be shared among the tasks.
 */
import type { Ledger } from '../ledger.ts';
import { placeholder } from '../placeholder.ts';
import type { Fields } from '../values.ts';
import type { Parameter, Parameters } from './authentication.ts';

export interface Trigger {
  readonly type: string;
  readonly metadata: Ledger;
  readonly has: (key: string) => boolean;
  /** From the metadata, else a reference to a variable. */
  readonly text: (key: string) => string | undefined;
  /** Like `text`; where nobody gives it, it is refused, and `what` it is stands in the message. */
  readonly required: (key: string, what: string) => string;
  readonly list: (key: string) => readonly string[];
  /** A user or a password, never as text: `{ password: '%(NAME)' }` or `{ passwordSecret: 'arn:…' }`. */
  readonly secret: (key: string, option?: string) => Fields;
  /** The option `tls` of a source. @param on whether it is wanted; undefined: as the source decides */
  readonly tls: (on: boolean | undefined) => Fields;
}

/** What a trigger loads the service with. */
export interface Load {
  readonly source: Fields;
  /** Arithmetic over what the source reports, each name behind `of`: `orders.` or nothing. */
  readonly measured: (of: string) => string;
  /** So much of it for one task. */
  readonly perTask: number;
  /** Where it stands. */
  readonly perTaskKey: string;
  /** Strictly above this a trigger is active. */
  readonly activation: number;
  readonly activationKey: string;
}

export type Reader = (trigger: Trigger) => Load | undefined;

const FROM_ENV = 'FromEnv';

const SET_IT =
  'There a variable of the container; here it is read where collect runs: set it there, or write the value in place of %(…).';

export const triggerOf = (
  type: string,
  metadata: Ledger,
  parameters: Parameters,
  used: Set<Parameter>,
): Trigger => {
  const parameterOf = (key: string): Parameter | undefined => {
    const found = parameters.get(key);
    if (found !== undefined) used.add(found);
    return found;
  };
  const variable = (key: string): string | undefined => {
    const name = metadata.text(`${key}${FROM_ENV}`);
    if (name === undefined) return undefined;
    metadata.note(`${key}${FROM_ENV}`, SET_IT);
    return `%(${name})`;
  };
  const text = (key: string): string | undefined =>
    metadata.text(key) ?? variable(key) ?? parameterOf(key)?.text;
  const secret = (key: string, option = key): Fields => {
    if (metadata.has(key)) {
      const reference = placeholder(type, key);
      metadata.tell(
        key,
        `Not copied: set ${reference.slice(2, -1)} where collect runs, or name a secret as ${option}Secret: arn:….`,
      );
      return { [option]: reference };
    }
    const named = variable(key);
    const parameter = named === undefined ? parameterOf(key) : undefined;
    if (parameter?.arn !== undefined) return { [`${option}Secret`]: parameter.arn };
    const reference = named ?? parameter?.text;
    return reference === undefined ? {} : { [option]: reference };
  };
  return {
    type,
    metadata,
    text,
    secret,
    has: (key) => metadata.has(key) || metadata.has(`${key}${FROM_ENV}`) || parameters.has(key),
    required: (key, what) => {
      const found = text(key);
      if (found === undefined) metadata.refuse(key, `required, ${what}`);
      return found ?? '';
    },
    list: (key) =>
      (text(key) ?? '')
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    tls: (on) => {
      const verify = metadata.flag('unsafeSsl') === true ? { verify: false } : {};
      const authority = on === false ? undefined : parameterOf('ca')?.text;
      const checks = { ...(authority === undefined ? {} : { ca: authority }), ...verify };
      if (on === false || Object.keys(checks).length === 0) return on === undefined ? {} : { tls: on };
      return { tls: checks };
    },
  };
};

/** What a load has that is a target with an activation threshold of its own. */
export const thresholds = (
  { metadata }: Trigger,
  perTaskKey: string,
  usual: number | undefined,
  activationKey: string,
): Pick<Load, 'perTask' | 'perTaskKey' | 'activation' | 'activationKey'> => {
  const given = metadata.amount(perTaskKey) ?? usual;
  if (given === undefined && !metadata.has(perTaskKey))
    metadata.refuse(perTaskKey, 'required, what one replica should have');
  if (given === 0) metadata.refuse(perTaskKey, 'expected a number above 0: by 0 nothing can be shared out');
  return { perTask: given ?? 1, perTaskKey, activation: metadata.amount(activationKey) ?? 0, activationKey };
};

export const waiting: Load['measured'] = (of) => `${of}visible`;
export const waitingOrInFlight: Load['measured'] = (of) => `${of}backlog`;
export const plainValue: Load['measured'] = (of) => `${of}value`;
