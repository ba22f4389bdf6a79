/**
 * EC2 Auto Scaling in its own wire format (AWS Query), as a thin skin on the world, as far as the hosts of a cluster need it. Unmodified
 * SDK clients speak to it.
 */
import type { Server } from 'node:http';
import type { HostGroup, WorldHost } from '../world/state.ts';
import { setHosts, terminateHost, type World } from '../world.ts';
import { AwsFault } from './aws-json.ts';
import { awsQuery, type Element, type Form, membersOf } from './aws-query.ts';
import { autoScalingGroupArn, type EcsBackend, type HostsBackend } from './ecs/backend.ts';

const PAGE = 50;
const MOST_A_PAGE = 100;

const invalid = (message: string): AwsFault => new AwsFault('ValidationError', message);

const required = (form: Form, name: string): string => {
  const value = form.get(name);
  if (value === null)
    throw invalid(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
};

const paged = <T>(
  form: Form,
  items: readonly T[],
): { readonly page: readonly T[]; readonly next?: string } => {
  const size = Number(form.get('MaxRecords') ?? PAGE);
  if (!(size >= 1 && size <= MOST_A_PAGE))
    throw invalid(
      `1 validation error detected: Value '${size}' at 'maxRecords' failed to satisfy constraint: Member must have value between 1 and ${MOST_A_PAGE}`,
    );
  const start = Number(form.get('NextToken') ?? 0);
  const end = start + size;
  return { page: items.slice(start, end), ...(end < items.length && { next: String(end) }) };
};

const groupsOf = (hosts: HostsBackend | undefined): readonly HostGroup[] =>
  hosts?.world().capacity?.groups ?? [];

const instance = (host: WorldHost): Element => ({
  InstanceId: host.id,
  InstanceType: host.type,
  AvailabilityZone: 'us-east-1a',
  LifecycleState: host.status === 'PENDING' ? 'Pending' : 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: host.protectedFromScaleIn,
});

const described = (hosts: HostsBackend, world: World, group: HostGroup): Element => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: autoScalingGroupArn(group.name),
  ...{ MinSize: group.min, MaxSize: group.max, DesiredCapacity: group.desired },
  ...{ DefaultCooldown: 300, HealthCheckType: 'EC2', HealthCheckGracePeriod: 0 },
  AvailabilityZones: ['us-east-1a'],
  Instances: (world.capacity?.hosts ?? []).filter((host) => host.group === group.name).map(instance),
  NewInstancesProtectedFromScaleIn: group.protectedFromScaleIn,
  SuspendedProcesses: (hosts.suspended?.(group.name) ?? []).map((ProcessName) => ({
    ProcessName,
    SuspensionReason: 'User suspended',
  })),
  CreatedTime: '2026-01-01T00:00:00Z',
});

const find = (hosts: HostsBackend | undefined, form: Form): readonly [HostsBackend, HostGroup] => {
  const name = required(form, 'AutoScalingGroupName');
  const group = groupsOf(hosts).find((each) => each.name === name);
  if (hosts === undefined || group === undefined)
    throw invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return [hosts, group];
};

const setDesiredCapacity = (backend: HostsBackend | undefined, form: Form): Element => {
  const [hosts, { name, min, max }] = find(backend, form);
  const desired = Number(required(form, 'DesiredCapacity'));
  if (desired > max)
    throw invalid(
      `New SetDesiredCapacity value ${desired} is above max value ${max} for the AutoScalingGroup.`,
    );
  if (desired < min)
    throw invalid(
      `New SetDesiredCapacity value ${desired} is below min value ${min} for the AutoScalingGroup.`,
    );
  hosts.change((world) => setHosts(world, name, desired));
  return undefined;
};

const terminateInstance = (hosts: HostsBackend | undefined, form: Form): Element => {
  const id = required(form, 'InstanceId');
  const decrement = required(form, 'ShouldDecrementDesiredCapacity') === 'true';
  const host = hosts?.world().capacity?.hosts.find((each) => each.id === id);
  const group = groupsOf(hosts).find(({ name }) => name === host?.group);
  if (hosts === undefined || group === undefined)
    throw invalid(`Instance Id not found - No managed instance found for instance ID ${id}`);
  const { desired, min, name } = group;
  if (decrement && desired <= min)
    throw invalid(
      `Currently, desiredSize equals minSize (${min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  hosts.change((world) => terminateHost(world, id, decrement));
  return {
    Activity: {
      ActivityId: `terminate-${id}`,
      AutoScalingGroupName: name,
      Cause: 'instance was taken out of service in response to a user request',
      StartTime: new Date().toISOString(),
      StatusCode: 'InProgress',
      Description: `Terminating EC2 instance: ${id}`,
    },
  };
};

const describeRefreshes = (backend: HostsBackend | undefined, form: Form): Element => {
  const [hosts, { name }] = find(backend, form);
  const { page, next } = paged(form, hosts.refreshes?.(name) ?? []);
  const refreshes = page.map((Status, nth) => ({
    InstanceRefreshId: `refresh-${nth}`,
    AutoScalingGroupName: name,
    Status,
  }));
  return { InstanceRefreshes: refreshes, NextToken: next };
};

/** @returns the server, not yet listening */
export const autoScalingEndpoint = ({ hosts, count }: Pick<EcsBackend, 'hosts' | 'count'>): Server => {
  const counted =
    (api: string, act: (form: Form) => Element) =>
    (form: Form): Element => {
      count(`autoscaling:${api}`);
      return act(form);
    };
  const actions = {
    DescribeAutoScalingGroups: (form: Form): Element => {
      const names = membersOf(form, 'AutoScalingGroupNames');
      const asked = groupsOf(hosts).filter(({ name }) => names.length === 0 || names.includes(name));
      const { page, next } = paged(form, asked);
      const shown = hosts === undefined ? [] : page.map((group) => described(hosts, hosts.world(), group));
      return { AutoScalingGroups: shown, NextToken: next };
    },
    SetDesiredCapacity: (form: Form) => setDesiredCapacity(hosts, form),
    TerminateInstanceInAutoScalingGroup: (form: Form) => terminateInstance(hosts, form),
    DescribeInstanceRefreshes: (form: Form) => describeRefreshes(hosts, form),
  };
  return awsQuery(Object.fromEntries(Object.entries(actions).map(([api, act]) => [api, counted(api, act)])));
};
