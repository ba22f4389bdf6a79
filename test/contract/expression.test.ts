import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FUNCTIONS, OPERATORS } from '../../lambdas/contract/arithmetic.ts';
import { expressionOf, parseExpression } from '../../lambdas/contract/expression.ts';

const NUMBERS: Readonly<Record<string, number>> = { foo: 2, bar: 3, baz: 4, none: 0, below: -7 };
const numberOf = (name: string): number => NUMBERS[name] ?? Number.NaN;
const evaluated = (text: string) => parseExpression(text).value(numberOf);
const messageOf = (text: string): string => {
  try {
    parseExpression(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SyntaxError);
    return (thrown as SyntaxError).message;
  }
  throw new Error(`expected a SyntaxError for ${text}`);
};

describe('what ecs-autoscale evaluates as Python comes to the same', () => {
  // The first eight are from its own tests, the others were asked of Python 3.
  test.each([
    ['foo * bar * baz', 24],
    [' foo', 2],
    ['foo*bar/ baz', 1.5],
    ['foo - 1 + 2', 3],
    ['(foo - 1) * 10', 10],
    ['foo ** 2', 4],
    ['min([foo, bar])', 2],
    ['max([foo, bar])', 3],
    ['min(foo, bar, baz)', 2],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['2 ** 3 ** 2', 512],
    ['2 ** -3 ** 2', 2 ** -9],
    ['-foo * -bar', 6],
    ['+foo - -bar', 5],
    ['below % 3', 2],
    ['below % -3', -1],
    ['7 % -3', -2],
    ['6 % 3', 0],
    ['below // 2', -4],
    ['-7 // 2 * 2', -8],
    ['1 - 2 - 3', -4],
    ['12 / 3 / 2', 2],
    ['1 + 2 < 3 + 1', 1],
    ['1 < foo < 3', 1],
    ['1 < bar < 3', 0],
    ['3 > foo > 1 < 5', 1],
    ['1 < foo == 2', 1],
    ['not 1 == 2', 1],
    ['not none and foo', 1],
    ['1 or none and none', 1],
    ['(1 or none) and none', 0],
    ['1e2 + .5 + 1.', 101.5],
    ['abs(below) + round(2.4) + floor(2.9) + ceil(2.1) + sum(1, 2)', 7 + 2 + 2 + 3 + 3],
    ['sqrt(16)', 4],
  ])('%s = %d', (text, value) => expect(evaluated(text)).toBe(value));
});

describe('what has no answer has none all the way up', () => {
  test.each([
    '1 / 0',
    '0 / 0',
    '5 % 0',
    '5 // 0',
    '0 ** -1',
    '(-1) ** 0.5',
    'sqrt(-1)',
    'nobody',
    '1e308 * 10',
    'max(1 / 0, 5)',
    'min([1, nobody])',
    '1 / (1 / 0)',
    '(0 / 0) ** 0',
    '1 / 0 > 5',
    'nobody < 5',
    'nobody != nobody',
    'not nobody',
    'nobody or 1',
    '1 and nobody',
    'if(1 / 0, 1, 2)',
    'if(nobody > 3, 1, 2)',
    '0 * nobody',
  ])('%s', (text) => expect(Number.isFinite(evaluated(text))).toBe(false));

  test.each([
    ['if(none > 0, foo / none, bar)', 3],
    ['if(foo, bar, nobody)', 3],
    ['none and foo / none', 0],
    ['foo or 1 / none', 1],
    ['3 < foo < 1 / none', 0],
  ])('%s leaves alone what it does not need: %d', (text, value) => expect(evaluated(text)).toBe(value));
});

test('the names that it needs, each once, in their order; those of functions are none', () => {
  expect(parseExpression('max(orders.visible, b) + b * _c2 + min').names).toEqual([
    'orders.visible',
    'b',
    '_c2',
    'min',
  ]);
  expect(parseExpression('2 * (3 + 4)').names).toEqual([]);
});

