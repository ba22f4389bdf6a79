/**
 * Metric math: `m1 / m2` over metrics with an id each. The messages of a queue by the tasks that run are a backlog per task, for which there is
 * a rule; anything else is arithmetic over sources, as far as ours has the words.
 */
import { parseExpression } from '../../expression.ts';
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import { type Measured, measuredBy, notAveraged, type Scene } from './metrics.ts';

export interface Computed {
  readonly sources: readonly Fields[];
  /** The arithmetic. @param of the name of each source with a dot behind it, or nothing */
  readonly metric: (of: readonly string[]) => string;
  /** What of a queue is divided by the tasks; undefined: it is something else. */
  readonly backlog: 'visible' | 'visible+inFlight' | undefined;
}

const IN_SMALL = /\b(IF|MAX|MIN|SUM|ABS|CEIL|FLOOR)\(/g;

interface Query {
  readonly id: string;
  readonly measured: Measured | undefined;
  readonly expression: string | undefined;
  readonly read: Ledger;
}

const queryIn = (read: Ledger, scene: Scene): Query => {
  const id = read.text('Id') ?? '';
  read.ignore('Label', 'ReturnData');
  const expression = read.text('Expression');
  if (!read.has('MetricStat')) return { id, expression, measured: undefined, read };
  const stat = read.at('MetricStat');
  if (stat.has('Unit')) stat.tell('Unit', 'No equivalent: a metric is read in whatever unit it was put in.');
  const measured = measuredBy(stat.at('Metric'), stat.text('Stat'), stat.whole('Period', 1), scene);
  if (measured.name !== 'value') notAveraged(stat, 'Stat', 'Period');
  return { id, expression, measured, read };
};

/** `FILL(m2, 1)` is m2: what is missing is unknown here, and holds the count. */
const withoutFill = (text: string, { read }: Query): string => {
  const plain = text.replace(/FILL\(\s*(\w+)\s*,[^)]*\)/g, '$1');
  if (plain !== text)
    read.note(
      'Expression',
      'FILL has no equivalent: what is missing is unknown here, and the count is held.',
    );
  return plain;
};

/** @param metrics the list `Metrics` @returns undefined: it can't be said here, which is told */
export const computedBy = (metrics: readonly Ledger[], scene: Scene): Computed | undefined => {
  const queries = metrics.map((each) => queryIn(each, scene));
  const returned = metrics.findIndex((each) => each.peek('ReturnData') === true);
  const result =
    queries[returned < 0 ? queries.findIndex(({ expression }) => expression !== undefined) : returned] ??
    queries[0];
  if (result === undefined) return undefined;
  if (returned < 0)
    result.read.note('ReturnData', 'No metric is said to be the result: this one is taken for it.');
  const sources: Fields[] = [];
  const nthOf = (source: Fields): number => {
    const known = sources.findIndex((each) => JSON.stringify(each) === JSON.stringify(source));
    return known < 0 ? sources.push(source) - 1 : known;
  };
  const used = new Set<string>();
  /** @param above expressions may name each other, and a circle of them has no end */
  const spelled = (query: Query, of: readonly string[], above: readonly Query[]): string => {
    if (query.measured !== undefined) {
      const { source, name } = query.measured;
      used.add(name);
      return source === undefined ? name : `${of[nthOf(source)] ?? ''}${name}`;
    }
    const text = withoutFill(query.expression ?? '', query)
      .replace(IN_SMALL, (call) => call.toLowerCase())
      .replace(/\b(AND|OR|NOT)\b/g, (word) => word.toLowerCase());
    return text.replace(/(?<![\w.])[A-Za-z]\w*(?!\s*\()/g, (word) => {
      const other = queries.find(({ id }) => id === word);
      if (other === undefined || other === query || above.includes(other)) return word;
      const inner = spelled(other, of, [...above, query]);
      return other.measured === undefined ? `(${inner})` : inner;
    });
  };
  const plain = spelled(result, [], []);
  try {
    parseExpression(plain);
  } catch {
    result.read.note(
      'Expression',
      'No equivalent, and the policy is left out: arithmetic here has numbers, + - * / %, comparisons, and, or, not, if, min, max, sum, abs, ceil and floor.',
    );
    return undefined;
  }
  const shape = plain.replace(/[\s()]/g, '');
  const counted = new Set(['visible', 'inFlight', 'running', 'desired']);
  const isOfQueue =
    sources.length === 1 && sources[0]?.['type'] === 'sqs' && [...used].every((name) => counted.has(name));
  const backlog = /^visible\/(running|desired)$/.test(shape)
    ? 'visible'
    : /^(visible\+inFlight|inFlight\+visible)\/(running|desired)$/.test(shape)
      ? 'visible+inFlight'
      : undefined;
  return {
    sources,
    metric: (of) => spelled(result, of, []),
    backlog: isOfQueue ? backlog : undefined,
  };
};
