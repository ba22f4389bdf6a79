/**
 * While a deployment runs, ECS counts the tasks of both revisions and replaces them, and a scale-in might stop the new ones.
 * `out`, the default, lets the count only grow, `hold` freezes it, `any` takes no notice.
 *
 * Gotcha: a deployment that never becomes steady runs for ever, and so the count is not lowered for as long. ECS's
 * deployment circuit breaker ends it; `any` scales in all the same.
 */
import type { Guard } from './guard.ts';

export const deployment: Guard = (proposed, { service, counts: { desired, deploying } }) => {
  const { deployment: allowed = 'out' } = service;
  if (!deploying || allowed === 'any' || proposed === desired) return undefined;
  if (proposed > desired && allowed === 'out') return undefined;
  const refused = allowed === 'hold' ? 'nothing changes' : 'no scale-in';
  return { to: desired, why: `a deployment runs: ${refused} until it is over` };
};
