/**
 * From loads to sources and policies. One load is `source` and `policy`; several are named, each with a policy tied to it, and the highest
 * answer wins, as with the HPA.
 *
 * What KEDA itself decides between 0 and 1 is arithmetic here: above its activation threshold a trigger is active, and while none is the answer
 * is 0 (`if(orders.visible > 5, …, 0)`); with `idleReplicaCount: 0` there are `minReplicaCount` replicas at least while one is.
 */
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import { wordsFor } from '../words.ts';
import { formulaIn } from './formula.ts';
import { METRIC_TYPES, type NamedLoad } from './triggers.ts';

/** What policies are called here. */
const OURS = ['active', 'composed', 'load', 'formula', 'target'];

/** A name for each source: that of its trigger where it has one, else its type. */
const namesFor = (loads: readonly NamedLoad[]): readonly string[] =>
  wordsFor(
    loads.map(({ called, source }) => (called.includes('-') ? String(source['type']) : called)),
    OURS,
  );

const NO_TOLERANCE = 'There 10 % around the target change nothing; the formula here has no such tolerance.';

interface Wanted {
  readonly tolerance: Fields;
  /** The fewest while anything is active, with idleReplicaCount. */
  readonly whileActive: number | undefined;
  /** Whether it may go to 0: else a threshold of activation means nothing. */
  readonly toZero: boolean;
}

const policyFor = (load: NamedLoad, tolerance: Fields): Fields => {
  const { perTask, perTaskKey, measured, metricType, metadata } = load;
  const tolerated = Object.keys(tolerance).length === 0 ? {} : { tolerance };
  const metric = measured('');
  if (metricType === 'Value') return { type: 'value', metric, target: perTask, ...tolerated };
  if (/^(visible|backlog|value)$/.test(metric))
    return {
      type: 'target',
      backlogPerTask: perTask,
      ...(metric === 'visible' ? { count: 'visible' } : {}),
      ...tolerated,
    };
  metadata.note(perTaskKey, NO_TOLERANCE);
  return { type: 'formula', tasks: `(${metric}) / ${perTask}` };
};

const maxOf = (answers: readonly (string | number)[]): string =>
  answers.length === 1 ? `${answers[0]}` : `max([${answers.join(', ')}])`;

const JOINT =
  'Whether any trigger is active is asked of all of them together: while one cannot be read, the count is held.';

/** The answer while any load is above its threshold, else 0. */
const activeOnly = (
  loads: readonly NamedLoad[],
  names: readonly string[],
  answers: readonly string[],
  whileActive: number | undefined,
): Fields => {
  const isMany = loads.length > 1;
  const conditions = loads.map(({ measured, activation }, nth) => {
    const metric = measured(isMany ? `${names[nth]}.` : '');
    return `${/\s/.test(metric) ? `(${metric})` : metric} > ${activation}`;
  });
  const all = whileActive === undefined ? answers : [...answers, whileActive];
  return { type: 'formula', name: 'active', tasks: `if(${conditions.join(' or ')}, ${maxOf(all)}, 0)` };
};

/** The formula of `scalingModifiers` as the one policy of all sources; undefined: there is none, or it can't be said. */
const composed = (modifiers: Ledger, loads: readonly NamedLoad[], names: readonly string[]) => {
  const text = modifiers.text('formula');
  if (text === undefined) return undefined;
  const target = modifiers.amount('target') ?? 1;
  const metricType = modifiers.choice('metricType', METRIC_TYPES) ?? 'AverageValue';
  const activation = modifiers.amount('activationTarget') ?? 0;
  let isWhole = true;
  const nameOf = (name: string): string => {
    const nth = loads.findIndex(({ called }) => called === name);
    isWhole &&= nth >= 0;
    const metric = nth < 0 ? name : (loads[nth]?.measured(`${names[nth]}.`) ?? name);
    return /\s/.test(metric) ? `(${metric})` : metric;
  };
  const metric = formulaIn(text, nameOf);
  if (metric === undefined || !isWhole) {
    modifiers.note(
      'formula',
      'It cannot be said here (?? and programs over lists are unknown, and so are triggers without an equivalent): each trigger has the policy that its own metadata says, and the highest answer wins.',
    );
    return undefined;
  }
  for (const { metadata, perTaskKey } of loads)
    if (metadata.has(perTaskKey))
      metadata.note(perTaskKey, 'Not looked at beside a formula, there as well: its target counts.');
  modifiers.note('formula', `${NO_TOLERANCE} While one of its triggers cannot be read, the count is held.`);
  if (metricType === 'Value') {
    if (activation > 0)
      modifiers.note('activationTarget', 'No equivalent beside metricType Value: any load at all is work.');
    return { type: 'value', metric, target };
  }
  const tasks = `(${metric}) / ${target}`;
  return {
    type: 'formula',
    name: 'composed',
    tasks: activation > 0 ? `if(${metric} > ${activation}, ${tasks}, 0)` : tasks,
  };
};

export const policiesFor = (
  loads: readonly NamedLoad[],
  modifiers: Ledger,
  { tolerance, whileActive, toZero }: Wanted,
): Fields => {
  const names = namesFor(loads);
  const isFormula = modifiers.has('formula');
  const named = loads.map(({ source }, nth) => ({ name: names[nth], ...source }));
  const formula = composed(modifiers, loads, names);
  if (formula !== undefined) return { sources: named, policy: formula };

  const isMany = loads.length > 1;
  const plain = loads.map((load) => policyFor(load, tolerance));
  const activated = loads.filter(({ activation }) => activation > 0);
  for (const { metadata, activationKey } of activated)
    metadata.note(
      activationKey,
      toZero
        ? `Between the threshold and 0 nothing starts; a last task that runs already stays until nothing is left. ${isMany ? JOINT : ''}`.trim()
        : 'Without scale to zero it means nothing, there as well.',
    );
  const asks = toZero && (activated.length > 0 || whileActive !== undefined);
  const [only] = loads;
  if (!isMany && only !== undefined) {
    const source = isFormula ? named[0] : only.source;
    if (!asks) return { source, policy: plain[0] };
    return {
      source,
      policies: [{ ...plain[0], name: 'load' }, activeOnly(loads, names, ['load'], whileActive)],
      combine: 'active',
    };
  }
  const tied = plain.map((policy, nth) => ({ ...policy, name: `${names[nth]}Load`, source: names[nth] }));
  if (!asks) return { sources: named, policies: tied };
  const answers = names.map((name) => `${name}Load`);
  return {
    sources: named,
    policies: [...tied, activeOnly(loads, names, answers, whileActive)],
    combine: 'active',
  };
};
