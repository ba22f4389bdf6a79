/**
 * One JSON line per event, the same keys from every room. `LOG_LEVEL` decides what is written: changes are INFO, trouble
 * is WARN or ERROR, a *hold* is DEBUG, so that a quiet lane costs next to nothing in CloudWatch Logs.
 *
 * Gotcha: Powertools keeps the key `service` for itself (here it is the room) and drops any other, so records are logged
 * whole, under a key of their own.
 */
import { Logger } from '@aws-lambda-powertools/logger';

export type Room = 'lease' | 'collect' | 'decide' | 'apply';

export const logger = (room: Room): Logger => new Logger({ serviceName: room });
