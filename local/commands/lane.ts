/** `pulsescale start|pause|resume|status`: a deployed lane, seen and steered through its S3 object. */

import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { readLease } from '../../lambdas/store/lease-object.ts';
import { loadConfigFile } from '../../lib/config-file.ts';
import { setPaused } from '../lane.ts';

interface LaneFlags {
  readonly bucket: string;
  readonly lane: string;
  readonly region?: string;
}

const storeOf = async ({ bucket, region }: LaneFlags): Promise<LeaseStore> => {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return { bucket, s3: new S3Client(region === undefined ? {} : { region }) };
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const pauseCommand = async (flags: LaneFlags): Promise<void> => {
  const changed = await setPaused(await storeOf(flags), flags.lane, true);
  say(
    changed
      ? `lane ${flags.lane} is paused: nothing is changed from now on`
      : `lane ${flags.lane} was paused already`,
  );
};

export const resumeCommand = async (flags: LaneFlags): Promise<void> => {
  const changed = await setPaused(await storeOf(flags), flags.lane, false);
  say(
    changed
      ? `lane ${flags.lane} goes on within a minute, or at once with: pulsescale start`
      : `lane ${flags.lane} was not paused`,
  );
};

export const statusCommand = async (flags: LaneFlags & { readonly json?: boolean }): Promise<void> => {
  const store = await storeOf(flags);
  const found = await readLease(store, flags.lane);
  if ('missing' in found)
    throw new Error(
      `there is no lane ${flags.lane} in bucket ${flags.bucket}: it has never been started, or has another name`,
    );
  if ('unreadable' in found)
    throw new Error(`the object of lane ${flags.lane} is not a lease: ${found.unreadable}`);
  const { lease } = found;
  const alive = Date.parse(lease.expiresAt) > Date.now();
  if (!alive || lease.paused) process.exitCode = 1;
  if (flags.json) return say(JSON.stringify(lease, null, 2));
  say(
    `lane ${flags.lane}: ${lease.paused ? 'paused' : alive ? 'ticking' : 'not ticking'}, term ${lease.term}`,
  );
  say(`  held by ${lease.owner} until ${lease.expiresAt}, memory saved at ${lease.savedAt ?? 'never'}`);
  for (const [key, { desired, lastOut, lastIn, unknownSince }] of Object.entries(lease.memory)) {
    const parts = [
      `${desired ?? '?'} tasks`,
      ...(lastOut === undefined ? [] : [`last scale-out ${lastOut.at}`]),
      ...(lastIn === undefined ? [] : [`last scale-in ${lastIn.at}`]),
      ...(unknownSince === undefined ? [] : [`unknown since ${unknownSince}`]),
    ];
    say(`  ${key}: ${parts.join(', ')}`);
  }
};

/** `arn:aws:states:REGION:…`: a state machine is where its ARN says. */
const regionOf = (arn: string): { readonly region?: string } => {
  const region = arn.split(':')[3];
  return region === undefined || region === '' ? {} : { region };
};

export const startCommand = async (flags: {
  readonly stateMachine: string;
  readonly config?: string;
}): Promise<void> => {
  const config =
    flags.config === undefined ? undefined : loadConfigFile(flags.config, sourceSchema, process.env);
  const { SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn');
  const command = new StartExecutionCommand({
    stateMachineArn: flags.stateMachine,
    input: JSON.stringify(config === undefined ? {} : { config, takeOver: true }),
  });
  const { executionArn } = await new SFNClient(regionOf(flags.stateMachine)).send(command);
  say(`started ${executionArn}`);
};
