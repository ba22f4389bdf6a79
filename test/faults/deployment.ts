/** What is deployed on the stage: one lane of one to three services on queues, quick enough for a story of some minutes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anySource, type Config, configSchema } from '../../lambdas/contract/config.ts';
import { queueUrlOf } from './queues.ts';

export interface Deployment {
  readonly config: Config;
  /** Where the handlers find it. */
  readonly file: string;
  readonly remove: () => void;
}

/** Messages for which a service is given one task. */
export const PER_TASK = 10;

const NAMES = ['orders', 'mails', 'images'];

/** @param idle seconds after which the lane may sleep; its services then go down to 0 tasks, and as soon as they may */
export const deploy = (services: number, interval: number, cooldown = 20, idle?: number): Deployment => {
  const resting = idle === undefined ? {} : { idle: { after: idle }, emptyFor: 0 };
  const given = {
    loop: { name: 'main', interval },
    services: NAMES.slice(0, services).map((service, nth) => ({
      cluster: 'shop',
      service,
      tasks: { min: idle === undefined ? 1 : 0, max: 20 },
      source: { type: 'sqs', queueUrl: queueUrlOf(service) },
      policy: { type: 'target', backlogPerTask: PER_TASK },
      cooldown: { in: cooldown + 5 * nth },
      ...resting,
    })),
  };
  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-stage-'));
  const file = join(folder, 'pulsescale.json');
  writeFileSync(file, JSON.stringify(given));
  return {
    config: configSchema(anySource).parse(given),
    file,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
