/** A service to scale, given as CDK objects or as names, and its translation into our configuration. */
import type { IBaseService, ICluster, IService } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type * as z from 'zod';
import type { AnySource, anySource, configSchema } from '../lambdas/contract/config.ts';

/** A configuration as one writes it: the shape of the configuration file. */
export type PulseConfig = z.input<ReturnType<typeof configSchema<typeof anySource>>>;
type ServiceConfig = PulseConfig['services'][number];

/** How the load of a service is read: a queue of this app, or a source as in the configuration file. */
export type LoadSource = IQueue | AnySource;

/**
 * A service to scale. Everything that is not a name is as in the configuration file: `tasks`, `policy` or `policies`,
 * `cooldown`, `disableScaleIn`.
 */
export interface ScaledService extends Omit<ServiceConfig, 'cluster' | 'service' | 'source' | 'sources'> {
  /** The service, or its name. */
  readonly service: IService | string;
  /**
   * The cluster of the service: an object, a name or an ARN. One that only deployment knows must be a name.
   *
   * @default - the cluster that the service object knows
   */
  readonly cluster?: ICluster | string;
  /**
   * The queue that is its backlog.
   *
   * @default - `source` or `sources`
   */
  readonly queue?: LoadSource;
  /**
   * The same as `queue`, under the name of the configuration file.
   *
   * @default - `queue` or `sources`
   */
  readonly source?: LoadSource;
  /**
   * Several queues or other sources: the highest answer wins.
   *
   * @default - `queue` or `source`
   */
  readonly sources?: readonly LoadSource[];
}

const isQueue = (source: LoadSource): source is IQueue => 'queueArn' in source;
const isService = (service: ScaledService['service']): service is IService => typeof service !== 'string';

/** What the configuration file would say; tokens are still inside. */
const sourceConfigOf = (source: LoadSource): AnySource =>
  isQueue(source) ? { type: 'sqs', queueUrl: source.queueUrl } : source;

const clusterOf = ({ cluster, service }: ScaledService): string | undefined => {
  const given = cluster ?? (isService(service) ? (service as Partial<IBaseService>).cluster : undefined);
  return typeof given === 'object' ? given.clusterName : given;
};

/** A service in the shape of the configuration file. What is missing or given twice is left for `parseConfig` to tell. */
export const serviceConfigOf = (scaled: ScaledService): Readonly<Record<string, unknown>> => {
  const { service, cluster: _, queue, source, sources, ...rest } = scaled;
  const cluster = clusterOf(scaled);
  const one = queue ?? source;
  const several = queue !== undefined && source !== undefined ? [source] : sources;
  return {
    ...(cluster === undefined ? {} : { cluster }),
    service: isService(service) ? service.serviceName : service,
    ...rest,
    ...(one === undefined ? {} : { source: sourceConfigOf(one) }),
    ...(several === undefined ? {} : { sources: several.map(sourceConfigOf) }),
  };
};

/** The queues among the sources, which know their ARN better than their URL does. */
export const queuesOf = ({ queue, source, sources = [] }: ScaledService): readonly IQueue[] =>
  [queue, source, ...sources].filter((each) => each !== undefined).filter(isQueue);

/** The ARN that a service object knows; `undefined` for a name. */
export const knownArnOf = ({ service }: ScaledService): string | undefined =>
  isService(service) ? service.serviceArn : undefined;