describe('what is wrong, and where', () => {
  test.each([
    ['', 'ends where a number or a name is expected'],
    ['  ', 'ends where a number or a name is expected'],
    ['foo +', 'ends where a number or a name is expected'],
    ['foo bar', '"bar" at character 5, where an operator or the end is expected'],
    ['1.5.2', '".2" at character 4, where an operator or the end is expected'],
    ['(foo', 'ends where ")" is expected'],
    ['foo)', '")" at character 4, where an operator or the end is expected'],
    ['min()', '")" at character 5, where a number or a name is expected'],
    ['min([1], 2)', '"," at character 8, where ")" is expected'],
    ['min([[1], 2])', '"[" at character 6, where a number or a name is expected'],
    ['ceil([1])', '"[" at character 6, where a number or a name is expected'],
    ['ceil(1, 2)', 'ceil at character 1 takes 1, not 2'],
    ['if(1, 2)', 'if at character 1 takes 3, not 2'],
    [
      '2 * pow(foo, 2)',
      '"pow" at character 5 is no function; there are min, max, sum, ceil, floor, round, abs, sqrt, if',
    ],
    ['[foo]', '"[" at character 1, where a number or a name is expected'],
    ['1 + not 2', '"not" at character 5, where a number or a name is expected'],
    ['not', 'ends where a number or a name is expected'],
    ['foo & bar', '"&" at character 5 means nothing here; write and'],
    ['foo || bar', '"|" at character 5 means nothing here; write or'],
    ['!foo', '"!" at character 1 means nothing here; write not'],
    ['foo = 1', '"=" at character 5 means nothing here; write =='],
    ['foo ^ 2', '"^" at character 5 means nothing here; write **'],
    ['foo ? 1 : 2', '"?" at character 5 means nothing here; write if(condition, yes, no)'],
    ['foo;', '";" at character 4 means nothing here'],
    ['foo + 😀', '"😀" at character 7 means nothing here'],
    ['"foo"', '""" at character 1 means nothing here'],
    ['orders.', '"." at character 7 means nothing here'],
    ['1e999', '"1e999" at character 1 is larger than any number'],
    [`${'1+'.repeat(250)}1`, 'longer than 500 characters'],
  ])('%s', (text, message) => expect(messageOf(text)).toBe(message));
});

describe('nothing but arithmetic', () => {
  test.each([
    'process.exit(1)',
    'constructor("return 1")()',
    'constructor(1)',
    '__proto__(1)',
    'toString()',
    'hasOwnProperty(1)',
    'foo.constructor(1)',
    'foo[0]',
    'foo = 3',
    'import("fs")',
    '`1`',
    '() => 1',
    '__import__("os")',
  ])('%s is refused', (text) => expect(() => parseExpression(text)).toThrow(SyntaxError));

  test.each(['constructor', '__proto__', 'toString', 'if', 'valueOf'])(
    '%s is a name like any other',
    (name) => {
      expect(parseExpression(name).names).toEqual([name]);
      expect(parseExpression(`${name} + 1`).value(() => 2)).toBe(3);
    },
  );

  test.each([
    ['brackets', `${'('.repeat(249)}1${')'.repeat(249)}`, 1],
    ['signs', `${'-'.repeat(499)}1`, -1],
    ['powers', `1${'**1'.repeat(166)}`, 1],
    ['sums', `1${'+1'.repeat(249)}`, 250],
    ['nots', `${'not '.repeat(124)}1`, 1],
    ['choices', `${'if(1,'.repeat(55)}1${',0)'.repeat(55)}`, 1],
    ['lists', `${'max('.repeat(99)}1${')'.repeat(99)}`, 1],
    ['comparisons', `0${'<1'.repeat(1)}${'==1'.repeat(160)}`, 1],
  ])('a deep nest of %s', (_, text, value) => {
    expect(text.length).toBeLessThanOrEqual(500);
    expect(evaluated(text)).toBe(value);
  });
});

const words = fc.constantFrom(
  ...[
    'foo',
    'bar',
    '1',
    '0',
    '2.5',
    '(',
    ')',
    '[',
    ']',
    ',',
    ' ',
    'and ',
    'or ',
    'not ',
    '"',
    "'",
    '.',
    '\n',
  ],
  ...Object.keys(OPERATORS),
  ...Object.keys(FUNCTIONS),
  ...['&', '!', '__proto__', 'constructor', '1e', '1e400', '\\', '\u{1F600}', '\uD800', '\u2028', '\uFEFF'],
);

test('any text gives an expression or a SyntaxError, and any expression a number, whatever its names are', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.array(words, { maxLength: 60 }).map((each) => each.join('')),
  );
  const numbers = fc.func(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })));
  let valid = 0;
  fc.assert(
    fc.property(texts, numbers, (text, given) => {
      let parsed: ReturnType<typeof parseExpression>;
      try {
        parsed = parseExpression(text);
      } catch (thrown) {
        return expect(thrown).toBeInstanceOf(SyntaxError);
      }
      valid += 1;
      expect(typeof parsed.value(given)).toBe('number');
    }),
    { numRuns: 20_000 },
  );
  expect(valid).toBeGreaterThan(100);
});

/** An expression as a tree, and what it comes to without any of the code under test. */
type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sign' | 'not'; readonly of: Tree }
  | { readonly kind: 'operator'; readonly operator: string; readonly left: Tree; readonly right: Tree }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Tree[] };

