import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { substitute } from '../../lambdas/contract/substitute.ts';
import { problemsOf } from './problems-of.ts';

describe('%(NAME) in a string', () => {
  test.each([
    ['%(HOST)', 'db'],
    ['https://%(HOST):%(PORT)/q', 'https://db:5432/q'],
    ['%(HOST)%(HOST)', 'dbdb'],
    ['%(EMPTY)', ''],
    ['100 % (of it), %s, %(), %(a-b), $(HOST)', '100 % (of it), %s, %(), %(a-b), $(HOST)'],
  ])('%p becomes %p', (text, replaced) => {
    expect(substitute(text, { HOST: 'db', PORT: '5432', EMPTY: '' })).toBe(replaced);
  });

  test('is found at any depth, and nothing else is touched', () => {
    const value = { '%(HOST)': 1, list: ['%(HOST)', 2, null, { deep: '%(HOST)' }], flag: false };
    expect(substitute(value, { HOST: 'db' })).toEqual({
      '%(HOST)': 1,
      list: ['db', 2, null, { deep: 'db' }],
      flag: false,
    });
  });

  test('is not looked for in what a variable holds', () => {
    expect(substitute('%(A)', { A: '%(B) $& $1', B: 'never' })).toBe('%(B) $& $1');
  });

  test('names every variable that is not set, with its place and the remedy', () => {
    const value = { services: [{ source: { url: '%(HOST):%(PORT)' } }, { cluster: '%(toString)' }] };
    expect(problemsOf(() => substitute(value, { HOST: 'db' }))).toEqual([
      'services[0].source.url: %(PORT) stands for an environment variable that is not set; set PORT, or write the value here',
      'services[1].cluster: %(toString) stands for an environment variable that is not set; set toString, or write the value here',
    ]);
  });
});

test('a value without references stays what it was', () => {
  const withoutReferences = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('%('));
  fc.assert(fc.property(withoutReferences, (value) => expect(substitute(value, {})).toEqual(value)));
});

test('the text around a reference stays what it was', () => {
  const text = fc.string().filter((one) => !one.includes('%'));
  fc.assert(
    fc.property(text, text, fc.string(), (before, after, held) => {
      expect(substitute(`${before}%(NAME)${after}`, { NAME: held })).toBe(before + held + after);
    }),
  );
});
