/** `pulsescale start`: the deployed loop, started now and not by its schedule. */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { parseRead, readConfigFile } from '../../lib/config-file.ts';
import { translationNotice } from '../../lib/translation-notice.ts';
import { say } from './lane-flags.ts';

/** `arn:aws:states:REGION:…`: a state machine is where its ARN says. */
const regionOf = (arn: string): { readonly region?: string } => {
  const region = arn.split(':')[3];
  return region === undefined || region === '' ? {} : { region };
};

const configAt = (path: string) => {
  const read = readConfigFile(path, process.env);
  const notice = translationNotice(read, path);
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
  return parseRead(read, sourceSchema);
};

export const startCommand = async (flags: {
  readonly stateMachine: string;
  readonly config?: string;
}): Promise<void> => {
  const config = flags.config === undefined ? undefined : configAt(flags.config);
  const { SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn');
  const command = new StartExecutionCommand({
    stateMachineArn: flags.stateMachine,
    input: JSON.stringify(config === undefined ? {} : { config, takeOver: true }),
  });
  const { executionArn } = await new SFNClient(regionOf(flags.stateMachine)).send(command);
  say(`started ${executionArn}`);
};
