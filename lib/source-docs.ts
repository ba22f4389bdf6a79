/**
 * What is written about the sources, made from their declarations: the table in README.md and `docs/sources.md`. A test
 * compares both with what is declared, so they cannot go stale; `npm run schema` writes them.
 */
import * as z from 'zod';
import { sources } from '../lambdas/collect/sources/registry.ts';
import type { AnySource } from '../lambdas/contract/config.ts';
import type { Source } from '../lambdas/contract/source.ts';
import { code, type Option, optionsOf, optionTable, table } from './option-docs.ts';
import { sourcePermissions } from './permissions.ts';

const OWNER = { cluster: 'shop', service: 'orders-worker' };

/** The actions that its examples need. */
const actionsOf = (source: Source): readonly string[] => {
  const parsed = (source.examples ?? []).map((example) => source.options.parse(example) as AnySource);
  const permissions = parsed.flatMap((options) => sourcePermissions(options, OWNER, 'source'));
  return [...new Set(permissions.flatMap(({ actions }) => actions))].sort();
};

const needsOf = (source: Source): string => {
  const iam = actionsOf(source).map(code).join(', ');
  return [iam === '' ? 'none in IAM' : iam, source.needs ?? ''].filter(Boolean).join('; ');
};

/** `name`, `timeLimit` and the options of access are the same everywhere, and said once. */
const EVERYWHERE = /^(name|timeLimit|username|password|tls|.+Secret)$/;

const inShort = ({ name, required, default: usual }: Option): string => {
  if (required) return `**${code(name)}**`;
  return usual === undefined ? code(name) : `${code(name)} (${usual.replaceAll('"', '')})`;
};

const listed = Object.values(sources).sort((a, b) => a.type.localeCompare(b.type));

/** The table of README.md: every source with its options, what it reports and what it needs. */
export const sourceTable = (): string =>
  table(
    ['source', 'options (**required**, default)', 'reports', 'permissions'],
    listed.map((source) => {
      const options = optionsOf(source.options);
      const access = options.some(({ name }) => name === 'tls') ? ', access' : '';
      return [
        `[${code(source.type)}](docs/sources.md#${source.type})`,
        options
          .filter(({ name }) => !EVERYWHERE.test(name))
          .map(inShort)
          .join(', ') + access,
        source.reports.map(code).join(', '),
        needsOf(source),
      ];
    }),
  );

const yamlOf = (example: object): string => {
  const fields = Object.entries(example).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `source: { ${fields.join(', ')} }`;
};

const section = (source: Source): string => {
  const { description = '' } = z.toJSONSchema(source.options, { io: 'input' });
  const examples = (source.examples ?? []).map((example) => yamlOf(example as object));
  return [
    `## ${source.type}`,
    description,
    ['```yaml', ...examples, '```'].join('\n'),
    `Reports ${source.reports.map(code).join(', ')}. Needs: ${needsOf(source)}.`,
    optionTable(optionsOf(source.options)),
  ].join('\n\n');
};

/** The whole of `docs/sources.md`. */
export const sourcePages = (): string =>
  `${[
    '# Sources',
    'Made from the declarations in `lambdas/collect/sources/` by `npm run schema`; edit those. `%(NAME)` in any text is replaced by the environment variable NAME when a source is read.',
    ...listed.map(section),
  ].join('\n\n')}\n`;

const BEGIN = '<!-- sources: made by npm run schema -->';
const END = '<!-- /sources -->';

/** README.md with the table as it should be. @throws Error where the marks around it are missing */
export const withSourceTable = (readme: string): string => {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${sourceTable()}\n\n${END}${after}`;
};
