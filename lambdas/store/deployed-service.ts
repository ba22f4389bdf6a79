/**
 * One service of the deployed configuration, for decide, which is given whole services and needs this only where somebody
 * drives it alone. What a configuration is read with is a sixth of decide, so it is imported when it is needed and lies in a
 * file of its own (`build.ts`).
 */
import { anySource, keyOf, type Service } from '../contract/config.ts';
import { configInForce } from './deployed-config.ts';

/**
 * @param key `cluster/service`
 * @throws ConfigError when nothing was deployed, or is wrong
 */
export const deployedService = (key: string): Service | undefined =>
  configInForce(undefined, anySource).services.find((each) => keyOf(each) === key);
