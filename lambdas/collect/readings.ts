/** The readings of one service: of all its sources, or of the first that can be read. */
import { needsInFlight, type Service, sourcesOf } from '../contract/config.ts';
import type { Reading, ServiceMemory } from '../contract/records.ts';
import type { Sighting } from '../contract/source.ts';
import { type TotalsMemory, withRates } from './rates.ts';
import type { Configured } from './read.ts';

type Read = (source: Configured) => Promise<Sighting>;

export interface ServiceReadings {
  readonly readings: Reading[];
  /** The service's memory with the totals of this tick. */
  readonly memory: ServiceMemory;
}

interface Looked {
  readonly reading: Reading;
  readonly totals: TotalsMemory;
}

/**
 * Readings travel through the state, which holds 256 KiB for a whole lane, each in the sample and in the decision. So all
 * texts of a tick share the room that a hundred of the longest take.
 */
const LONGEST_TEXT = 240;
const MOST_TEXT = 100 * LONGEST_TEXT;
const MOST_NOTES = 2;

const shortened = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

const textsIn = (reading: Reading): readonly string[] =>
  reading.known ? (reading.notes ?? []).slice(0, MOST_NOTES) : [reading.why];

const brief = (reading: Reading, longest: number): Reading => {
  const texts = textsIn(reading).map((text) => shortened(text, longest));
  if (!reading.known) return { ...reading, why: texts.join() };
  return reading.notes === undefined ? reading : { ...reading, notes: texts };
};

/** The readings of all services of a tick, with texts that the state has room for. */
export const allBrief = (all: readonly ServiceReadings[]): readonly ServiceReadings[] => {
  const texts = all.flatMap(({ readings }) => readings.flatMap(textsIn)).length;
  const longest = Math.min(LONGEST_TEXT, Math.floor(MOST_TEXT / Math.max(1, texts)));
  return all.map(({ readings, memory }) => ({
    readings: readings.map((reading) => brief(reading, longest)),
    memory,
  }));
};

/** One after the other, until one can be read; the reading then says what it stands in for. */
const firstOf = async (looks: readonly (() => Promise<Looked>)[]): Promise<readonly Looked[]> => {
  const failed: string[] = [];
  for (const look of looks) {
    const { reading, totals } = await look();
    if (reading.known) {
      const notes = [
        ...failed.map((why) => `stands in for a source that is unknown: ${why}`),
        ...(reading.notes ?? []),
      ];
      return [{ reading: notes.length === 0 ? reading : { ...reading, notes }, totals }];
    }
    failed.push(reading.why);
  }
  return [{ reading: { known: false, why: failed.join('; '), error: 'Unknown' }, totals: {} }];
};

/** @param index of the service in the configuration */
export const readingsOf = async (
  service: Service,
  index: number,
  memory: ServiceMemory,
  at: string,
  read: Read,
): Promise<ServiceReadings> => {
  const place = `services[${index}]`;
  const looks = sourcesOf(service).map((given, nth) => async (): Promise<Looked> => {
    const path = service.sources === undefined ? `${place}.source` : `${place}.sources[${nth}]`;
    const configured = { given, path, owner: service, needsInFlight: needsInFlight(service, given) };
    return withRates(await read(configured), given, memory.totals, at);
  });
  const looked =
    service.combine === 'first' ? await firstOf(looks) : await Promise.all(looks.map((look) => look()));
  const totals = Object.assign({}, ...looked.map((each) => each.totals)) as TotalsMemory;
  const { totals: _, ...rest } = memory;
  return {
    readings: looked.map(({ reading }) => reading),
    memory: Object.keys(totals).length === 0 ? rest : { ...rest, totals },
  };
};
