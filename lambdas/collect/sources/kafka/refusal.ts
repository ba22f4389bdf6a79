/** What Kafka answers when it says no: a code, which here becomes a sentence with the remedy. */

/** An answer that says no, or none from one broker of several. The connection as a whole is good. Its message is for the operator. */
export class KafkaRefusal extends Error {
  override readonly name = 'KafkaRefusal';
}

/**
 * The login was refused after all. Kafka answers a wrong OAuth token with a hint and waits for the client to give up, kafkajs
 * takes that for a yes, and so it is the first real question that is told no.
 */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
}

/** The protocol's error codes that a reading can meet. */
export const Code = {
  none: 0,
  unknownTopic: 3,
  leaderNotAvailable: 5,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  topicDenied: 29,
  groupDenied: 30,
  notLoggedIn: 34,
} as const;

interface Asked {
  readonly topic: string;
  readonly group: string;
  /** The server, as people know it. */
  readonly server: string;
}

const NOT_YET: readonly number[] = [
  Code.leaderNotAvailable,
  Code.coordinatorLoading,
  Code.coordinatorNotAvailable,
  Code.notCoordinator,
];

/** One sentence, the remedy before what may be long: reasons are cut. @param code not {@link Code.none} */
export const whyRefused = (code: number, { topic, group, server }: Asked): string => {
  if (code === Code.unknownTopic)
    return `there is no topic ${topic}: check topic, or create it; where ACLs hide it allow Describe on it (${server})`;
  if (code === Code.invalidTopic) return `${topic} cannot be the name of a topic: check topic (${server})`;
  if (code === Code.topicDenied)
    return `topic ${topic} may not be looked at: allow Describe on it, with IAM kafka-cluster:DescribeTopic (${server})`;
  if (code === Code.groupDenied)
    return `consumer group ${group} may not be looked at: allow Describe on it, with IAM kafka-cluster:DescribeGroup (${server})`;
  if (NOT_YET.includes(code))
    return `nobody answers for group ${group} and topic ${topic} just now: an election, or a broker that is down; it is asked again at the next tick (Kafka error ${code}, ${server})`;
  return `topic ${topic} and group ${group} cannot be read: Kafka error ${code}, explained in its protocol guide (${server})`;
};
