/**
 * `npm run docs:policies`: writes the made parts of `docs/policies.md` and the pictures in `docs/plots/`. What is made stands
 * between marks; the rest of the page is written by hand. A test compares both with what this makes, so neither can go stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Document, visit } from 'yaml';
import type * as z from 'zod';
import { type Policy, policySchema } from '../lambdas/contract/policies.ts';
import { allOptions, code, optionTable, table } from '../lib/option-docs.ts';
import { type Answer, answer, BURST } from './plots/burst.ts';
import { combineTable, guardTables } from './plots/guard-rows.ts';
import { plot } from './plots/plot.ts';
import { shown } from './plots/shown.ts';

type Type = Policy['type'];

const PAGE = new URL('../docs/policies.md', import.meta.url);
const PLOTS = new URL('../docs/plots/', import.meta.url);

const types = Object.keys(shown) as readonly Type[];

const declarationOf = (type: Type): z.ZodType => {
  const found = policySchema.options.find(({ shape }) => shape.type.value === type);
  if (found === undefined) throw new Error(`there is no policy ${type}`);
  return found;
};

/** The policy by itself: no cooldown. */
const alone: Readonly<Record<Type, Answer>> = answers({ cooldown: { in: '0s' } });
/** As the smallest configuration says. */
const asUsual: Readonly<Record<Type, Answer>> = answers({});

function answers(more: object): Readonly<Record<Type, Answer>> {
  return Object.fromEntries(
    types
      .map((type) => [type, shown[type]] as const)
      .map(([type, each]) => [type, answer({ ...each, service: { ...each.service, ...more } })]),
  ) as Record<Type, Answer>;
}

const ratio = (value: number, of: number): string => (value / of).toFixed(value / of < 10 ? 2 : 0);
const percent = (share: number): string =>
  `${share > 0 && share < 0.005 ? '< 1' : Math.round(share * 100)} %`;

const costOf = ({ taskSeconds, workSeconds, longestWait, late }: Answer): readonly string[] => [
  `${ratio(taskSeconds, workSeconds)} ×`,
  `${ratio(longestWait, BURST.late)} ×`,
  percent(late),
];

const costTable = (): string =>
  table(
    [
      'policy',
      'paid : work',
      `longest wait : ${BURST.late} s`,
      'late',
      'with the default cooldown: paid : work',
      'late',
    ],
    types.map((type) => {
      const [usualPaid = '', , usualLate = ''] = costOf(asUsual[type]);
      return [`[${code(type)}](#${type.toLowerCase()})`, ...costOf(alone[type]), usualPaid, usualLate];
    }),
  );

const captionOf = (type: Type): string => {
  const [paid, wait, late] = costOf(alone[type]);
  const cheaper = ratio(alone[type].taskSeconds, alone.target.taskSeconds);
  const beside = type === 'target' ? '' : `, ${cheaper} × what \`target\` pays`;
  return `Paid for ${paid} the work${beside}; longest wait ${wait} ${BURST.late} s; ${late} of the messages waited longer than that.`;
};

const yamlOf = (service: object): string => {
  const document = new Document(service);
  visit(document, {
    Collection: (_, node) => {
      if (node !== document.contents && JSON.stringify(node.toJSON()).length <= 80) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 100, flowCollectionPadding: true }).trimEnd();
};

const sectionOf = (type: Type): string =>
  [
    `![${type} over the burst](plots/${type}.svg)`,
    captionOf(type),
    ['```yaml', yamlOf(shown[type].service), '```'].join('\n'),
    optionTable(allOptions(declarationOf(type)).filter(({ name }) => !COMMON.has(name))),
  ].join('\n\n');

/** What every policy may be given is said once. */
const COMMON: ReadonlySet<string> = new Set(['name', 'source']);
const commonTable = (): string =>
  optionTable(allOptions(declarationOf('target')).filter(({ name }) => COMMON.has(name)));

/** The pictures by their file names. */
export const pictures = (): ReadonlyMap<string, string> =>
  new Map(
    types.map((type) => [
      `${type}.svg`,
      plot(`${type} over a burst`, captionOf(type).replaceAll('`', ''), alone[type].moments),
    ]),
  );

/** What a decision says when a guard has a word too. @throws Error where none ever has */
const decision = (): string => {
  const limits = { out: [{ percent: 100, per: '15s' }] };
  const { moments } = answer({ service: { ...shown.queueDelay.service, limits } });
  const limited = moments.find(({ reasons }) => reasons.at(-1)?.by === 'limits');
  if (limited === undefined) throw new Error('the limits never speak');
  const width = Math.max(...limited.reasons.map(({ by }) => by.length));
  const lines = limited.reasons.map(({ by, said, why }) => `${by.padEnd(width)} said ${said}: ${why}`);
  return ['```', ...lines, '```'].join('\n');
};

const parts = (): ReadonlyMap<string, string> =>
  new Map([
    ['decision', decision()],
    ['costs', costTable()],
    ['common', commonTable()],
    ['combine', combineTable()],
    ['guards', guardTables()],
    ...types.map((type) => [type, sectionOf(type)] as const),
  ]);

/** The page with its made parts as they should be. @throws Error where the marks around one are missing */
export const withMadeParts = (page: string): string => {
  let made = page;
  for (const [name, part] of parts()) {
    const [begin, end] = [`<!-- made: ${name} -->`, `<!-- /made: ${name} -->`];
    const [before, rest] = made.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`the page has no ${begin} … ${end}`);
    made = `${before}${begin}\n\n${part}\n\n${end}${after}`;
  }
  return made;
};

if (import.meta.main) {
  mkdirSync(PLOTS, { recursive: true });
  for (const [file, picture] of pictures()) writeFileSync(new URL(file, PLOTS), picture);
  writeFileSync(PAGE, withMadeParts(readFileSync(PAGE, 'utf8')));
}
