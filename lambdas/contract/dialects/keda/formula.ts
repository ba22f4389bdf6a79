/**
 * A formula of `scalingModifiers`, from the words of the language expr into ours: `a > 2 ? a + b : 1` is `if(a > 2, a + b, 1)`.
 *
 * The conditional binds loosest, so that the text falls into runs of plain arithmetic between `?`, `:`, `,` and brackets; those are the same in
 * both languages but for the signs of logic. Nothing besides is understood: `??` asks which trigger has failed, and `{…}` and `#` are
 * programs over lists.
 */
import { parseExpression } from '../../expression.ts';

const TOKEN = /\s*([A-Za-z_][\w.]*|\d+\.?\d*|\.\d+|\?\?|\*\*|&&|\|\||[<>=!]=|\S)/y;

const WORDS: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not', '^': '**', '?': '' };
const ENDS: readonly (string | undefined)[] = ['?', ':', ',', ')', ']', undefined];

/**
 * @param nameOf what a name of the formula is called here
 * @returns undefined: it says something that cannot be said here
 */
export const formulaIn = (text: string, nameOf: (name: string) => string): string | undefined => {
  const tokens = [...text.trim().matchAll(new RegExp(TOKEN, 'gy'))].map(([, token = '']) => token);
  let next = 0;

  const wordFor = (token: string): string => {
    if (Object.hasOwn(WORDS, token)) return WORDS[token] ?? token;
    return /^[A-Za-z_]/.test(token) && tokens[next] !== '(' && !/^(and|or|not)$/.test(token)
      ? nameOf(token)
      : token;
  };

  const inBrackets = (open: string): string => {
    const list = [conditional()];
    while (tokens[next] === ',') {
      next += 1;
      list.push(conditional());
    }
    const close = tokens[next];
    next += 1;
    return `${open}${list.join(', ')}${close}`;
  };

  const run = (): string => {
    const parts: string[] = [];
    for (let token = tokens[next]; !ENDS.includes(token); token = tokens[next]) {
      next += 1;
      parts.push(token === '(' || token === '[' ? inBrackets(token) : wordFor(token ?? ''));
    }
    return parts
      .join(' ')
      .replace(/(\w) \(/g, (whole, last: string, at: number, all: string) =>
        /\b(and|or|not)$/.test(all.slice(0, at + 1)) ? whole : `${last}(`,
      );
  };

  const conditional = (): string => {
    const condition = run();
    if (tokens[next] !== '?') return condition;
    next += 1;
    const yes = conditional();
    next += 1;
    return `if(${condition}, ${yes}, ${conditional()})`;
  };

  const all = conditional();
  if (next < tokens.length) return undefined;
  try {
    parseExpression(all);
    return all;
  } catch {
    return undefined;
  }
};
