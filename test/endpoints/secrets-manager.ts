/**
 * AWS Secrets Manager in its own wire format (AWS JSON 1.1 over HTTP), as far as the collect function may use it:
 * GetSecretValue. Unmodified SDK clients find it by {@link SecretsManager.env}.
 *
 * Gotcha: an SDK client looks at the environment when it is made, which is at the first secret of its region.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SecretsManager {
  /** For whoever should use this endpoint, credentials included. */
  readonly env: Readonly<Record<string, string>>;
  /** Stores a secret, or rotates it: what was there before can then be had as AWSPREVIOUS. */
  readonly set: (arn: string, value: string) => void;
  /** Stores bytes in place of text. */
  readonly setBinary: (arn: string, value: Uint8Array) => void;
  readonly remove: (arn: string) => void;
  /** From now on the caller's role lacks GetSecretValue on it. */
  readonly deny: (arn: string) => void;
  readonly allow: (arn: string) => void;
  /** Accepts requests and answers none of them, until it is called with false. */
  readonly silence: (silent?: boolean) => void;
  /** How often a secret was asked for, whatever the answer; without an ARN, all of them. */
  readonly calls: (arn?: string) => number;
  readonly close: () => Promise<void>;
}

interface Version {
  readonly VersionId: string;
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

interface Request {
  readonly SecretId?: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

type Answer = readonly [status: number, body: Readonly<Record<string, unknown>>];

const fault = (type: string, Message: string): Answer => [400, { __type: type, Message }];

/** `arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-AbCdEf` → `broker`. */
const nameIn = (arn: string): string => (arn.split(':')[6] ?? arn).replace(/-[A-Za-z0-9]{6}$/, '');

export const startSecretsManager = async (): Promise<SecretsManager> => {
  /** The newest version of each secret first. */
  const secrets = new Map<string, readonly Version[]>();
  const denied = new Set<string>();
  const calls = new Map<string, number>();
  let silent = false;

  const answerTo = ({ SecretId = '', VersionId, VersionStage = 'AWSCURRENT' }: Request): Answer => {
    calls.set(SecretId, (calls.get(SecretId) ?? 0) + 1);
    if (denied.has(SecretId))
      return fault(
        'AccessDeniedException',
        `User: arn:aws:sts::123456789012:assumed-role/collect/collect is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SecretId} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
      );
    const versions = secrets.get(SecretId);
    if (versions === undefined)
      return fault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    const stages = ['AWSCURRENT', 'AWSPREVIOUS'];
    const index = versions.findIndex((each, nth) =>
      VersionId === undefined ? stages[nth] === VersionStage : each.VersionId === VersionId,
    );
    const version = versions[index];
    if (version === undefined)
      return fault(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
      );
    const stage = stages[index];
    const VersionStages = stage === undefined ? [] : [stage];
    return [
      200,
      { ARN: SecretId, Name: nameIn(SecretId), CreatedDate: 1_763_812_800, VersionStages, ...version },
    ];
  };

  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (silent) return;
    const [status, answer] =
      request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue'
        ? answerTo(JSON.parse(body) as Request)
        : fault('UnknownOperationException', 'only GetSecretValue is known here');
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const store = (arn: string, value: Omit<Version, 'VersionId'>): void => {
    secrets.set(arn, [{ VersionId: randomUUID(), ...value }, ...(secrets.get(arn) ?? [])]);
  };
  return {
    env: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    set: (arn, value) => store(arn, { SecretString: value }),
    setBinary: (arn, value) => store(arn, { SecretBinary: Buffer.from(value).toString('base64') }),
    remove: (arn) => void secrets.delete(arn),
    deny: (arn) => void denied.add(arn),
    allow: (arn) => void denied.delete(arn),
    silence: (whether = true) => {
      silent = whether;
    },
    calls: (arn) =>
      arn === undefined ? [...calls.values()].reduce((sum, each) => sum + each, 0) : (calls.get(arn) ?? 0),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
