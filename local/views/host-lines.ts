/** What the terminal says of the EC2 hosts of a cluster: what is to become of them, and how full they are. */
import type { CapacityDecision } from '../../lambdas/contract/capacity.ts';
import type { HostsEvent } from '../events.ts';
import { plain, type Span } from './line.ts';

/** More hosts than this are only counted. */
const mostDrawn = 40;

/** From empty to full; a share is what is short, CPU or memory. */
const fills = '▁▂▃▄▅▆▇█';

type Host = HostsEvent['hosts'][number];

const nameOf = (cluster: string): string => plain(cluster.slice(cluster.lastIndexOf('/') + 1));

const fillOf = ({ cpu, memory }: Host): number => Math.min(1, Math.max(cpu, memory));

/** One sign a host: its fill, `v` for one that is drained, `.` for one that is coming. */
const signOf = (host: Host): string => {
  if (host.status === 'PENDING') return '.';
  if (host.status === 'DRAINING') return 'v';
  return fills[Math.round(fillOf(host) * (fills.length - 1))] ?? '';
};

/** What two looks must share to say the same. */
export function looksAlike(a: HostsEvent | undefined, b: HostsEvent): boolean {
  const look = ({ desired, hosts }: HostsEvent) =>
    JSON.stringify([desired, hosts.map(({ id, status, tasks }) => [id, status, tasks])]);
  return a !== undefined && look(a) === look(b);
}

/** `ec2  ▆▆▃..  3 of 5 hosts, 2 coming, 78 % of the memory and 52 % of the CPU reserved`. */
export function hostsLine({ cluster, desired, hosts }: HostsEvent): readonly Span[] {
  const count = (status: Host['status']): number => hosts.filter((host) => host.status === status).length;
  const [coming, draining] = [count('PENDING'), count('DRAINING')];
  const active = hosts.filter(({ status }) => status === 'ACTIVE');
  const mean = (of: (host: Host) => number): string =>
    `${Math.round((100 * active.reduce((sum, host) => sum + of(host), 0)) / active.length)} %`;
  const facts = [
    `${hosts.length - coming} of ${desired} hosts`,
    ...(coming > 0 ? [`${coming} coming`] : []),
    ...(draining > 0 ? [`${draining} draining`] : []),
    ...(active.length > 0
      ? [`${mean(({ memory }) => memory)} memory, ${mean(({ cpu }) => cpu)} CPU reserved`]
      : []),
  ];
  return [
    { text: `${nameOf(cluster)}  ` },
    { text: hosts.length > mostDrawn ? '' : `${hosts.map(signOf).join('')}  `, style: 'cyan' },
    { text: facts.join(', '), style: 'dim' },
  ];
}

/** The reason is the change itself. */
const steps = new Set(['drain', 'terminate']);

/** `ec2 2 -> 5 hosts, placement: 6 tasks find no room`; `ec2 drain 1: i-0abc: what is on it fits on another host`. */
export function hostsChange({ cluster, from, to, drain, terminate, reasons }: CapacityDecision): string {
  const changes = [
    ...(from === to ? [] : [`${from} -> ${to} hosts`]),
    ...(drain.length > 0 ? [`drain ${drain.length}`] : []),
    ...(terminate.length > 0 ? [`terminate ${terminate.length}`] : []),
  ];
  const change = [nameOf(cluster), changes.join(', ')].filter((part) => part !== '').join(' ');
  const last = reasons.at(-1);
  if (last === undefined) return change;
  const isStep = changes.length === 0 || steps.has(last.by);
  return plain(isStep ? `${change}: ${last.why}` : `${change}, ${last.by}: ${last.why}`);
}
