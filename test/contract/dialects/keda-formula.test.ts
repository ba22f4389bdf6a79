import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formulaIn } from '../../../lambdas/contract/dialects/keda/formula.ts';
import { parseExpression } from '../../../lambdas/contract/expression.ts';

const translated = (text: string): string | undefined => formulaIn(text, (name) => `${name}.visible`);
const worth = (text: string, numbers: Readonly<Record<string, number>>): number =>
  parseExpression(text).value((name) => numbers[name.replace('.visible', '')] ?? Number.NaN);

describe('a formula of scalingModifiers', () => {
  test.each([
    ['(a + b)/2', { a: 3, b: 5 }, 4],
    ['a > 2 ? a + b : 1', { a: 3, b: 5 }, 8],
    ['a > 2 ? a + b : 1', { a: 2, b: 5 }, 1],
    ['a < 2 ? a+b >= 2 ? 5 : 10 : 0', { a: 1, b: 1 }, 5],
    ['a < 2 ? a+b >= 2 ? 5 : 10 : 0', { a: 1, b: 0 }, 10],
    ['a < 2 ? a+b >= 2 ? 5 : 10 : 0', { a: 3, b: 0 }, 0],
    ['a > 1 && !(b > 1) || a == 0 ? 7 : 8', { a: 2, b: 0 }, 7],
    ['max(a, (b > 1 ? b : 0) * 2)', { a: 3, b: 4 }, 8],
    ['max([a, b])', { a: 3, b: 4 }, 4],
    ['a ** 2 + -b', { a: 3, b: 4 }, 5],
  ])('%s with %j is %d', (text, numbers, value) => {
    const ours = translated(text);
    expect(ours).toBeDefined();
    expect(worth(ours ?? '', numbers as Readonly<Record<string, number>>)).toBe(value);
  });

  test.each([
    'best ?? slower ?? 8',
    'count([a, b], {# > 1}) > 1 ? 5 : 0',
    'a > 2 ? 1',
    'a > 2 : 1',
    'a +',
    '(a',
    'a)',
    'int(a)',
    '',
  ])('%s cannot be said here', (text) => expect(translated(text)).toBeUndefined());

  test('whatever the text, what comes out can be worked out', () => {
    const words = fc.constantFrom(
      'a',
      'b',
      '2',
      '?',
      ':',
      '(',
      ')',
      '[',
      ',',
      '+',
      '*',
      '>',
      '&&',
      '!',
      '??',
      '#',
      'max',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (text) => {
        const ours = translated(text.join(' '));
        if (ours !== undefined) expect(() => parseExpression(ours)).not.toThrow();
      }),
    );
  });
});
