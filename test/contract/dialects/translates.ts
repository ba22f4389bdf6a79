/** What must hold of every dialect whose files lie in a folder: each has its equivalent, and nothing that was written is dropped in silence. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Dialect } from '../../../lambdas/contract/dialects/dialect.ts';
import type { Steps } from '../../../lambdas/contract/path.ts';
import {
  changedAt,
  isTold,
  leavesOf,
  objectsOf,
  oddValues,
  other,
  outcomeOf,
  parsed,
  placeOf,
  strangeKeys,
  toldBy,
  translationsIn,
} from './translations.ts';

type Judge = (documents: readonly unknown[], steps: Steps) => boolean;

export interface Expected {
  readonly folder: string;
  readonly files: number;
  /** What the dialect has to read; the rest of a document is somebody else's. */
  readonly isIts: Judge;
  /** Names and times, which say nothing of a count. */
  readonly saysNothing: (steps: Steps) => boolean;
  /** Objects in which a key that nobody knows would be a mistake of the writer. */
  readonly takesKeys: Judge;
}

/** Declares the tests. */
export const translates = (
  dialect: Dialect,
  { folder, files, isIts, saysNothing, takesKeys }: Expected,
): void => {
  const written = translationsIn(folder);

  describe.each(written)('$name', ({ name, documents, expected }) => {
    const translated = dialect.translate({ name, documents }, {});

    test('is recognised', () => expect(dialect.recognises({ name, documents })).toBe(true));
    test('has its equivalent', () => expect(translated.config).toEqual(expected.config));
    test('which the parser takes', () => expect(() => parsed(translated.config)).not.toThrow());
    test('tells where it differs', () => expect(toldBy(translated)).toEqual(expected.told));
    test('keeps what is secret to itself', () =>
      expect(JSON.stringify(translated)).not.toContain('never-in-an-answer'));

    test('another value anywhere makes a difference, or is told', () => {
      const before = outcomeOf(dialect, name, documents);
      const silent = leavesOf(documents)
        .filter((steps) => isIts(documents, steps) && !isTold(placeOf(steps), before.told))
        .filter((steps) => !saysNothing(steps))
        .filter((steps) => outcomeOf(dialect, name, changedAt(documents, steps, other)).text === before.text);
      expect(silent).toEqual([]);
    });
  });

  test('all of them are there', () => expect(written).toHaveLength(files));

  const placesIn = (stepsOf: (documents: readonly unknown[]) => readonly Steps[], wanted: Judge) =>
    written.flatMap(({ name, documents }) =>
      stepsOf(documents)
        .filter((steps) => wanted(documents, steps))
        .map((steps) => ({ name, documents, steps })),
    );

  test('whatever stands anywhere, there is an equivalent or a list of problems', () => {
    const places = placesIn(
      (documents) => [...leavesOf(documents), ...objectsOf(documents)],
      (_, steps) => steps.length > 1,
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), oddValues, ({ name, documents, steps }, odd) => {
        outcomeOf(
          dialect,
          name,
          changedAt(documents, steps, () => odd),
        );
      }),
    );
  });

  test('a key that nobody knows is told wherever it stands', () => {
    const objects = placesIn(
      objectsOf,
      (documents, steps) => isIts(documents, steps) && takesKeys(documents, steps),
    );
    fc.assert(
      fc.property(fc.constantFrom(...objects), strangeKeys, ({ name, documents, steps }, key) => {
        const more = changedAt(documents, steps, (object) => ({ ...(object as object), [key]: 'some' }));
        const { told } = outcomeOf(dialect, name, more);
        expect(isTold(placeOf([...steps, key]), told)).toBe(true);
      }),
    );
  });
};
