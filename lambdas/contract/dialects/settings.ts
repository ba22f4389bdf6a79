/**
 * Reads settings that stand in an event payload or in environment variables, as fast-autoscaler does: the payload wins.
 * Every problem is collected in the words of whoever wrote the setting, `MIN_TASKS` or `queue_config.queue_url`.
 */
import type { ConfigProblem } from '../errors.ts';
import { pathOf, type Steps } from '../path.ts';
import { isSecret, shown, unknownName } from '../wording.ts';
import { type Fields, flagIn, isGiven, isObject, listIn, numberIn, textIn, wholeIn } from './values.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: the variable and the payload key that it may be given by. */
export interface Name {
  readonly variable?: string;
  readonly key?: string;
}

interface Range {
  /** 0 when left out. */
  readonly least?: number;
  readonly most?: number;
}

/** Each of the readers answers `undefined` when the setting is not given, or is wrong and has been reported. */
export interface Settings {
  readonly text: (name: Name) => string | undefined;
  /** A text that must be there; `what` it is stands in the message when it is not. */
  readonly required: (name: Name, what: string) => string | undefined;
  readonly whole: (name: Name, range?: Range) => number | undefined;
  readonly amount: (name: Name, range?: Range) => number | undefined;
  readonly flag: (name: Name) => boolean | undefined;
  /** Several texts, in a list or separated by commas. */
  readonly list: (name: Name) => readonly string[] | undefined;
  /** A variable becomes a reference to itself, so that its value is never copied into a configuration. */
  readonly byReference: (name: Name) => string | undefined;
  /** Like `byReference`; and a payload, which is kept in the history of every execution, may hold only a reference. */
  readonly secret: (name: Name & { readonly variable: string }) => string | undefined;
  /** The settings in an object inside the payload. */
  readonly section: (key: string) => Settings;
  readonly isGiven: (name: Name) => boolean;
  /** What the operator calls this setting: the key in a payload, else the variable. */
  readonly pathTo: (name: Name) => string;
  readonly report: (name: Name, message: string) => void;
  /** Reports every key of the payload that nobody asked for. Call it last. */
  readonly refuseOtherKeys: () => void;
}

const REFERENCE = /^%\([A-Za-z_]\w*\)$/;

/**
 * @param payload the object that holds the keys; `undefined` when only the environment speaks
 * @param place of `payload` in what the operator wrote
 * @param problems where every problem is added
 */
export const settingsIn = (
  payload: Fields | undefined,
  place: Steps,
  env: Environment,
  problems: ConfigProblem[],
): Settings => {
  const asked = new Set<string>();

  const find = ({ variable, key }: Name) => {
    if (key !== undefined) asked.add(key);
    const inPayload = key !== undefined && payload && Object.hasOwn(payload, key) ? payload[key] : undefined;
    if (isGiven(inPayload)) return { value: inPayload, fromPayload: true };
    const inEnvironment = variable === undefined ? undefined : env[variable];
    return isGiven(inEnvironment) ? { value: inEnvironment, fromPayload: false } : undefined;
  };

  const pathTo = (name: Name): string => {
    const { variable = '', key } = name;
    const written = find(name)?.fromPayload ?? payload !== undefined;
    return key === undefined || !written ? variable : pathOf([...place, key]);
  };

  const report = (name: Name, message: string): void => {
    problems.push({ path: pathTo(name), message });
  };

  const refuse = (name: Name, expected: string): undefined => {
    const hidden = isSecret([pathTo(name)]);
    report(
      name,
      `expected ${expected}, got ${hidden ? 'a value that is not shown here' : shown(find(name)?.value)}`,
    );
  };

  const read = <T>(
    name: Name,
    convert: (value: unknown) => T | undefined,
    expected: string,
  ): T | undefined => {
    const found = find(name);
    return found && (convert(found.value) ?? refuse(name, expected));
  };

  const within = (
    name: Name,
    value: number | undefined,
    kind: string,
    { least = 0, most = Number.MAX_SAFE_INTEGER }: Range,
  ) => {
    if (value === undefined || (value >= least && value <= most)) return value;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    return refuse(name, `${kind} ${bounds}`);
  };

  const text = (name: Name): string | undefined => read(name, textIn, 'text');

  return {
    text,
    required: (name, what) => {
      if (find(name) !== undefined) return text(name);
      const variable = name.variable === undefined ? [] : [`set the environment variable ${name.variable}`];
      const key = payload === undefined || name.key === undefined ? [] : [`give ${name.key} in the payload`];
      report(name, `required, ${what}; ${[...key, ...variable].join(' or ')}`);
      return undefined;
    },
    whole: (name, range = {}) => within(name, read(name, wholeIn, 'a whole number'), 'a whole number', range),
    amount: (name, range = {}) => within(name, read(name, numberIn, 'a number'), 'a number', range),
    flag: (name) => read(name, flagIn, 'true or false, 1 or 0, yes or no'),
    list: (name) => read(name, listIn, 'names separated by commas, or a list of names'),
    byReference: (name) => (find(name)?.fromPayload === false ? `%(${name.variable})` : text(name)),
    secret: (name) => {
      const found = find(name);
      if (found === undefined) return undefined;
      if (!found.fromPayload) return `%(${name.variable})`;
      const value = textIn(found.value);
      if (value !== undefined && REFERENCE.test(value)) return value;
      const why = 'a secret in a payload would be kept in the history of every execution';
      report(name, `${why}; leave it out here and set the environment variable ${name.variable}`);
      return undefined;
    },
    section: (key) => {
      const inner = read({ key }, (value) => (isObject(value) ? value : undefined), 'an object');
      return settingsIn(payload && (inner ?? {}), [...place, key], env, problems);
    },
    isGiven: (name) => find(name) !== undefined,
    pathTo,
    report,
    refuseOtherKeys: () => {
      for (const key of Object.keys(payload ?? {}).filter((one) => !asked.has(one))) {
        problems.push({ path: pathOf([...place, key]), message: unknownName('key', key, [...asked]) });
      }
    },
  };
};