/** From loose to tight, as Python's reference lists them. */
const LEVELS = [
  ['or'],
  ['and'],
  ['not'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
  ['sign'],
  ['**'],
];
const levelOf = (operator: string): number => LEVELS.findIndex((level) => level.includes(operator));

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ kind: fc.constant('number' as const), value: fc.constantFrom(0, 1, 2, 3, 0.5, 10) }),
    fc.record({
      kind: fc.constant('name' as const),
      name: fc.constantFrom('foo', 'bar', 'baz', 'none', 'below'),
    }),
    fc.record({ kind: fc.constantFrom('sign' as const, 'not' as const), of: tie('tree') }),
    fc.record({
      kind: fc.constant('operator' as const),
      operator: fc.constantFrom(...LEVELS.flat().filter((each) => each !== 'not' && each !== 'sign')),
      left: tie('tree'),
      right: tie('tree'),
    }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constantFrom('min', 'max', 'sum'),
      given: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).tree;

const isNumber = Number.isFinite;
const compare = (operator: string, left: number, right: number): boolean =>
  (operator.startsWith('<') && left < right) ||
  (operator.startsWith('>') && left > right) ||
  (operator === '!=' ? left !== right : operator.endsWith('=') && left === right);

const comesTo = (node: Tree): number => {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'name':
      return numberOf(node.name);
    case 'sign':
      return -comesTo(node.of);
    case 'not': {
      const of = comesTo(node.of);
      return isNumber(of) ? Number(of === 0) : Number.NaN;
    }
    case 'call': {
      const given = node.given.map(comesTo).sort((one, other) => one - other);
      if (!given.every(isNumber)) return Number.NaN;
      if (node.name === 'sum') return node.given.map(comesTo).reduce((total, each) => total + each);
      return (node.name === 'min' ? given[0] : given.at(-1)) ?? Number.NaN;
    }
    case 'operator': {
      const { operator } = node;
      const left = comesTo(node.left);
      if (operator === 'and' && left === 0) return 0;
      if (operator === 'or' && isNumber(left) && left !== 0) return 1;
      const right = comesTo(node.right);
      if (!isNumber(left) || !isNumber(right)) return Number.NaN;
      if (operator === 'and' || operator === 'or') return Number(right !== 0);
      if (operator === '+') return left + right;
      if (operator === '-') return left - right;
      if (operator === '*') return left * right;
      if (operator === '/') return left / right;
      if (operator === '**') return left ** right;
      return Number(compare(operator, left, right));
    }
  }
};

/** As a text with no more brackets than Python needs, and blanks that mean nothing. */
const written = (node: Tree, weakest = 0): string => {
  const inside = (text: string, level: number): string => (level < weakest ? `( ${text})` : text);
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return node.name;
    case 'sign':
      return inside(`-${written(node.of, levelOf('sign'))}`, levelOf('sign'));
    case 'not':
      return inside(`not ${written(node.of, levelOf('not'))}`, levelOf('not'));
    case 'call': {
      const given = node.given.map((each) => written(each)).join(', ');
      return `${node.name}(${node.given.length % 2 === 0 ? given : `[${given} ]`})`;
    }
    case 'operator': {
      const { operator, left, right } = node;
      const level = levelOf(operator);
      // A comparison that is compared is no chain of two, and a power goes on from right to left.
      const chain = level === levelOf('<');
      const [before, after] =
        operator === '**' ? [level + 1, levelOf('sign')] : [level + Number(chain), level + 1];
      return inside(
        `${written(left, before)} ${operator}${level > 4 ? '' : ' '}${written(right, after)}`,
        level,
      );
    }
  }
};

test('agrees with the tree that a text was written from', () => {
  let finite = 0;
  fc.assert(
    fc.property(tree, (given) => {
      const text = written(given);
      fc.pre(text.length <= 500);
      const wanted = comesTo(given);
      const value = evaluated(text);
      if (!isNumber(wanted)) return expect(isNumber(value)).toBe(false);
      finite += 1;
      // -0 is 0.
      expect(value + 0).toBe(wanted + 0);
    }),
    { numRuns: 20_000 },
  );
  expect(finite).toBeGreaterThan(5000);
});

test('a text is compiled once, and what is kept of many has a bound', () => {
  const first = expressionOf('foo + 1');
  expect(expressionOf('foo + 1')).toBe(first);
  for (let nth = 2; nth < 1002; nth += 1) expressionOf(`foo + ${nth}`);
  expect(expressionOf('foo + 1')).not.toBe(first);
  expect(expressionOf('foo + 1').value(numberOf)).toBe(3);
  expect(() => expressionOf('foo +')).toThrow(SyntaxError);
  expect(() => expressionOf('foo +')).toThrow(SyntaxError);
});
