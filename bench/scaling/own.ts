/** A configuration that somebody brings to the bench: a whole one, one service, or a policy and nothing else. */
import { basename } from 'node:path';
import { anySource } from '../../lambdas/contract/config.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { readConfigFile } from '../../lib/config-file.ts';
import type { Own } from './contestants.ts';
import { TASKS } from './load.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names and source are the bench's own. */
const asService = ({ cluster: _, service: __, source: ___, sources: ____, ...given }: Fields): Fields =>
  given;

/** Whatever it is, as a configuration of one service. */
const wholeOf = (raw: Fields): { readonly loop?: unknown; readonly service: Fields } => {
  const { services, loop } = raw;
  if (Array.isArray(services) && isObject(services[0])) return { loop, service: asService(services[0]) };
  return { service: 'type' in raw ? { policy: raw } : asService(raw) };
};

/** @throws ConfigError with every problem, each with its place in the file where it has one */
export const ownOf = (file: string): { readonly name: string; readonly own: Own } => {
  const { raw, locate } = readConfigFile(file, process.env);
  if (!isObject(raw))
    throw new ConfigError(
      [{ path: '', message: 'expected a policy ({ type: … }), a service or services: […]' }],
      file,
    );
  const { loop, service } = wholeOf(raw);
  const names = { cluster: 'bench', service: 'bench', tasks: TASKS, source: { type: 'sqs' } };
  const whole = { ...(loop === undefined ? {} : { loop }), services: [{ ...names, ...service }] };
  try {
    const { interval } = parseConfig(whole, anySource, file).loop;
    return { name: basename(file), own: { service, interval } };
  } catch (thrown) {
    throw thrown instanceof ConfigError && 'services' in raw ? locate(thrown) : thrown;
  }
};
