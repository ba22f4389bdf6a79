/** What the EC2 hosts of each cluster look like. */
import type { CapacitySample } from '../contract/capacity.ts';
import { type Config, capacitiesOf, type Service } from '../contract/config.ts';

export const capacitySamples = async (
  config: Config,
  _services: readonly Service[],
): Promise<readonly CapacitySample[]> =>
  capacitiesOf(config).map((capacity) => ({
    capacity,
    reading: { known: false, why: 'hosts are not read yet', error: 'Unknown' },
  }));
