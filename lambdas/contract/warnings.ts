/** What is allowed in a configuration and should be seen by somebody each time it is loaded. */
import { isUnverified } from './access.ts';
import { type Config, sourcesOf } from './config.ts';

/** One sentence each, with its place: `services[0].source.tls.verify: …`. */
export const warningsIn = ({ services }: Config): readonly string[] =>
  services.flatMap((service, index) =>
    sourcesOf(service).flatMap((source, nth) => {
      if (!isUnverified(source)) return [];
      const place = service.sources === undefined ? 'source' : `sources[${nth}]`;
      return [
        `services[${index}].${place}.tls.verify is false: anybody on the way to this server can read what is sent, the password too; give its certificate as tls.ca instead`,
      ];
    }),
  );
