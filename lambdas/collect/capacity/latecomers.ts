/**
 * Instances that run and never join the cluster: an agent that does not start, a wrong cluster name in the user data. Whoever waited for
 * them would wait for ever, with tasks that find no host. Nobody tells when an instance was launched, so it counts from when
 * this process saw it first; a new process waits once more.
 */
const LATE_MS = 600_000;

const firstSeen = new Map<string, ReadonlyMap<string, number>>();

/**
 * @param group whose instances these are
 * @param outside its running instances that are not in the cluster now
 * @param now milliseconds of any clock that goes on evenly
 * @returns those that have been outside for ten minutes
 */
export const latecomers = (group: string, outside: readonly string[], now: number): readonly string[] => {
  const before = firstSeen.get(group);
  const since = new Map(outside.map((id) => [id, before?.get(id) ?? now]));
  firstSeen.set(group, since);
  return outside.filter((id) => now - (since.get(id) ?? now) >= LATE_MS);
};
