import { behavesAsASource, type Subject } from './behaviour.ts';
import { startStreams } from './kinesis/streams.ts';

const SHARDS = 2;

const start = async (): Promise<Subject> => {
  const streams = await startStreams();
  return {
    options: (streamName) => ({ type: 'kinesis', streamName, application: `${streamName}-worker` }),
    create: async (stream) => {
      await streams.create(stream, SHARDS);
      for (const shardId of await streams.shardIds(stream))
        streams.lease(`${stream}-worker`, shardId, 'TRIM_HORIZON');
    },
    send: async (stream, messages) => {
      await streams.put(stream, messages);
    },
    server: streams.server,
    close: streams.close,
  };
};

behavesAsASource({
  name: 'kinesis by a lease table',
  start,
  // The SDK finds its endpoint in the environment, when the client is made; another region is another client.
  at: (options, host, port) => {
    process.env['AWS_ENDPOINT_URL_KINESIS'] = `http://${host}:${port}`;
    return { ...options, region: 'eu-west-1' };
  },
  missing: /there is no lease table nowhere-worker: application must be the name of the KCL application/,
  expected: (waiting) => ({ visible: waiting, parallelism: SHARDS }),
  oddNames: ['a.b_c-1'],
  pooled: true,
  without: {
    inFlight: 'what is not checkpointed still waits',
    password: 'AWS credentials',
    tls: "the SDK's own",
  },
});
