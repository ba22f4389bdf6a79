/** `pulsescale start`: the deployed loop, started now and not by its schedule. */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { loadConfigFile } from '../../lib/config-file.ts';
import { say } from './lane-flags.ts';

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
