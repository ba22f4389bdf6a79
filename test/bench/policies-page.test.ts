/** The page about the policies says what is declared, and its pictures show what the rules do now. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { pictures, withMadeParts } from '../../bench/policies-page.ts';
import { policySchema } from '../../lambdas/contract/policies.ts';
import { guards } from '../../lambdas/decide/guards/registry.ts';

const fileAt = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = fileAt('docs/policies.md');
const types = policySchema.options.map(({ shape }) => shape.type.value);

test('docs/policies.md is as made; if not, run `npm run docs:policies`', () => {
  expect(page).toBe(withMadeParts(page));
});

test('docs/plots has each picture as drawn and no other; if not, run `npm run docs:policies`', () => {
  const drawn = pictures();
  expect(readdirSync(new URL('../../docs/plots/', import.meta.url)).sort()).toEqual([...drawn.keys()].sort());
  for (const [file, picture] of drawn) expect(fileAt(`docs/plots/${file}`)).toBe(picture);
});

test('a page without the marks is not spoilt but refused', () => {
  expect(() => withMadeParts('# Something else')).toThrow(/the page has no <!-- made: decision -->/);
});

describe.each(types)('%s', (type) => {
  const [, section = ''] = page.split(`\n## ${type}\n`);
  const own = section.split('\n## ')[0] ?? '';

  test('has a section: known from where, the rule, a picture, an example', () => {
    expect(own).toContain('**Known from**');
    expect(own).toMatch(/```\n[^`]+\n```/);
    expect(own).toContain(`](plots/${type}.svg)`);
    expect(own).toMatch(/```yaml\npolic(y|ies):/);
    expect(own).toContain(`type: ${type}`);
  });

  test('is led to from the top of the page', () => {
    expect(page.split('\n## ')[0]).toContain(`(#${type.toLowerCase()})`);
  });
});

test('every guard has its line, in the order in which they are asked', () => {
  const lines = page.split('\n').flatMap((line) => /^\| \d+ +\| `(\w+)`/.exec(line)?.[1] ?? []);
  expect(lines).toEqual(guards.map(({ by }) => by));
});

test('README.md names every policy, and the guards in their order', () => {
  const readme = fileAt('README.md');
  for (const type of types) expect(readme).toContain(`[\`${type}\`](docs/policies.md#${type.toLowerCase()})`);
  const [, list = ''] = readme.split('**Guards**');
  const named = [...(list.split('([what')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named).toEqual(guards.map(({ by }) => by));
});
