/** What every translated file has: the file as somebody wrote it, and in `expected/` the equivalent with the places that are told. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import type { Dialect, Translated } from '../../../lambdas/contract/dialects/dialect.ts';
import { ConfigError } from '../../../lambdas/contract/errors.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { pathOf, type Steps } from '../../../lambdas/contract/path.ts';
import { readDocuments } from './documents.ts';

interface Translation {
  readonly name: string;
  readonly documents: readonly unknown[];
  readonly expected: { readonly config: unknown; readonly told: readonly string[] };
}

export const translationsIn = (folder: string): readonly Translation[] =>
  readdirSync(folder)
    .filter((file) => /\.(yaml|json)$/.test(file))
    .map((file) => {
      const name = file.replace(/\.\w+$/, '');
      const [expected] = readDocuments(`${folder}/expected/${name}.yaml`);
      return {
        name,
        documents: readDocuments(`${folder}/${file}`),
        expected: expected as Translation['expected'],
      };
    });

export const toldBy = ({ differences }: Translated): readonly string[] => [
  ...new Set(differences.map(({ path }) => path)),
];

/** Everything that the parser of a configuration has to say. */
export const parsed = (config: unknown): unknown => parseConfig(config, sourceSchema);

/** The steps to all that is wanted in a value. */
const walk = (value: unknown, steps: Steps, wanted: (value: unknown) => boolean): readonly Steps[] => {
  const entries: readonly (readonly [PropertyKey, unknown])[] =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? [...value.entries()]
        : Object.entries(value);
  const inner = entries.flatMap(([key, each]) => walk(each, [...steps, key], wanted));
  return wanted(value) ? [steps, ...inner] : inner;
};

export const leavesOf = (value: unknown): readonly Steps[] =>
  walk(value, [], (each) => typeof each !== 'object' || each === null);

export const objectsOf = (value: unknown): readonly Steps[] =>
  walk(value, [], (each) => typeof each === 'object' && each !== null && !Array.isArray(each));

/** The same documents with the value at these steps changed. */
export const changedAt = <T>(whole: T, steps: Steps, change: (value: unknown) => unknown): T => {
  const [step, ...rest] = steps;
  if (step === undefined) return change(whole) as T;
  const inner = (whole as Record<PropertyKey, unknown>)[step];
  const changed = changedAt(inner, rest, change);
  if (Array.isArray(whole)) return whole.with(Number(step), changed) as T;
  return { ...whole, [step]: changed };
};

const FLIPPED: Readonly<Record<string, string>> = { true: 'false', false: 'true' };

/** Another value of the same kind. */
export const other = (value: unknown): unknown => {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  const text = String(value);
  if (Object.hasOwn(FLIPPED, text)) return FLIPPED[text];
  return /^\d+$/.test(text) ? String(Number(text) + 1) : `${text}x`;
};

/** Documents are numbered from the second one on. */
export const placeOf = ([nth, ...steps]: Steps): Steps => (nth === 0 ? steps : [nth ?? 0, ...steps]);

/** Whether it, or something around it, is told. */
export const isTold = (steps: Steps, told: readonly string[]): boolean =>
  steps.some((_, nth) => told.includes(pathOf(steps.slice(0, nth + 1))));

/** What comes out, differences and problems included, as one text; and all that it tells by path. */
export const outcomeOf = ({ translate }: Dialect, name: string, documents: readonly unknown[]) => {
  try {
    const translated = translate({ name, documents }, {});
    return { text: JSON.stringify(translated), told: toldBy(translated) };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return { text: thrown.message, told: thrown.problems.map(({ path }) => path) };
  }
};

/** No key that any scaler has. */
export const strangeKeys = fc.stringMatching(/^zz[a-z]{3,8}$/);

/** Whatever somebody may write in place of something else. */
export const oddValues = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '0',
    'true',
    -1,
    1.5,
    1e300,
    [],
    {},
    [null],
    [[]],
    { Ref: 'Nobody' },
    '%(NAME)',
    '${A}',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
