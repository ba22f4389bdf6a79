/** What the contract knows, decide knows: every policy a rule, every guard its place. And decide is pure. */
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Policy, policySchema } from '../../lambdas/contract/policies.ts';
import { guards } from '../../lambdas/decide/guards/registry.ts';
import { ruleOf } from '../../lambdas/decide/policies/registry.ts';

const DECIDE = join(import.meta.dirname, '../../lambdas/decide');
const files = readdirSync(DECIDE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const textOf = (file: string) => readFileSync(join(DECIDE, file), 'utf8');

const types = policySchema.options.map(({ shape }) => [...shape.type.values][0] as Policy['type']);

test('ten policies', () => expect(types).toHaveLength(10));

test.each(types)('%s has a rule', (type) => {
  expect(ruleOf({ type } as Policy)?.recommend).toBeInstanceOf(Function);
});

test('the guards are in their one fixed order', () => {
  expect(guards.map(({ by }) => by)).toEqual([
    ...['unknown', 'starting', 'deployment', 'emptyFor', 'stabilization', 'limits', 'cooldown'],
    ...['disableScaleIn', 'schedule', 'pause', 'tasks', 'dryRun', 'idle'],
  ]);
});

const FOREIGN =
  /\b(Date\.now|new Date\(\)|performance|Math\.random|process|globalThis|fetch|setTimeout|require)\b/;

/** What is left of the imports once the types are gone is what a bundle holds. */
test.each(files.filter((file) => file !== 'handler.ts'))('%s is pure', (file) => {
  const code = stripTypeScriptTypes(textOf(file)).replaceAll(/\/\*.*?\*\/|\/\/.*/gs, '');
  const imported = [...code.matchAll(/\b(?:from|import)\b[\s(]*(['"`])(.*?)\1/g)].map(
    ([, , from = '']) => from,
  );
  const outside = imported.filter((from) => !from.startsWith('.') || join(file, '..', from).startsWith('..'));
  expect(outside).toEqual([]);
  expect(code).not.toMatch(FOREIGN);
});
