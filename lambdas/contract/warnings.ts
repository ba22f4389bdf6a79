/** What is allowed in a configuration and should be seen by somebody each time it is loaded. */
import { isUnverified } from './access.ts';
import { type Config, keyOf, sourcesOf } from './config.ts';

/** What leaves a lane no password. */
const unverified = ({ services }: Config): readonly string[] =>
  services.flatMap((service, index) =>
    sourcesOf(service).flatMap((source, nth) => {
      if (!isUnverified(source)) return [];
      const place = service.sources === undefined ? 'source' : `sources[${nth}]`;
      return [
        `services[${index}].${place}.tls.verify is false: anybody on the way to this server can read what is sent, the password too; give its certificate as tls.ca instead`,
      ];
    }),
  );

/** Who keeps those awake that may sleep. A lane sleeps when all its services may. */
const sleepless = ({ services }: Config): readonly string[] => {
  if (services.every(({ idle }) => idle === undefined)) return [];
  return services.flatMap((service, index) => {
    const { idle, tasks } = service;
    const keepsAwake = (why: string) => [
      `services[${index}].idle: ${keyOf(service)} ${why}, so its lane never sleeps`,
    ];
    if (idle === undefined) return keepsAwake('has none and others do');
    return tasks.min > 0 ? keepsAwake(`keeps at least ${tasks.min} tasks`) : [];
  });
};

/** One sentence each, with its place: `services[0].source.tls.verify: …`. */
export const warningsIn = (config: Config): readonly string[] => [
  ...unverified(config),
  ...sleepless(config),
];
