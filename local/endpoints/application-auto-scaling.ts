/**
 * Application Auto Scaling in its own wire format (AWS JSON 1.1), as far as the loop asks it: DescribeScalableTargets, answered from the
 * targets that somebody has set, with the limits of the real one. Unmodified SDK clients speak to it.
 */
import type { Server } from 'node:http';
import { AwsFault, awsJson } from './aws-json.ts';

/** A target on a service: `service/<cluster>/<service>`. */
export interface ScalableTarget {
  readonly resourceId: string;
  readonly min: number;
  readonly max: number;
  /** All kinds of scaling are suspended. */
  readonly suspended?: boolean;
}

export interface ScalableTargets {
  readonly scalableTargets?: () => readonly ScalableTarget[];
  /** Called with `application-autoscaling:<Action>` for each request. */
  readonly count: (api: string) => void;
}

interface Request {
  readonly ServiceNamespace?: string;
  readonly ScalableDimension?: string;
  readonly ResourceIds?: readonly string[];
}

const DIMENSION = 'ecs:service:DesiredCount';

/** A page of the real one. */
const MOST_TARGETS = 50;

const described = ({ resourceId, min, max, suspended = false }: ScalableTarget) => ({
  ServiceNamespace: 'ecs',
  ResourceId: resourceId,
  ScalableDimension: DIMENSION,
  MinCapacity: min,
  MaxCapacity: max,
  SuspendedState: {
    DynamicScalingInSuspended: suspended,
    DynamicScalingOutSuspended: suspended,
    ScheduledScalingSuspended: suspended,
  },
});

const describeScalableTargets = (targets: readonly ScalableTarget[], request: Request) => {
  const { ServiceNamespace, ScalableDimension = DIMENSION, ResourceIds } = request;
  if (ServiceNamespace === undefined)
    throw new AwsFault(
      'ValidationException',
      "Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
    );
  const found = targets.filter(
    ({ resourceId }) =>
      ServiceNamespace === 'ecs' &&
      ScalableDimension === DIMENSION &&
      (ResourceIds === undefined || ResourceIds.includes(resourceId)),
  );
  // What does not fit is left out with a token for the rest, as there; nobody here asks for the rest.
  const isMore = found.length > MOST_TARGETS;
  return {
    ScalableTargets: found.slice(0, MOST_TARGETS).map(described),
    ...(isMore ? { NextToken: 'more' } : {}),
  };
};

/** @returns the server, not yet listening */
export const applicationAutoScalingEndpoint = ({ scalableTargets, count }: ScalableTargets): Server =>
  awsJson('1.1', {
    DescribeScalableTargets: (input) => {
      count('application-autoscaling:DescribeScalableTargets');
      return describeScalableTargets(scalableTargets?.() ?? [], input as Request);
    },
  });
