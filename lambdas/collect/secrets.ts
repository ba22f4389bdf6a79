/**
 * Secrets in options: what they name by ARN is filled in when a connection is made, and the values are kept out of
 * every reason.
 */
import { readFileSync } from 'node:fs';
import { type SecretReference, secretsIn } from '../contract/access.ts';
import { fetchAgain, type Moment, SecretError, textOf } from './secret-texts.ts';

/** What has been handed out, so that no error text repeats it. */
const values = new Set<string>();

const objectIn = (text: string): Readonly<Record<string, unknown>> | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};

/** Plain text as it is; of a JSON object the named key, else the one that is called as the option is. */
const valueIn = (text: string, { name, arn, key }: SecretReference): string => {
  const object = objectIn(text);
  if (object === undefined) {
    if (key === undefined) return text;
    throw new SecretError(
      `the secret ${arn} is no JSON object, and ${key} in it was asked for: store a JSON object, or leave the key off the ARN`,
    );
  }
  const wanted = key ?? name;
  const value = Object.hasOwn(object, wanted) ? object[wanted] : undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const keys = Object.keys(object).join(', ') || 'no keys at all';
  const there = value === undefined ? 'not among them' : 'neither text nor a number';
  throw new SecretError(
    `the secret ${arn} has ${keys}, and ${wanted} is ${there}: name the key as ${arn}:KEY::, or store one called ${wanted}`,
  );
};

type Values = Readonly<Record<string, string>>;

const valuesOf = async (options: unknown, at: number, signal: AbortSignal): Promise<Values> =>
  Object.fromEntries(
    await Promise.all(
      secretsIn(options).map(async (reference) => {
        const value = valueIn(await textOf(reference, at, signal), reference);
        values.add(value);
        return [reference.name, value] as const;
      }),
    ),
  );

/** What may stand as a path is read here, so that a source only ever sees the certificates. */
const withCertificates = <T extends object>(options: T): T => {
  const { tls } = options as { tls?: { ca?: string } };
  const ca = tls?.ca;
  if (ca === undefined || !ca.startsWith('/')) return options;
  return { ...options, tls: { ...tls, ca: readFileSync(ca, 'utf8') } };
};

/**
 * The options as `connect` takes them: `passwordSecret` has become `password`, a path of certificates the certificates.
 *
 * @param at milliseconds since 1970: the tick
 * @throws SecretError with the remedy
 */
export const withSecrets = async <T>(options: T, at: number, signal: AbortSignal): Promise<T> =>
  withCertificates({ ...options, ...(await valuesOf(options, at, signal)) } as T & object);

/**
 * Looks whether other secrets than those that a server refused are to be had: another reading may have fetched them already, else
 * they are fetched again.
 *
 * @param refused the options with the secrets filled in that did not help
 * @returns whether another try makes sense
 */
export const renewed = async (
  options: unknown,
  refused: unknown,
  moment: Moment,
  signal: AbortSignal,
): Promise<boolean> => {
  const references = secretsIn(options);
  const differ = async (): Promise<boolean> =>
    Object.entries(await valuesOf(options, moment.at, signal)).some(
      ([name, value]) => (refused as Values)[name] !== value,
    );
  if (references.length === 0) return false;
  if (await differ()) return true;
  await Promise.all(references.map((reference) => fetchAgain(reference, moment, signal)));
  return differ();
};

/** A text with a secret in it replaced, also as it looks in an address, in a form and in quotes. */
export const withoutValue = (text: string, value: string, by: string): string => {
  if (value === '') return text;
  const encoded = value.isWellFormed() ? [encodeURI(value), encodeURIComponent(value)] : [];
  const inForm = new URLSearchParams([['', value]]).toString().slice(1);
  const quoted = JSON.stringify(value).slice(1, -1);
  return [value, ...encoded, inForm, quoted].reduce((clean, form) => clean.replaceAll(form, by), text);
};

/** A text without the secrets that have been handed out. Of one that begins another the longer goes first, or its rest would stay. */
export const withoutSecrets = (text: string): string =>
  [...values]
    .toSorted((a, b) => b.length - a.length)
    .reduce((clean, value) => withoutValue(clean, value, '***'), text);
