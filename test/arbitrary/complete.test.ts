/** Nothing that a configuration may say about policies and guards is left out of the arbitrary ones. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { anySource, serviceSchema } from '../../lambdas/contract/config.ts';
import { policySchema } from '../../lambdas/contract/policies.ts';
import { policies } from './policies.ts';
import { anyConfiguration } from './service.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** `.limits.out.percent`, `.pause=in`, `[target].count=visible`: every key and word that the schema knows. */
const placesIn = (schema: Schema, at = ''): readonly string[] => {
  const type = schema.properties?.['type']?.const;
  const here = type === undefined ? at : `${at}[${type}]`;
  const words = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])];
  return [
    ...words.map((word) => `${here}=${word}`),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, each]) => [
      `${here}.${key}`,
      ...placesIn(each, `${here}.${key}`),
    ]),
    ...[schema.items ?? [], schema.anyOf ?? [], schema.oneOf ?? []]
      .flat()
      .flatMap((each) => placesIn(each, here)),
  ];
};

/** The same of a value. */
const placesOf = (value: unknown, at = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => placesOf(each, at));
  if (typeof value !== 'object' || value === null) return [`${at}=${value}`];
  const here = 'type' in value ? `${at}[${value.type}]` : at;
  return Object.entries(value).flatMap(([key, each]) =>
    each === undefined ? [] : [`${here}.${key}`, ...placesOf(each, `${here}.${key}`)],
  );
};

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as Schema;
const missing = (schema: z.ZodType, given: readonly unknown[]) => {
  const there = new Set(given.flatMap((each) => placesOf(each)));
  return [...new Set(placesIn(jsonSchema(schema)))].filter((place) => !there.has(place));
};
const sampled = (arbitrary: fc.Arbitrary<unknown>) => fc.sample(arbitrary, { numRuns: 1000, seed: 4 });

test('every option of every policy', () => {
  expect(missing(policySchema, Object.values(policies).flatMap(sampled))).toEqual([]);
});

test('every option of every guard', () => {
  // What loads a service and which of `source` and `policy` says it is no rule of its own.
  const others = /^\.(sources?|policy)\b/;
  const places = missing(serviceSchema(anySource), sampled(anyConfiguration));
  expect(places.filter((place) => !others.test(place))).toEqual([]);
});
