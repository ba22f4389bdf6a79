/** The files are those that were described, and what becomes of them keeps what they recorded. */
import { expect, test } from '@jest/globals';
import { countsOf, rowsOf } from '../../../../bench/scaling/traces/file.ts';
import { traces } from '../../../../bench/scaling/traces/registry.ts';
import { meanWork, type Trace } from '../../../../local/simulation/trace.ts';
import { describeWith } from './present.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const loaded = (name: string, part: 'training' | 'test', busy?: number): Trace => {
  const trace = traces.find((each) => each.name === name)?.load(part, 1, busy);
  if (trace === undefined) throw new Error(`${name} was not loaded`);
  return trace;
};

const perBin = ({ arrivals, seconds }: Trace, width: number): readonly number[] => {
  const counts = Array.from({ length: Math.ceil(seconds / width) }, () => 0);
  for (const at of arrivals) counts[Math.floor(at / width)] = (counts[Math.floor(at / width)] ?? 0) + 1;
  return counts;
};

/** By how many standard deviations of chance each bin is off, squared, in the mean: 1 where each message stays with the same chance. */
const surprise = (found: readonly number[], counts: readonly number[]): number => {
  const share = sum(found) / sum(counts);
  const off = counts.map((count, bin) =>
    count === 0 ? 1 : ((found[bin] ?? 0) - share * count) ** 2 / (share * (1 - share) * count),
  );
  return sum(off) / off.length;
};

describeWith('World Cup 1998', 'worldcup98_permin.csv', () => {
  test('has as many requests as its site says, and the peak of the manifest', () => {
    const counts = countsOf('worldcup98_permin.csv') ?? [];
    expect(counts).toHaveLength(125_310);
    expect(sum(counts)).toBe(1_352_804_107);
    expect(counts.reduce((most, each) => Math.max(most, each), 0)).toBe(229_426);
  });

  test('keeps the shape of the day, minute by minute', () => {
    const rows = rowsOf('worldcup98_permin.csv') ?? [];
    const day = rows.filter(([minute]) => minute?.startsWith('1998-06-30')).map(([, count]) => Number(count));
    expect(day).toHaveLength(1440);
    expect(sum(day)).toBe(75_207_657);
    const found = surprise(perBin(loaded('wc98-06-30', 'test'), 60), day);
    // Over 1440 minutes the mean of the squares is off by √(2/1440) = 0.037.
    expect(Math.abs(found - 1)).toBeLessThan(0.15);
  });
});

describeWith('Twitter', 'twitter_2021-08_day8_persec.csv', () => {
  const counts = countsOf('twitter_2021-08_day8_persec.csv') ?? [];

  test('has the seconds and the mean of the manifest', () => {
    expect(counts).toHaveLength(84_600);
    expect(sum(counts) / counts.length).toBeCloseTo(65, 1);
  });

  test('keeps its seconds as far as thinning leaves them, training first', () => {
    for (const [part, seconds] of [
      ['training', counts.slice(0, 21_600)],
      ['test', counts.slice(21_600)],
    ] as const) {
      const found = perBin(loaded('twitter', part), 1);
      expect(found).toHaveLength(seconds.length);
      expect(Math.abs(surprise(found, seconds) - 1)).toBeLessThan(0.05);
    }
  });
});

describeWith('NASA', 'nasa_http_1995-07-13_persec.csv', () => {
  test('has the requests of the manifest, and every one in its second', () => {
    const counts = countsOf('nasa_http_1995-07-13_persec.csv') ?? [];
    expect(sum(counts)).toBe(134_204);
    const parts = [loaded('nasa', 'training'), loaded('nasa', 'test')];
    expect(parts.flatMap((part) => perBin(part, 1))).toEqual(counts);
  });
});

describeWith('WikiBench', 'wikibench_2007_persec.csv', () => {
  test('is flat, and stays nearly so', () => {
    const counts = countsOf('wikibench_2007_persec.csv') ?? [];
    expect(counts).toHaveLength(3601);
    expect(Math.round(sum(counts) / counts.length)).toBe(2935);
    const minutes = perBin(loaded('wikibench', 'training'), 60);
    expect(Math.max(...minutes) / Math.min(...minutes)).toBeLessThan(1.15);
  });
});

