/** What somebody is told whose configuration is in a dialect: that it was understood as one, and how much differs. */

import type { ReadConfig } from './config-file.ts';
import type { PlacedDifference } from './config-part.ts';

export const counted = (count: number, one: string): string =>
  count === 1 ? `one ${one}` : `${count} ${one}s`;

export const differencesOf = ({ files }: Pick<ReadConfig, 'files'>): readonly PlacedDifference[] =>
  files.flatMap(({ differences }) => differences);

/**
 * `read as ecs-autoscale: 12 differences, npx pulsescale check DIR tells them`; `undefined` for our own shape.
 *
 * @param path what it was read from; `undefined`: the environment
 */
export const translationNotice = (read: Pick<ReadConfig, 'files'>, path?: string): string | undefined => {
  const names = [...new Set(read.files.flatMap(({ dialect }) => dialect ?? []))];
  if (names.length === 0) return undefined;
  const count = differencesOf(read).length;
  const command = ['npx pulsescale check', ...(path === undefined ? [] : [path])].join(' ');
  const what = count === 0 ? 'nothing differs' : `${counted(count, 'difference')}, ${command} tells them`;
  return `read as ${names.join(' and ')}: ${what}`;
};
