/**
 * What is written about options, made from their declarations: names, what may stand there, defaults, sentences. The pages
 * of the sources and of the policies are made of it.
 */
import * as z from 'zod';

export interface Option {
  readonly name: string;
  readonly required: boolean;
  readonly values: string;
  readonly default: string | undefined;
  readonly description: string;
}

type Schema = z.core.JSONSchema._JSONSchema;
type ObjectSchema = Exclude<Schema, boolean>;

export const code = (text: string): string => `\`${text}\``;

/** Free of what would end a cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table with aligned columns, as the formatter writes it. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = [head, ...rows].map((each) => each.map(cell));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((each) => each[column]?.length ?? 0)));
  const line = (each: readonly string[]): string =>
    `| ${widths.map((width, column) => (each[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
};

/** What may be written there, in a few words: `text`, `list or stream`, `true or false, or an object`. */
const valuesOf = (schema: Schema): string => {
  if (typeof schema === 'boolean') return 'anything';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return [...new Set(several.map(valuesOf))].join(' or ');
  const kinds: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
  };
  return kinds[String(schema.type)] ?? 'anything';
};

/** The properties of an object's schema, each as one option. */
export const optionsOf = (declared: z.ZodType): readonly Option[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(declared, { io: 'input' });
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === 'type' || typeof schema === 'boolean') return [];
    return [
      {
        name,
        required: required.includes(name),
        values: valuesOf(schema),
        default: schema.default === undefined ? undefined : JSON.stringify(schema.default),
        description: schema.description ?? '',
      },
    ];
  });
};

const patternsOf = ({ anyOf = [] }: ObjectSchema): string =>
  anyOf.map((each) => (typeof each === 'boolean' ? '' : (each.pattern ?? ''))).join(' ');

/** Texts of a known kind by the kind's name. */
const kindOf = (schema: ObjectSchema): string => {
  const patterns = patternsOf(schema);
  if (patterns.includes('(ms|s|m|h|d)')) return 'a duration';
  if (patterns.endsWith('%$')) return 'a share or per cent';
  if (Array.isArray(schema.type) && schema.type.includes('null')) return 'a number or null';
  if (Array.isArray(schema.type)) return 'arithmetic';
  return valuesOf(schema);
};

/** The options inside one: an object's own, or those of a list's entries. */
const insideOf = (
  name: string,
  schema: ObjectSchema,
): readonly [prefix: string, inside: ObjectSchema | undefined] => {
  if (schema.properties !== undefined) return [`${name}.`, schema];
  const { items } = schema;
  return typeof items === 'object' && !Array.isArray(items) && items.properties !== undefined
    ? [`${name}[].`, items]
    : ['', undefined];
};

/** An option and all that it holds: `tolerance.out`, `steps[].atLeast`. */
export const nestedOptions = (name: string, schema: Schema, required: boolean): readonly Option[] => {
  if (typeof schema === 'boolean') return [];
  const [prefix, inside] = insideOf(name, schema);
  const whole: Option = {
    name,
    required,
    values: kindOf(schema),
    default: schema.default === undefined ? undefined : JSON.stringify(schema.default),
    description: schema.description ?? '',
  };
  if (inside === undefined) return [whole];
  const parts = Object.entries(inside.properties ?? {}).flatMap(([part, each]) =>
    nestedOptions(`${prefix}${part}`, each, inside.required?.includes(part) ?? false),
  );
  // An object that may be left out needs no line of its own: its parts say everything.
  return prefix.endsWith('[].') ? [whole, ...parts] : parts;
};

/** Every option of an object's schema, those inside others included. */
export const allOptions = (declared: z.ZodType): readonly Option[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(declared, { io: 'input' });
  return Object.entries(properties)
    .filter(([name]) => name !== 'type')
    .flatMap(([name, schema]) => nestedOptions(name, schema, required.includes(name)));
};

/** Rows for people: the option, what may stand there, its default, what it is. */
export const optionTable = (options: readonly Option[]): string =>
  table(
    ['option', 'values', 'default', 'what'],
    options.map(({ name, required, values, default: usual, description: what }) => [
      code(name),
      values,
      required ? 'required' : usual === undefined ? '' : code(usual),
      what,
    ]),
  );
