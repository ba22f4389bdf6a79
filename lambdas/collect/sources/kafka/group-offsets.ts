/**
 * OffsetFetch in its version 8, which takes many groups at once: Kafka 3.0 and later have it, kafkajs stops at version 4. A broker
 * answers a connection's requests one after the other, so the fifty groups of a tick would cost it fifty times as much as one.
 *
 * Source of the layout: Kafka's protocol guide, "OffsetFetch API (Key: 9)".
 */
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';

interface PartitionOffset {
  readonly partition: number;
  readonly errorCode: number;
  /** A whole number of up to 64 bits, as text; of a commit, `-1` is none. */
  readonly offset: string;
}

export interface Offsets {
  /** Of the answer as a whole; only committed offsets have it. */
  readonly errorCode?: number;
  readonly responses: readonly { readonly topic: string; readonly partitions: readonly PartitionOffset[] }[];
}

/** Partitions by topic. */
export type Partitions = ReadonlyMap<string, readonly number[]>;

/** By group. */
export type AskedGroups = ReadonlyMap<string, Partitions>;
export type GroupOffsets = ReadonlyMap<string, Offsets>;

export const OFFSET_FETCH = 9;
export const MANY_GROUPS_VERSION = 8;

const write = (to: Encoder, groups: AskedGroups): Encoder => {
  // Each structure ends with its tagged fields, of which there are none; so does the header before them.
  const end = () => to.writeUVarInt(0);
  end();
  to.writeUVarInt(groups.size + 1);
  for (const [group, topics] of groups) {
    to.writeUVarIntString(group).writeUVarInt(topics.size + 1);
    for (const [topic, partitions] of topics) {
      to.writeUVarIntString(topic).writeUVarInt(partitions.length + 1);
      for (const partition of partitions) to.writeInt32(partition);
      end();
    }
    end();
  }
  // No waiting for transactions to end: what is not committed is not done.
  to.writeBoolean(false);
  return end();
};

const readPartition = (from: Decoder): PartitionOffset => {
  const partition = from.readInt32();
  const offset = from.readInt64().toString();
  from.readInt32();
  from.readUVarIntString();
  const errorCode = from.readInt16();
  from.readTaggedFields();
  return { partition, offset, errorCode };
};

const readTopic = (from: Decoder): Offsets['responses'][number] => {
  const topic = from.readUVarIntString() ?? '';
  const partitions = from.readUVarIntArray(readPartition) ?? [];
  from.readTaggedFields();
  return { topic, partitions };
};

const readGroup = (from: Decoder): readonly [string, Offsets] => {
  const group = from.readUVarIntString() ?? '';
  const responses = from.readUVarIntArray(readTopic) ?? [];
  const errorCode = from.readInt16();
  from.readTaggedFields();
  return [group, { errorCode, responses }];
};

const read = (from: Decoder): GroupOffsets => {
  from.readTaggedFields();
  from.readInt32();
  return new Map(from.readUVarIntArray(readGroup) ?? []);
};

/** A question and its answer, in the form in which kafkajs has its own. */
export const groupOffsets = (
  groups: AskedGroups,
  {
    Encoder: NewEncoder,
    Decoder: NewDecoder,
  }: { readonly Encoder: typeof Encoder; readonly Decoder: typeof Decoder },
) => ({
  request: {
    apiKey: OFFSET_FETCH,
    apiVersion: MANY_GROUPS_VERSION,
    apiName: 'OffsetFetch',
    encode: async () => write(new NewEncoder(), groups),
  },
  decode: async (bytes: Buffer) => read(new NewDecoder(bytes)),
});
