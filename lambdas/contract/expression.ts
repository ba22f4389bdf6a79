/**
 * Arithmetic over named numbers, as a configuration may hold it: `ceil(visible / 10)`, `max([cpu, memory]) * 2`,
 * `if(oldestAgeSeconds > 300, max, target)`. Read by this parser and never evaluated as a program, so that a text can do
 * nothing but arithmetic.
 *
 * From loose to tight, as in Python: `or`, `and`, `not`, comparisons (1 or 0; `1 < n < 5` asks both), `+ -`, `* / // %`, sign, `**`
 * (from right to left; `-2 ** 2` is -4). What they and the functions do is in `arithmetic.ts`.
 *
 * A precedence climbing parser (Pratt, "Top down operator precedence", 1973) that compiles to closures.
 */
import {
  and,
  COMPARISON,
  FUNCTIONS,
  NOT,
  negative,
  not,
  OPERATORS,
  POWER,
  SIGN,
  type Value,
} from './arithmetic.ts';

export interface Expression {
  readonly text: string;
  /** The names it needs, each once, in the order in which they are written. */
  readonly names: readonly string[];
  /** The value for these numbers; NaN or infinite where the arithmetic has no answer, 1 / 0 for one. */
  readonly value: Value;
}

/** Long enough for any rule that a person can read, short enough that no nesting exhausts the stack. */
const LONGEST = 500;

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?<sign>\*\*|\/\/|[<>=!]=|[-+*/%()[\],<>]))/y;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'name' | 'sign';
  readonly at: number;
}

const WORDS: readonly string[] = ['or', 'and', 'not'];

/** How it is written here what other languages write with these. */
const MEANT: Readonly<Record<string, string>> = {
  '&': 'and',
  '|': 'or',
  '!': 'not',
  '=': '==',
  '^': '**',
  '?': 'if(condition, yes, no)',
};

const tokensOf = (text: string): readonly Token[] => {
  if (text.length > LONGEST) throw new SyntaxError(`longer than ${LONGEST} characters`);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(text) ?? {};
    if (groups === undefined) {
      const at = from + text.slice(from).search(/\S/);
      const odd = String.fromCodePoint(text.codePointAt(at) ?? 0);
      const meant = Object.hasOwn(MEANT, odd) ? `; write ${MEANT[odd]}` : '';
      throw new SyntaxError(`"${odd}" at character ${at + 1} means nothing here${meant}`);
    }
    const { number, name, sign } = groups;
    const word = number ?? name ?? sign ?? '';
    const kind =
      number !== undefined ? 'number' : sign !== undefined || WORDS.includes(word) ? 'sign' : 'name';
    const at = TOKEN.lastIndex - word.length;
    if (kind === 'number' && !Number.isFinite(Number(word)))
      throw new SyntaxError(`"${word}" at character ${at + 1} is larger than any number`);
    tokens.push({ text: word, kind, at });
  }
  return tokens;
};

const OPERAND = 'a number or a name';

/** @throws SyntaxError that says what is wrong and where; nothing else, whatever the text */
export const parseExpression = (text: string): Expression => {
  const tokens = tokensOf(text);
  const names = new Set<string>();
  let next = 0;

  const isNext = (sign: string): boolean => tokens[next]?.kind === 'sign' && tokens[next]?.text === sign;
  const wrong = (expected: string): SyntaxError => {
    const found = tokens[next];
    return new SyntaxError(
      found === undefined
        ? `ends where ${expected} is expected`
        : `"${found.text}" at character ${found.at + 1}, where ${expected} is expected`,
    );
  };
  const skip = (sign: string): void => {
    if (!isNext(sign)) throw wrong(`"${sign}"`);
    next += 1;
  };

  /** From the opening sign, which is next, to the end. */
  const listUntil = (end: string): readonly Value[] => {
    const list: Value[] = [];
    do {
      next += 1;
      list.push(climb(0));
    } while (isNext(','));
    skip(end);
    return list;
  };

  const bracketed = (): readonly Value[] => {
    next += 1;
    const list = listUntil(']');
    skip(')');
    return list;
  };

  const call = ({ text: name, at }: Token): Value => {
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (known === undefined)
      throw new SyntaxError(
        `"${name}" at character ${at + 1} is no function; there are ${Object.keys(FUNCTIONS).join(', ')}`,
      );
    const { arity, of } = known;
    const given = arity === undefined && tokens[next + 1]?.text === '[' ? bracketed() : listUntil(')');
    if (arity !== undefined && given.length !== arity)
      throw new SyntaxError(`${name} at character ${at + 1} takes ${arity}, not ${given.length}`);
    return of(...given);
  };

  const operand = (weakest: number): Value => {
    const token = tokens[next];
    if (token === undefined) throw wrong(OPERAND);
    const { text: word, kind } = token;
    if (kind === 'sign' && !(['(', '-', '+'].includes(word) || (word === 'not' && weakest <= NOT)))
      throw wrong(OPERAND);
    next += 1;
    if (kind === 'number') {
      const number = Number(word);
      return () => number;
    }
    if (kind === 'name') {
      if (isNext('(')) return call(token);
      names.add(word);
      return (numberOf) => numberOf(word);
    }
    if (word === '-') return negative(climb(SIGN));
    if (word === '+') return climb(SIGN);
    if (word === 'not') return not(climb(NOT));
    const value = climb(0);
    skip(')');
    return value;
  };

  /** What is bound by operators no weaker than this. */
  const climb = (weakest: number): Value => {
    let left = operand(weakest);
    /** The right side of the comparison before: `1 < n < 5` goes on from there. */
    let compared: Value | undefined;
    for (;;) {
      const { kind, text: word = '' } = tokens[next] ?? {};
      const operator = kind === 'sign' && Object.hasOwn(OPERATORS, word) ? OPERATORS[word] : undefined;
      if (operator === undefined || operator.strength < weakest) return left;
      next += 1;
      const { strength, of } = operator;
      const right = climb(strength === POWER ? SIGN : strength + 1);
      const chained = strength === COMPARISON ? compared : undefined;
      left = chained === undefined ? of(left, right) : and.of(left, of(chained, right));
      compared = strength === COMPARISON ? right : undefined;
    }
  };

  const value = climb(0);
  if (next < tokens.length) throw wrong('an operator or the end');
  return { text, names: [...names], value };
};

/** Far above the expressions of a lane; an input's configuration may be another one in each execution. */
const MOST_KEPT = 1000;
const kept = new Map<string, Expression>();

/**
 * The same, compiled once per process: the texts of a configuration come back at every tick, to be checked and worked out.
 *
 * @throws SyntaxError
 */
export const expressionOf = (text: string): Expression => {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const compiled = parseExpression(text);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(text, compiled);
  return compiled;
};
