/**
 * YAML and JSON with the place of everything in them. JSON is read by JSON's own rules first, because YAML forgives what
 * every other reader of that file would refuse; its places come from the YAML reader, to which all JSON is YAML.
 *
 * A text of `KEY=value` lines is a sentence to YAML, its lines run together: it is handed on as it stands, as one document of text.
 *
 * A value that begins with `%` must stand in quotes in YAML, and people write `url: %(QUEUE)` without: ecs-autoscale replaced such references
 * before it read the file. So the `%` of a reference is hidden behind another character of the same length while YAML is read.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document as YamlDocument,
} from 'yaml';
import { variablesIn } from '../lambdas/contract/dialects/variables.ts';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';
import type { Steps } from '../lambdas/contract/path.ts';
import { cloudFormationTags } from './cloudformation-tags.ts';
import { lineAndColumn, refuseBrokenJson, refuseYamlFaults } from './markup-faults.ts';

/** What a file holds, and where its parts stand. */
export interface Markup {
  /** At least one; several in a YAML file with `---` between them. */
  readonly documents: readonly unknown[];
  /** `7:5` of what stands at these steps of a document, or of the nearest thing around it; `undefined`: the first step isn't there. */
  readonly positionOf: (document: number, steps: Steps) => string | undefined;
  /**
   * The same for a path as dialects give it: in the first document, or with the number of its document in front (`[1].spec`); else at
   * whatever place in any of them, `triggers[0]` for `spec.triggers[0]`.
   */
  readonly positionAnywhere: (steps: Steps) => string | undefined;
  /** CloudFormation's short forms in it, which our own shape does not know. */
  readonly tags: readonly { readonly position: string; readonly tag: string }[];
}

type Parsed = YamlDocument.Parsed;

/** Of Unicode's private use: no other text has it. */
const HIDDEN = '\uE000';

const withoutPercent = (text: string): string => text.replace(/%(?=\([A-Za-z_]\w*\))/g, HIDDEN);

const restored = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll(HIDDEN, '%');
  if (Array.isArray(value)) return value.map(restored);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, restored(each)]));
};

/** What a tag makes of a scalar may be a list or an object. */
const restorePercent = (document: Parsed): void =>
  visit(document, {
    Scalar: (_, node) => {
      node.value = restored(node.value);
    },
  });

/** The offset of what each step leads to, for a key the key itself; as far as the steps lead. */
const trail = (document: Parsed, start: unknown, steps: Steps): readonly number[] => {
  const offsets: number[] = [];
  let place = start;
  for (const step of steps) {
    if (isAlias(place)) place = place.resolve(document);
    const pair = isMap(place)
      ? place.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next = isCollection(place) ? place.get(step, true) : undefined;
    if (next === undefined && pair === undefined) return offsets;
    const anchor: unknown = pair?.key ?? next;
    offsets.push((isNode(anchor) ? anchor.range?.[0] : undefined) ?? offsets.at(-1) ?? 0);
    place = next;
  }
  return offsets;
};

const offsetOf = (document: Parsed, steps: Steps): number | undefined => {
  const { contents } = document;
  return steps.length === 0 ? (contents?.range?.[0] ?? 0) : trail(document, contents, steps).at(-1);
};

/** Where the steps lead all the way from some collection inside, the outermost first. */
const offsetInside = (document: Parsed, steps: Steps): number | undefined => {
  let found: { readonly depth: number; readonly offset: number } | undefined;
  visit(document, {
    Collection: (_, node, above) => {
      const offsets = trail(document, node, steps);
      const offset = offsets.length === steps.length ? offsets.at(-1) : undefined;
      if (offset !== undefined && above.length < (found?.depth ?? Number.POSITIVE_INFINITY))
        found = { depth: above.length, offset };
    },
  });
  return found?.offset;
};

/** A tag stands before what it belongs to. */
const tagsIn = (
  document: Parsed,
  text: string,
): readonly { readonly offset: number; readonly tag: string }[] => {
  const found: { readonly offset: number; readonly tag: string }[] = [];
  visit(document, {
    Node: (_, { tag, range }) => {
      if (tag?.startsWith('!')) found.push({ offset: text.lastIndexOf(tag, range?.[0] ?? 0), tag });
    },
  });
  return found;
};

const contentOf = (document: Parsed, file: string): unknown => {
  try {
    return document.toJS();
  } catch (cause) {
    // An alias without its anchor, or so many of them that the file would grow beyond all bounds.
    throw new ConfigError([{ path: file, message: messageOf(cause) }]);
  }
};

const variables = (text: string): Markup => {
  const lines = text.split(/\r?\n/);
  const positionAnywhere = ([name]: Steps): string | undefined => {
    const at = lines.findIndex((line) => Object.hasOwn(variablesIn(line) ?? {}, name ?? ''));
    return at < 0 ? undefined : `${at + 1}:1`;
  };
  return { documents: [text], positionAnywhere, positionOf: (_, steps) => positionAnywhere(steps), tags: [] };
};

/**
 * Reads the text of a file; a name that ends in `.json` makes it JSON.
 *
 * @throws ConfigError for bad syntax, a repeated key or an empty file
 */
export const readMarkup = (text: string, file: string): Markup => {
  const plain = text.replace(/^\uFEFF/, '');
  const refuse = (message: string) => {
    throw new ConfigError([{ path: file, message }]);
  };
  if (plain.trim() === '') refuse('this file is empty; it needs at least `services`');
  const isJson = file.toLowerCase().endsWith('.json');
  if (isJson) refuseBrokenJson(plain, file);
  else if (variablesIn(plain) !== undefined) return variables(plain);

  const lines = new LineCounter();
  const found = parseAllDocuments(isJson ? plain : withoutPercent(plain), {
    lineCounter: lines,
    merge: !isJson,
    customTags: cloudFormationTags,
  });
  const all: readonly Parsed[] = 'empty' in found ? [] : found;
  refuseYamlFaults(
    all.flatMap(({ errors, warnings }) => [...errors, ...warnings]),
    plain,
    lines,
    file,
  );
  for (const document of all) restorePercent(document);
  const read = all
    .map((document) => ({ document, value: contentOf(document, file) }))
    .filter(({ value }) => value !== null);
  if (read.length === 0) refuse('this file has nothing but comments; it needs at least `services`');

  const position = (offset: number | undefined) =>
    offset === undefined ? undefined : lineAndColumn(lines, offset);
  const positionOf = (nth: number, steps: Steps): string | undefined => {
    const document = read[nth]?.document;
    return document && position(offsetOf(document, steps));
  };
  return {
    documents: read.map(({ value }) => value),
    positionOf,
    positionAnywhere: (steps) => {
      const [first, ...inner] = steps;
      if (typeof first === 'number' && read.length > 1) return positionOf(first, inner);
      const inside = () =>
        read
          .map(({ document }) => position(offsetInside(document, steps)))
          .find((place) => place !== undefined);
      return positionOf(0, steps) ?? inside();
    },
    tags: read.flatMap(({ document }) =>
      tagsIn(document, plain).map(({ offset, tag }) => ({ tag, position: lineAndColumn(lines, offset) })),
    ),
  };
};
