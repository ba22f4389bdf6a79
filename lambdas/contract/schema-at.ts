/**
 * Finds the schema that judges one place of a configuration, so that a message can say what the place is for and which
 * keys it knows. zod's issues carry the path of a fault and not its schema.
 */
import type * as z from 'zod';
import type { Steps } from './path.ts';

type Schema = z.core.$ZodType;

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;

/** What is left when defaults, `optional()` and transforms are taken off. */
const bare = (schema: Schema): Schema => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'pipe') return bare(def.in);
  if (def.type === 'lazy') return bare(def.getter());
  return 'innerType' in def ? bare(def.innerType) : schema;
};

/** The member of a union that `value` means: by its discriminator, else the first that knows the next key. */
const memberFor = (union: z.core.$ZodUnionDef, value: unknown, key: PropertyKey | undefined) => {
  const name = 'discriminator' in union ? String(union.discriminator) : undefined;
  if (name === undefined)
    return union.options.find((option) => key !== undefined && keysOf(option).includes(String(key)));
  const given = isObject(value) ? value[name] : undefined;
  return union.options.find((option) => option._zod.propValues?.[name]?.has(given as z.core.util.Primitive));
};

const descend = (schema: Schema, value: unknown, key: PropertyKey): Schema | undefined => {
  const { def } = (bare(schema) as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? def.shape[String(key)] : def.catchall;
  if (def.type === 'array') return def.element;
  if (def.type === 'record') return def.valueType;
  if (def.type !== 'union') return undefined;
  const member = memberFor(def, value, key);
  return member && descend(member, value, key);
};

/** The schema at `steps` for this value, wrappers included; `undefined` where nothing is declared. */
export const schemaAt = (schema: Schema, value: unknown, steps: Steps): Schema | undefined => {
  const [key, ...rest] = steps;
  if (key === undefined) {
    const { def } = (bare(schema) as z.core.$ZodTypes)._zod;
    return def.type === 'union' ? (memberFor(def, value, undefined) ?? schema) : schema;
  }
  const next = descend(schema, value, key);
  return next && schemaAt(next, isObject(value) ? value[key] : undefined, rest);
};

/** The keys that an object schema declares; none for any other schema. */
export const keysOf = (schema: Schema): readonly string[] => {
  const { def } = (bare(schema) as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? Object.keys(def.shape) : [];
};

/** The members of a union, in the order of their declaration; none for any other schema. */
export const membersOf = (schema: Schema): readonly Schema[] => {
  const { def } = (bare(schema) as z.core.$ZodTypes)._zod;
  return def.type === 'union' ? def.options : [];
};

/** The value at `steps`; `undefined` where there is none. */
export const valueAt = (value: unknown, steps: Steps): unknown =>
  steps.reduce<unknown>(
    (place, key) => (isObject(place) && Object.hasOwn(place, key) ? place[key] : undefined),
    value,
  );
