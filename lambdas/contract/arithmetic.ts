/**
 * What the operators and functions of an expression do, and how tightly they bind: as in Python, where ecs-autoscale's
 * texts come from.
 *
 * What has no answer has none all the way up: 1 / 0 and all that is made of it, a comparison with it too, which would else
 * happen to be false and choose a count. `if`, `and` and `or` leave alone what they don't need, as in
 * `if(running > 0, visible / running, visible)`.
 */

/** The value for these numbers. */
export type Value = (numberOf: (name: string) => number) => number;

export interface Operator {
  /** The higher, the tighter it binds. */
  readonly strength: number;
  readonly of: (left: Value, right: Value) => Value;
}

export const NOT = 3;
export const COMPARISON = 4;
export const SIGN = 7;
export const POWER = 8;

const isTrue = (value: number): boolean => value !== 0;

/** Of two numbers, where both are some. */
const binary = (strength: number, of: (left: number, right: number) => number): Operator => ({
  strength,
  of: (left, right) => (numberOf) => {
    const one = left(numberOf);
    const other = right(numberOf);
    return Number.isFinite(one) && Number.isFinite(other) ? of(one, other) : Number.NaN;
  },
});

const comparison = (holds: (left: number, right: number) => boolean): Operator =>
  binary(COMPARISON, (left, right) => Number(holds(left, right)));

/** The right side counts unless the left one has settled it, by being `settled`. */
const logic = (strength: number, settled: boolean): Operator => ({
  strength,
  of: (left, right) => (numberOf) => {
    const one = left(numberOf);
    const last = Number.isFinite(one) && isTrue(one) !== settled ? right(numberOf) : one;
    return Number.isFinite(last) ? Number(isTrue(last)) : Number.NaN;
  },
});

/** As in Python, -7 % 3 is 2: it has the sign of its right side. */
const modulo = (left: number, right: number): number => {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
};

export const and = logic(2, false);

export const OPERATORS: Readonly<Record<string, Operator>> = {
  or: logic(1, true),
  and,
  '<': comparison((left, right) => left < right),
  '<=': comparison((left, right) => left <= right),
  '>': comparison((left, right) => left > right),
  '>=': comparison((left, right) => left >= right),
  '==': comparison((left, right) => left === right),
  '!=': comparison((left, right) => left !== right),
  '+': binary(5, (left, right) => left + right),
  '-': binary(5, (left, right) => left - right),
  '*': binary(6, (left, right) => left * right),
  '/': binary(6, (left, right) => left / right),
  '//': binary(6, (left, right) => Math.floor(left / right)),
  '%': binary(6, modulo),
  '**': binary(POWER, (left, right) => left ** right),
};

export const negative =
  (value: Value): Value =>
  (numberOf) =>
    -value(numberOf);

export const not =
  (value: Value): Value =>
  (numberOf) => {
    const given = value(numberOf);
    return Number.isFinite(given) ? Number(!isTrue(given)) : Number.NaN;
  };

interface NumberFunction {
  /** Unset: any number of arguments but none, or a list of them in brackets. */
  readonly arity?: number;
  readonly of: (...given: readonly Value[]) => Value;
}

const ofAll = (of: (...given: readonly number[]) => number): NumberFunction['of'] => {
  return (...values) =>
    (numberOf) => {
      const given = values.map((value) => value(numberOf));
      return given.every(Number.isFinite) ? of(...given) : Number.NaN;
    };
};

const ofOne = (of: (given: number) => number): NumberFunction => ({
  arity: 1,
  of: ofAll(of as () => number),
});

const choice: NumberFunction['of'] =
  (...[condition, yes, no]) =>
  (numberOf) => {
    const given = condition?.(numberOf) ?? Number.NaN;
    return (Number.isFinite(given) ? (isTrue(given) ? yes : no)?.(numberOf) : undefined) ?? Number.NaN;
  };

export const FUNCTIONS: Readonly<Record<string, NumberFunction>> = {
  min: { of: ofAll(Math.min) },
  max: { of: ofAll(Math.max) },
  sum: { of: ofAll((...given) => given.reduce((total, each) => total + each, 0)) },
  ceil: ofOne(Math.ceil),
  floor: ofOne(Math.floor),
  round: ofOne(Math.round),
  abs: ofOne(Math.abs),
  sqrt: ofOne(Math.sqrt),
  if: { arity: 3, of: choice },
};
