import { type Config, keyOf, type Service } from '../contract/config.ts';
import { substitute } from '../contract/substitute.ts';

/**
 * The services of a configuration by `cluster/service`, as they are called in AWS. A name that cannot be resolved is collect's to report: its
 * service holds, and the others go on.
 */
export const servicesIn = ({ services }: Config): ReadonlyMap<string, Service> =>
  new Map(
    services.flatMap((each) => {
      try {
        const { cluster, service } = each;
        const named = { ...each, ...substitute({ cluster, service }, process.env) };
        return [[keyOf(named), named] as const];
      } catch {
        return [];
      }
    }),
  );