describeWith('Azure LLM code', 'azure_llm_code_2023.csv', () => {
  const all = rowsOf('azure_llm_code_2023.csv')?.map(([at]) => Number(at)) ?? [];

  test('has every request at its own moment', () => {
    expect(all).toHaveLength(8819);
    const [training, rest] = [loaded('azure-code', 'training'), loaded('azure-code', 'test')];
    const found = [...training.arrivals, ...rest.arrivals.map((at) => at + training.seconds)];
    expect(found).toHaveLength(all.length);
    const off = found.map((at, nth) => Math.abs(at - (all[nth] ?? 0)));
    expect(Math.max(...off)).toBeLessThan(1e-6);
  });

  test('in slow motion messages take 100 s, in the same order and proportion', () => {
    const [fast, slow] = [loaded('azure-code', 'test'), loaded('azure-code-long', 'test')];
    expect(meanWork(slow)).toBeCloseTo(100, 1);
    const longer = slow.seconds / fast.seconds;
    const off = fast.arrivals.map((at, nth) => Math.abs(at * longer - (slow.arrivals[nth] ?? 0)));
    expect(Math.max(...off)).toBeLessThan(1e-6);
  });
});

describeWith('Azure LLM conv', 'azure_llm_conv_2023.csv', () => {
  test('has as many requests as the manifest', () => {
    expect(rowsOf('azure_llm_conv_2023.csv')).toHaveLength(19_366);
    const parts = [loaded('azure-conv', 'training'), loaded('azure-conv', 'test')];
    expect(sum(parts.map(({ arrivals }) => arrivals.length))).toBe(19_366);
  });
});

describeWith('Alibaba GenAI', 'alibaba_genai_requests_2024.csv', () => {
  const rows = rowsOf('alibaba_genai_requests_2024.csv') ?? [];

  test('has jobs with their own service times, compressed 20 to 50 times', () => {
    expect(rows).toHaveLength(26_823);
    const seconds = rows.map(([, service]) => Number(service));
    for (const [part, days] of [
      ['training', 10],
      ['test', 9],
    ] as const) {
      const { work, seconds: length } = loaded('genai', part);
      expect(Math.max(...work)).toBeLessThanOrEqual(Math.max(...seconds));
      const compressed = (days * 86_400) / length;
      expect(compressed > 20 && compressed < 50).toBe(true);
    }
  });

  test('leaves out what had not ended', () => {
    const unended = rows.filter(([, , status]) => status === 'PENDING' || status === 'PROCESSING');
    expect(unended).toHaveLength(33);
    const ended = rows.filter((row) => !unended.includes(row) && Number(row[0]) >= 14 * 86_400);
    const inTest = ended.filter(([at]) => Number(at) < 23 * 86_400);
    expect([...loaded('genai', 'test').work]).toEqual(inTest.map(([, service]) => Number(service)));
  });
});

describeWith('Azure Functions', 'azure_functions_2019_100apps_containers_permin.csv', () => {
  const rows = rowsOf('azure_functions_2019_100apps_containers_permin.csv') ?? [];
  const needed = (from: number, apps = rows): readonly number[] =>
    Array.from({ length: 1440 - from }, (_, minute) =>
      sum(apps.map((row) => Number(row[from + minute + 2]))),
    );

  test('has 100 apps and a day of minutes', () => {
    expect(rows).toHaveLength(100);
    for (const row of rows) expect(row).toHaveLength(1442);
    expect(sum(needed(0))).toBe(36_447);
  });

  test('a message is a container-minute, of which a share stays', () => {
    const trace = loaded('functions', 'test');
    expect(Math.abs((trace.work[0] ?? 0) - 60)).toBeLessThan(1);
    const found = surprise(perBin(trace, 60), needed(480));
    expect(Math.abs(found - 1)).toBeLessThan(0.2);
  });

  test('asked for as many as were needed, it has exactly those', () => {
    const counts = needed(480);
    const trace = loaded('functions', 'test', sum(counts) / counts.length);
    expect(perBin(trace, 60)).toEqual(counts);
    expect(trace.work[0]).toBeCloseTo(60, 9);
  });

  test('59 are sporadic; where they need none, nothing comes', () => {
    const sporadic = rows.filter((row) => row.slice(2).filter((each) => each !== '0').length < 0.16 * 1440);
    expect(sporadic).toHaveLength(59);
    const found = perBin(loaded('functions-sporadic', 'test'), 60);
    needed(480, sporadic).forEach((count, minute) => {
      expect((found[minute] ?? 0) > 0).toBe(count > 0);
    });
  });
});

describeWith('Wikipedia', 'wikipedia_hourly_2008_2013.csv', () => {
  test('has the rows of the manifest; each hour of four weeks is a minute', () => {
    const rows = rowsOf('wikipedia_hourly_2008_2013.csv') ?? [];
    expect(rows).toHaveLength(47_479);
    expect(rows.filter(([, count]) => count === 'NA')).toHaveLength(424);
    const first = rows.findIndex(([hour]) => hour === '2012-06-04T00:00');
    const hours = rows.slice(first, first + 672).map(([, count]) => Number(count));
    const found = surprise(perBin(loaded('wikipedia', 'test'), 60), hours);
    expect(Math.abs(found - 1)).toBeLessThan(0.2);
  });
});
