/**
 * The behavior of the HPA that KEDA makes, as guards: windows, limits, tolerances.
 *
 * The HPA's own defaults are half taken over. Scale-in keeps the highest answer of 300 s, as there, because the users of KEDA count on it. The
 * limit of scale-out (4 pods or 100 % in 15 s) is what they complain about most: it holds here only where somebody wrote limits.
 */
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';

const USUAL_WINDOW = { scaleUp: 0, scaleDown: 300 } as const;
const MOST_LIMITS = 4;
const OURS = { scaleUp: 'out', scaleDown: 'in' } as const;
type Direction = keyof typeof OURS;

const UNLIMITED =
  'Unless told otherwise the HPA adds at most 4 pods or 100 % in 15 s. Here the count is set at once; for the same write limits: { out: [{ tasks: 4, per: 15s }, { percent: 100, per: 15s }] }.';

const limitsOf = (rules: Ledger): readonly Fields[] => {
  const all = rules.each('policies').map((policy): Fields => {
    const type = policy.choice('type', ['Pods', 'Percent']);
    const value = policy.whole('value', 1);
    const per = policy.whole('periodSeconds', 1) ?? 15;
    return { [type === 'Percent' ? 'percent' : 'tasks']: value, per: `${per}s` };
  });
  if (all.length > MOST_LIMITS)
    rules.note('policies', `At most ${MOST_LIMITS} limits are taken here: the others are left out.`);
  return all.slice(0, MOST_LIMITS);
};

/** `0.1` or, as a quantity, `100m`. */
const toleranceOf = (rules: Ledger): number | undefined => {
  const text = rules.text('tolerance');
  if (text === undefined) return undefined;
  const number = text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text);
  if (number >= 0 && number <= 1) return number;
  rules.refuse('tolerance', 'expected 0 to 1, or 0m to 1000m');
  return undefined;
};

const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The guards, and what the policies `target` and `value` tolerate. @param behavior where it is written, if it is */
export const behaviorOf = (behavior: Ledger): { readonly guards: Fields; readonly tolerance: Fields } => {
  const read = (direction: Direction) => {
    const rules = behavior.at(direction);
    const select = rules.choice('selectPolicy', ['Max', 'Min', 'Disabled']);
    const said = select?.toLowerCase();
    const limits = limitsOf(rules);
    if (direction === 'scaleUp' && limits.length === 0 && said !== 'disabled')
      behavior.note('scaleUp', UNLIMITED);
    if (direction === 'scaleDown' && said === 'disabled')
      rules.note(
        'selectPolicy',
        'There KEDA still goes to 0 when nothing is active; here no scale-in at all.',
      );
    return {
      window: rules.whole('stabilizationWindowSeconds') ?? USUAL_WINDOW[direction],
      limits: limits.length === 0 ? undefined : limits,
      select: said === 'max' ? undefined : said,
      tolerance: toleranceOf(rules),
    };
  };
  const [out, back] = [read('scaleUp'), read('scaleDown')];
  const select = given({ out: out.select, in: back.select });
  const limits = given({
    out: out.limits,
    in: back.limits,
    select: Object.keys(select).length === 0 ? undefined : select,
  });
  return {
    guards: {
      stabilization: { out: `${out.window}s`, in: `${back.window}s` },
      ...(Object.keys(limits).length === 0 ? {} : { limits }),
    },
    tolerance: given({ out: out.tolerance, in: back.tolerance }),
  };
};
