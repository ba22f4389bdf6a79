/**
 * Tuned parameters of the peers: those that were stored, or a sweep on the training part of a trace, which no figure of
 * the bench is taken from.
 *
 * A trace's training day may be quieter than its tested one, and then the rule of the load (so many tasks are busy) would give its
 * messages other seconds of work. A service has the same work on both days, so the training part is loaded with as many busy tasks as that takes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type LoadFacts, type LoadName, TARGET, TASKS } from './load.ts';
import type { Parameters, Peer } from './peer.ts';
import type { Sweep } from './plan.ts';
import type { Pool } from './pool.ts';
import { BUSY } from './traces/kind.ts';
import { tune } from './tune.ts';

/** By trace, start-up and peer. */
export type Stored = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Parameters>>>>>>;

export const readStored = (file: URL): Stored =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored) : {};

/** A line for each peer, so that a change of one is a change of one line. */
export const writeStored = (file: URL, stored: Stored): void => {
  const object = (entries: readonly string[], indent: string): string =>
    entries.length === 0 ? '{}' : `{\n${entries.map((each) => `${indent}  ${each}`).join(',\n')}\n${indent}}`;
  const text = object(
    Object.entries(stored).map(([trace, plants]) => {
      const ofPlants = Object.entries(plants).map(([plant, found]) => {
        const ofPeers = Object.entries(found).map(
          ([name, parameters]) => `${JSON.stringify(name)}: ${JSON.stringify(parameters)}`,
        );
        return `${JSON.stringify(plant)}: ${object(ofPeers, '    ')}`;
      });
      return `${JSON.stringify(trace)}: ${object(ofPlants, '  ')}`;
    }),
    '',
  );
  writeFileSync(file, `${text}\n`);
};

/** What is new instead of what was there, of those that are new. */
export const merged = (before: Stored, after: Stored): Stored => {
  const traces = Object.entries(after).map(([trace, plants]) => {
    const ofPlants = Object.entries(plants).map(
      ([plant, found]) => [plant, { ...before[trace]?.[plant], ...found }] as const,
    );
    return [trace, { ...before[trace], ...Object.fromEntries(ofPlants) }] as const;
  });
  return { ...before, ...Object.fromEntries(traces) };
};

/** Work that differs by less is the same: chance has its part in it. */
const SAME_WORK = 0.02;

/** The training part for a service whose messages take `meanWork` seconds; undefined: its file is not there. */
export const trainingLoad = async (
  pool: Pick<Pool, 'describe'>,
  trace: string,
  meanWork: number,
  cut: number,
): Promise<LoadName | undefined> => {
  const usual: LoadName = { trace, part: 'training', seed: 1, cut };
  const facts = await pool.describe(usual);
  if (facts === undefined) return undefined;
  const off = (found: LoadFacts): number => Math.abs(found.meanWork / meanWork - 1);
  if (off(facts) <= SAME_WORK) return usual;
  const busy = (BUSY * meanWork) / facts.meanWork;
  const other = await pool.describe({ ...usual, busy });
  // Loads whose work is in their file are stretched instead: their work stays, and so may their load.
  return other !== undefined && off(other) < off(facts) / 2 ? { ...usual, busy } : usual;
};

export const sweep = async (
  pool: Pick<Pool, 'run'>,
  peer: Peer,
  load: LoadName,
  startUp: number,
  meanWork: number,
  { budget }: Pick<Sweep, 'budget'>,
): Promise<Parameters> => {
  const { tuned } = await tune({
    ...{ peer, budget, setting: { target: TARGET, meanWork, tasks: TASKS } },
    evaluate: async (parameters) => {
      const { costRatio, over60 } = await pool.run({ load, startUp, contestant: peer.name, parameters });
      return [{ cost: costRatio, late: over60 }];
    },
  });
  return tuned.parameters;
};
