/**
 * Turns what zod found into sentences for an operator: what was given, what is allowed, what to do.
 */
import * as z from 'zod';
import type { ConfigProblem } from './errors.ts';
import { pathOf, type Steps } from './path.ts';
import { keysOf, membersOf, schemaAt, valueAt } from './schema-at.ts';
import { isSecret, listed, shown, unknownName } from './wording.ts';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  url: 'a URL',
};

const kind = (name: string): string => KINDS[name] ?? name;

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
};

/** `a number of at least 1`, `at most 255 characters`, `a number above 0`. */
const limit = (origin: string, bound: number | bigint, inclusive: string, exclusive: string, at: boolean) => {
  const [one, many] = UNITS[origin] ?? [];
  if (one !== undefined) return `${inclusive} ${bound} ${bound === 1 ? one : many}`;
  return at ? `${kind(origin)} of ${inclusive} ${bound}` : `${kind(origin)} ${exclusive} ${bound}`;
};

const format = (issue: Extract<Issue, { code: 'invalid_format' }>): string => {
  if ('prefix' in issue) return `text that starts with ${shown(issue.prefix)}`;
  if ('suffix' in issue) return `text that ends with ${shown(issue.suffix)}`;
  if ('includes' in issue) return `text that holds ${shown(issue.includes)}`;
  return issue.format === 'regex' ? `text that matches ${issue.pattern}` : kind(issue.format);
};

const oneOf = (values: readonly string[]): string =>
  values.length < 2 ? values.join() : `one of ${listed(values)}`;

/** The types that a `type: …` may name, where that is what the issue is about. */
const typesOf = (issue: Issue): readonly string[] | undefined =>
  issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)
    ? issue.options.map(String)
    : undefined;

/** What is allowed where `issue` was found. */
const allowed = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return kind(issue.expected);
    case 'too_small':
      return limit(issue.origin, issue.minimum, 'at least', 'above', issue.inclusive !== false);
    case 'too_big':
      return limit(issue.origin, issue.maximum, 'at most', 'below', issue.inclusive !== false);
    case 'invalid_value':
      return oneOf(issue.values.map(shown));
    case 'invalid_format':
      return format(issue);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_key':
      return `a key that is ${issue.issues.map(allowed).join(' and ')}`;
    case 'invalid_union':
      return oneOf(typesOf(issue) ?? []) || [...new Set(issue.errors.flat().map(allowed))].join(' or ');
    default:
      return 'something else';
  }
};

/** A number or a truth value that was written in quotes. */
const quotes = (issue: Issue, value: unknown): string => {
  if (issue.code !== 'invalid_type' || typeof value !== 'string') return '';
  const numeric = ['number', 'int'].includes(issue.expected) && /^-?\d+(\.\d+)?$/.test(value);
  const truth = issue.expected === 'boolean' && /^(true|false)$/.test(value);
  return numeric || truth ? '; write it without quotes' : '';
};

const isWhole = (schema: z.core.$ZodType | undefined): boolean =>
  schema instanceof z.ZodNumber && schema.isInt;

const ruleOf = (issue: Issue, schema: z.core.$ZodType | undefined): string => {
  if (issue.message !== '') return issue.message;
  const whole = issue.code === 'invalid_type' && issue.expected === 'number' && isWhole(schema);
  return `expected ${whole ? kind('int') : allowed(issue)}`;
};

const sentence = (
  issue: Issue,
  schema: z.core.$ZodType | undefined,
  value: unknown,
  secret: boolean,
): string => {
  const rule = ruleOf(issue, schema);
  // A rule over several fields (`give either one source or …`) says it all by itself.
  if (issue.code === 'custom' && (value === undefined || typeof value === 'object')) return rule;
  if (value === undefined) {
    const purpose = schema && z.globalRegistry.get(schema)?.description;
    return `required, ${rule}${purpose === undefined ? '' : ` (${purpose})`}`;
  }
  const given = secret ? 'a value that is not shown here' : shown(value);
  const saysIt = issue.code === 'custom' && rule.split(/[\s,;]+/).includes(given);
  return saysIt ? rule : `${rule}, got ${given}${quotes(issue, value)}`;
};

const faults = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/**
 * A union that no `type` decides: of the members that the value could be at all, the one with the fewest faults is the
 * one that was meant.
 */
const meantMember = (members: readonly (readonly Issue[])[]): number | undefined =>
  members
    .map((issues, index) => ({ issues, index }))
    .filter(({ issues }) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
    .toSorted((one, other) => faults(one.issues) - faults(other.issues))[0]?.index;

/** @param above where `raw` stands, put before the path of every problem */
const explain = (
  issue: Issue,
  schema: z.core.$ZodType,
  raw: unknown,
  above: Steps = [],
): readonly ConfigProblem[] => {
  const value = valueAt(raw, issue.path);
  const place = schemaAt(schema, raw, issue.path);
  const steps = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = place === undefined ? [] : keysOf(place);
    return issue.keys.map((key) => ({
      path: pathOf([...steps, key]),
      message: unknownName('key', key, known),
    }));
  }
  const types = typesOf(issue);
  if (types !== undefined && typeof value === 'string') {
    return [{ path: pathOf(steps), message: unknownName('type', value, types) }];
  }
  if (issue.code === 'invalid_union' && issue.message === '' && place !== undefined) {
    const meant = meantMember(issue.errors);
    const member = meant === undefined ? undefined : membersOf(place)[meant];
    const inner = meant === undefined ? undefined : issue.errors[meant];
    if (member && inner) return inner.flatMap((fault) => explain(fault, member, value, steps));
  }
  return [{ path: pathOf(steps), message: sentence(issue, place, value, isSecret(steps)) }];
};

/** Every problem of `raw` in the eyes of `schema`, or the parsed value. */
export const inspect = <S extends z.ZodType>(
  schema: S,
  raw: unknown,
):
  | { readonly value: z.output<S>; readonly problems: readonly [] }
  | { readonly problems: readonly ConfigProblem[] } => {
  // An empty message marks the issues that no schema has words for: those get ours.
  const result = schema.safeParse(raw, { error: () => '' });
  if (result.success) return { value: result.data, problems: [] };
  return { problems: result.error.issues.flatMap((issue) => explain(issue, schema, raw)) };
};
