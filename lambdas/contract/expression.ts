/**
 * Arithmetic over named numbers, as a configuration may hold it: `ceil(visible / 10)`, `max([cpu, memory]) * 2`,
 * `if(oldestAgeSeconds > 300, max, target)`. Read by this parser and never evaluated as a program, so that a text can do
 * nothing but arithmetic.
 *
 * From loose to tight: `or`, `and`, `not`, comparisons (1 or 0), `+ -`, `* / %`, sign, `**` (from right to left; `-2 ** 2` is -4, as in
 * Python). Functions: {@link FUNCTIONS}; those of many arguments take a list in brackets too, as ecs-autoscale writes it.
 *
 * A precedence climbing parser (Pratt, "Top down operator precedence", 1973) that compiles to closures.
 */

export interface Expression {
  readonly text: string;
  /** The names it needs, each once, in the order in which they are written. */
  readonly names: readonly string[];
  /** The value for these numbers; not finite where the arithmetic has no answer, 1 / 0 for one. */
  readonly value: (numberOf: (name: string) => number) => number;
}

type Value = Expression['value'];

/** Long enough for any rule that a person can read, short enough that no nesting exhausts the stack. */
const LONGEST = 500;

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?<sign>\*\*|<=|>=|==|!=|&&|\|\||[-+*/%()[\],<>!]))/y;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'name' | 'sign';
  readonly at: number;
}

const isTrue = (value: number): boolean => value !== 0;

const FUNCTIONS: Readonly<
  Record<string, { readonly arity: number | undefined; readonly of: (...given: number[]) => number }>
> = {
  min: { arity: undefined, of: Math.min },
  max: { arity: undefined, of: Math.max },
  sum: { arity: undefined, of: (...given) => given.reduce((total, each) => total + each, 0) },
  ceil: { arity: 1, of: Math.ceil },
  floor: { arity: 1, of: Math.floor },
  round: { arity: 1, of: Math.round },
  abs: { arity: 1, of: Math.abs },
  sqrt: { arity: 1, of: Math.sqrt },
  if: { arity: 3, of: (condition, yes, no) => (isTrue(condition as number) ? yes : no) as number },
};

type Operator = readonly [strength: number, of: (left: number, right: number) => number];

const OPERATORS: Readonly<Record<string, Operator>> = {
  '||': [1, (left, right) => Number(isTrue(left) || isTrue(right))],
  '&&': [2, (left, right) => Number(isTrue(left) && isTrue(right))],
  '<': [4, (left, right) => Number(left < right)],
  '<=': [4, (left, right) => Number(left <= right)],
  '>': [4, (left, right) => Number(left > right)],
  '>=': [4, (left, right) => Number(left >= right)],
  '==': [4, (left, right) => Number(left === right)],
  '!=': [4, (left, right) => Number(left !== right)],
  '+': [5, (left, right) => left + right],
  '-': [5, (left, right) => left - right],
  '*': [6, (left, right) => left * right],
  '/': [6, (left, right) => left / right],
  '%': [6, (left, right) => left % right],
  '**': [8, (left, right) => left ** right],
};
const NOT = 3;
const SIGN = 7;
const POWER = 8;
const WORDS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

const tokensOf = (text: string): readonly Token[] => {
  if (text.length > LONGEST) throw new SyntaxError(`longer than ${LONGEST} characters`);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(text) ?? {};
    if (groups === undefined) {
      const at = from + text.slice(from).search(/\S/);
      throw new SyntaxError(`"${text[at]}" at character ${at + 1} means nothing here`);
    }
    const { number, name, sign } = groups;
    const word = number ?? name ?? sign ?? '';
    const at = TOKEN.lastIndex - word.length;
    const operator = name !== undefined && Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
    if (operator !== undefined) tokens.push({ text: operator, kind: 'sign', at });
    else tokens.push({ text: word, kind: number ? 'number' : name ? 'name' : 'sign', at });
  }
  return tokens;
};

/** @throws SyntaxError that says what is wrong and where */
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

  const listUntil = (end: string): Value[] => {
    const list: Value[] = [];
    do {
      next += 1;
      list.push(...item());
    } while (isNext(','));
    skip(end);
    return list;
  };
  /** An argument, or the arguments of a list in brackets. */
  const item = (): readonly Value[] => (isNext('[') ? listUntil(']') : [climb(0)]);

  const call = ({ text: name, at }: Token): Value => {
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (known === undefined)
      throw new SyntaxError(
        `"${name}" at character ${at + 1} is no function; there are ${Object.keys(FUNCTIONS).join(', ')}`,
      );
    const given = listUntil(')');
    if (known.arity !== undefined && given.length !== known.arity)
      throw new SyntaxError(`${name} at character ${at + 1} takes ${known.arity}, not ${given.length}`);
    return (numberOf) => known.of(...given.map((value) => value(numberOf)));
  };

  const operand = (): Value => {
    const token = tokens[next];
    if (token === undefined) throw wrong('a number or a name');
    next += 1;
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind === 'name') {
      if (isNext('(')) return call(token);
      names.add(token.text);
      return (numberOf) => numberOf(token.text);
    }
    switch (token.text) {
      case '(': {
        const value = climb(0);
        skip(')');
        return value;
      }
      case '-': {
        const value = climb(SIGN);
        return (numberOf) => -value(numberOf);
      }
      case '+':
        return climb(SIGN);
      case '!': {
        const value = climb(NOT);
        return (numberOf) => Number(!isTrue(value(numberOf)));
      }
    }
    next -= 1;
    throw wrong('a number or a name');
  };

  const climb = (weakest: number): Value => {
    let left = operand();
    for (;;) {
      const token = tokens[next];
      const operator = token?.kind === 'sign' ? OPERATORS[token.text] : undefined;
      if (operator === undefined || operator[0] < weakest) return left;
      next += 1;
      const [strength, of] = operator;
      const before = left;
      const right = climb(strength === POWER ? SIGN : strength + 1);
      left = (numberOf) => of(before(numberOf), right(numberOf));
    }
  };

  const value = climb(0);
  if (next < tokens.length) throw wrong('an operator or the end');
  return { text, names: [...names], value };
};
