/**
 * CloudWatch Logs' patterns for JSON lines, as far as the stack uses them: `{ ($.level = "ERROR") && ($.message = "not applied") }`.
 * `&&` binds before `||`, `*` in a text stands for any characters, a field that is not there equals nothing. Anything else is refused.
 */
type Line = Readonly<Record<string, unknown>>;
type Matcher = (line: Line) => boolean;

const TOKEN = /\s*(\(|\)|&&|\|\||!=|=|\$(?:\.\w+)+|"[^"]*")/g;

const tokensIn = (text: string): string[] => {
  const tokens = [...text.matchAll(TOKEN)].flatMap(([, token]) => token ?? []);
  const left = text.replaceAll(TOKEN, '').trim();
  if (left !== '') throw new Error(`not understood: ${left}`);
  return tokens;
};

const fieldOf = (line: Line, selector: string): unknown =>
  selector
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Line | undefined)?.[name], line);

const comparison = (selector: string, operator: string, quoted: string): Matcher => {
  const pattern = quoted
    .slice(1, -1)
    .split('*')
    .map((part) => part.replace(/[^\w\s]/g, '\\$&'));
  const wanted = new RegExp(`^${pattern.join('.*')}$`, 's');
  return (line) => {
    const value = fieldOf(line, selector);
    return typeof value === 'string' && wanted.test(value) === (operator === '=');
  };
};

/** @throws Error for what is no such pattern */
export const matcherOf = (pattern: string): Matcher => {
  const [, inside] = /^\{(.*)\}$/s.exec(pattern.trim()) ?? [];
  if (inside === undefined) throw new Error(`no pattern for JSON: ${pattern}`);
  const tokens = tokensIn(inside);
  const next = (): string => tokens.shift() ?? 'the end';
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new Error(`${token} expected, got ${found}: ${pattern}`);
  };
  const single = (): Matcher => {
    if (tokens[0] !== '(') return comparison(next(), next(), next());
    expect('(');
    const matcher = either();
    expect(')');
    return matcher;
  };
  const several = (of: () => Matcher, operator: string): Matcher[] => {
    const matchers = [of()];
    while (tokens[0] === operator) {
      next();
      matchers.push(of());
    }
    return matchers;
  };
  const both = (): Matcher => {
    const all = several(single, '&&');
    return (line) => all.every((matches) => matches(line));
  };
  const either = (): Matcher => {
    const any = several(both, '||');
    return (line) => any.some((matches) => matches(line));
  };
  const whole = either();
  if (tokens.length > 0) throw new Error(`${tokens[0]} is too much: ${pattern}`);
  return whole;
};
