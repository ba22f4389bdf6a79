/** Which services may sleep, and whether the lane ever does: it needs all of them. */
import { type Config, keyOf } from '../../lambdas/contract/config.ts';

const secondsOf = (text: readonly number[]): string => {
  const [least, most] = [Math.min(...text), Math.max(...text)];
  return least === most ? `${least} s` : `${least} to ${most} s`;
};

export const sleepLines = ({ services }: Config): readonly string[] => {
  const idle = services.flatMap(({ idle: rule }) => rule?.after ?? []);
  if (idle.length === 0) return [];
  const awake = services.filter(({ idle: rule }) => rule === undefined).map(keyOf);
  if (awake.length > 0)
    return [`  The lane never sleeps: ${awake.join(', ')} ${awake.length === 1 ? 'has' : 'have'} no idle.`];
  return [
    `  The lane sleeps when all services have been idle for ${secondsOf(idle)}; a look once a minute wakes it.`,
  ];
};
