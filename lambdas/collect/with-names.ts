/** Keeps values of variables and secrets out of what a reading says. */
import type { Sighting } from '../contract/source.ts';
import { namesIn } from '../contract/substitute.ts';
import { withoutSecrets, withoutValue } from './secrets.ts';

/**
 * What was replaced by `%(NAME)` may be a secret, and errors like to quote what they were given, as servers do. A reason
 * travels in the state, the log and the notice, so there the name stands again.
 */
export const withNames = (seen: Sighting, given: unknown): Sighting => {
  if (seen.known && seen.notes === undefined) return seen;
  const names = namesIn(JSON.stringify(given));
  const cleaned = (said: string): string =>
    names.reduce(
      (text, name) => withoutValue(text, process.env[name] ?? '', `%(${name})`),
      withoutSecrets(said),
    );
  return seen.known
    ? { ...seen, ...(seen.notes === undefined ? {} : { notes: seen.notes.map(cleaned) }) }
    : { ...seen, why: cleaned(seen.why) };
};
