/** What Kafka answers when it says no: a code, which here becomes a sentence with the remedy. */

/** An answer that says no, or none from one broker of several. The connection as a whole is good. Its message is for the operator. */
export class KafkaRefusal extends Error {
  override readonly name = 'KafkaRefusal';
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

/** One sentence. @param code not {@link Code.none} */
export const whyRefused = (code: number, { topic, group, server }: Asked): string => {
  if (code === Code.unknownTopic)
    return `there is no topic ${topic} in ${server}: check topic, or create it; where ACLs hide what may not be seen, allow Describe on it`;
  if (code === Code.invalidTopic) return `${topic} is no name that ${server} takes for a topic: check topic`;
  if (code === Code.topicDenied)
    return `${server} denies a look at topic ${topic}: allow Describe on it (with IAM kafka-cluster:DescribeTopic)`;
  if (code === Code.groupDenied)
    return `${server} denies a look at consumer group ${group}: allow Describe on it (with IAM kafka-cluster:DescribeGroup)`;
  if (NOT_YET.includes(code))
    return `${server} is electing who answers for topic ${topic} and group ${group} (Kafka error ${code}): it is asked again at the next tick`;
  return `${server} answered for topic ${topic} and group ${group} with Kafka error ${code}: see the list of error codes in Kafka's protocol guide`;
};
