/** The table of guards in `docs/policies.md`: the order is the registry's, the options are the declared ones. */
import * as z from 'zod';
import { anySource, serviceSchema } from '../../lambdas/contract/config.ts';
import { guards } from '../../lambdas/decide/guards/registry.ts';
import { code, nestedOptions, type Option, optionTable, table } from '../../lib/option-docs.ts';

interface GuardRow {
  /** The key of a service's configuration that it obeys. */
  readonly key?: string;
  readonly rule: string;
}

const ROWS: Readonly<Record<string, GuardRow>> = {
  unknown: {
    key: 'fallback',
    rule: 'What cannot be read is never zero: no count is lowered while a reading is unknown, none is changed while ECS does not tell the counts. After `fallback.after` at least `fallback.tasks`.',
  },
  starting: {
    rule: 'Tasks that were asked for and have not started yet count as there, for rules that add to the count at every tick.',
  },
  deployment: {
    key: 'deployment',
    rule: 'While a deployment runs, its tasks and the old ones are counted together: scale-out only.',
  },
  emptyFor: {
    key: 'emptyFor',
    rule: 'The last task goes only when nothing was waiting, delayed or in flight for so long: the counters of SQS settle after a minute.',
  },
  stabilization: {
    key: 'stabilization',
    rule: 'Out to the lowest answer of a window, in to the highest, as the HPA.',
  },
  limits: {
    key: 'limits',
    rule: 'So many tasks or per cent in so long, as the HPA, in integers, also for the last step to 0.',
  },
  cooldown: {
    key: 'cooldown',
    rule: 'A pause between two actions in the same direction; an action in the future (a clock that went back) counts as just done.',
  },
  disableScaleIn: {
    key: 'disableScaleIn',
    rule: 'No scale-in: for one service, or for all by `DISABLE_SCALE_IN`.',
  },
  schedule: {
    key: 'schedule',
    rule: 'Windows of time, by cron in a time zone, that raise the least or cap the most tasks.',
  },
  pause: { key: 'pause', rule: 'No scale-in, no scale-out, no change, or a fixed count.' },
  tasks: { key: 'tasks', rule: 'The bounds, which nothing gets past: also a lowered `max` is obeyed.' },
  dryRun: { key: 'dryRun', rule: 'Everything is decided, said and logged, and nothing is changed.' },
  idle: {
    key: 'idle',
    rule: 'Changes no count: notes since when there is neither work nor a task, so that the lane may sleep when all its services have had none for `idle.after`.',
  },
};

const { properties = {}, required = [] } = z.toJSONSchema(serviceSchema(anySource), { io: 'input' });

const optionsOf = (key: string | undefined): readonly Option[] => {
  const schema = key === undefined ? undefined : properties[key];
  return key === undefined || schema === undefined ? [] : nestedOptions(key, schema, required.includes(key));
};

const inShort = ({ name, required, default: usual }: Option): string => {
  if (required) return `**${code(name)}**`;
  return usual === undefined ? code(name) : `${code(name)} (${usual.replaceAll('"', '')})`;
};

/** @throws Error for a guard that nothing is written about */
const rowOf = (by: string): GuardRow => {
  const row = ROWS[by];
  if (row === undefined) throw new Error(`nothing is written about the guard ${by}`);
  return row;
};

/** Each guard in one line, and all their options. */
export const guardTables = (): string => {
  const rows = guards.map(({ by }, nth) => {
    const { key, rule } = rowOf(by);
    return [String(nth + 1), code(by), rule, optionsOf(key).map(inShort).join(', ')];
  });
  const options = guards.flatMap(({ by }) => optionsOf(rowOf(by).key));
  return [table(['', 'guard', 'rule', 'options (**required**, default)'], rows), optionTable(options)].join(
    '\n\n',
  );
};

/** How several answers become one, and what every policy may be given besides its own options. */
export const combineTable = (): string => optionTable(optionsOf('combine'));
