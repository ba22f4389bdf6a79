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

/** Readings travel through the state, which holds 256 KiB for a hundred of them, each in the sample and in the decision. */
const LONGEST_TEXT = 240;
const MOST_NOTES = 2;

const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

const brief = (reading: Reading): Reading => {
  if (!reading.known) return { ...reading, why: shortened(reading.why) };
  if (reading.notes === undefined) return reading;
  return { ...reading, notes: reading.notes.slice(0, MOST_NOTES).map(shortened) };
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
    const configured = { given, path, owner: service, needsInFlight: needsInFlight(service) };
    return withRates(await read(configured), given, memory.totals, at);
  });
  const looked =
    service.combine === 'first' ? await firstOf(looks) : await Promise.all(looks.map((look) => look()));
  const totals = Object.assign({}, ...looked.map((each) => each.totals)) as TotalsMemory;
  const { totals: _, ...rest } = memory;
  return {
    readings: looked.map(({ reading }) => brief(reading)),
    memory: Object.keys(totals).length === 0 ? rest : { ...rest, totals },
  };
};
