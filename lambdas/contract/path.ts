/**
 * Where something is in a configuration, as operators read it: `services[0].tasks.max`, `options["a key"]`.
 */

/** The steps from the top: keys and list positions. */
export type Steps = readonly PropertyKey[];

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;
const STEP = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([A-Za-z_$][\w$-]*)/gy;

/** `['services', 0, 'tasks']` → `services[0].tasks`. */
export const pathOf = (steps: Steps): string =>
  steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    const key = String(step);
    if (!PLAIN_KEY.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');

/** The inverse of {@link pathOf}. Stops at the first character that no path has. */
export const stepsOf = (path: string): Steps =>
  [...path.matchAll(STEP)].map(([, position, quoted, key]) => {
    if (position !== undefined) return Number(position);
    return quoted === undefined ? (key ?? '') : (JSON.parse(quoted) as string);
  });
