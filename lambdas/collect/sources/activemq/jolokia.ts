/**
 * What Jolokia is asked of a queue, and what its answers say.
 *
 * Gotcha: a name goes into the MBean's name with some characters replaced, as ActiveMQ's JMXSupport does it, so two queues can
 * have one MBean name; only one of them is then registered, and the attribute `Name` tells which.
 */
import type { Sighting } from '../../../contract/source.ts';
import { noQueue, QueueFailure, sightingOf, type Wanted, WayFailure } from './way.ts';

const ATTRIBUTES = ['Name', 'QueueSize', 'InFlightCount', 'EnqueueCount', 'DequeueCount'];

const encoded = (name: string): string =>
  name
    .replace(/[:,'"]/g, '_')
    .replaceAll('?', '&qe;')
    .replaceAll('=', '&amp;')
    .replaceAll('*', '&ast;');

const mbeanOf = ({ queueName, brokerName }: Wanted): string => {
  const broker = brokerName === undefined ? '*' : encoded(brokerName);
  return `org.apache.activemq:type=Broker,brokerName=${broker},destinationType=Queue,destinationName=${encoded(queueName)}`;
};

/** Jolokia's answer to one read. With a pattern as the name, `value` has the attributes of each MBean by its name. */
export interface Answer {
  readonly status?: number;
  readonly error?: string;
  readonly value?: unknown;
}
type Attributes = Readonly<Record<string, unknown>>;

export const questionAbout = (wanted: Wanted): object => ({
  type: 'read',
  mbean: mbeanOf(wanted),
  attribute: ATTRIBUTES,
});

const parsed = (text: string, url: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    const what = /^\s*</.test(text) ? 'with an HTML page' : 'with something other than JSON';
    throw new WayFailure(
      `${url} answered ${what}: is this Jolokia's address, and may the user see the web console?`,
    );
  }
};

/** @throws WayFailure where it is no answer of Jolokia's */
export const answersIn = (text: string, url: string, questions: number): readonly Answer[] => {
  const answers = parsed(text, url);
  if (Array.isArray(answers) && answers.length === questions) return answers as readonly Answer[];
  const { error } = (answers ?? {}) as Answer;
  throw new WayFailure(`${url} answered ${error ?? 'something else than was asked'}`);
};

export const isMissing = ({ status }: Answer): boolean => status === 404;

const attributesIn = (value: unknown, { brokerName }: Wanted, url: string): Attributes => {
  if (brokerName !== undefined) return (value ?? {}) as Attributes;
  const found = Object.entries((value ?? {}) as Readonly<Record<string, Attributes>>);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first[1];
  throw new WayFailure(
    `${url} shows several brokers: give one as brokerName (${found.map(([mbean]) => /brokerName=([^,]*)/.exec(mbean)?.[1]).join(', ')})`,
  );
};

export const sightingIn = (answer: Answer, wanted: Wanted, url: string, at: string): Sighting => {
  if (isMissing(answer)) return noQueue(wanted);
  if (answer.status !== 200) throw new QueueFailure(`${url} answered ${answer.error ?? answer.status}`);
  const seen = attributesIn(answer.value, wanted, url);
  if (seen['Name'] !== wanted.queueName)
    throw new QueueFailure(
      `${url} shows the queue ${seen['Name']}, whose MBean is called as that of ${wanted.queueName} would be: read it by the statistics plugin`,
    );
  const { QueueSize: size, InFlightCount: inFlight, EnqueueCount: enqueued, DequeueCount: dequeued } = seen;
  return sightingOf({ size, inFlight, enqueued, dequeued }, at);
};
