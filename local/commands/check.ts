/** `pulsescale check`: is this configuration right, and what does it mean? */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { keyOf, sourcesOf } from '../../lambdas/contract/config.ts';
import { warningsIn } from '../../lambdas/contract/warnings.ts';
import { loadConfigFile } from '../../lib/config-file.ts';

export const checkCommand = (file: string, { json }: { readonly json?: boolean }): void => {
  const config = loadConfigFile(file, sourceSchema, process.env);
  for (const warning of warningsIn(config)) process.stderr.write(`warning: ${warning}\n`);
  if (json) {
    process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
    return;
  }
  const { name, interval } = config.loop;
  const lines = config.services.map((service) => {
    const { min, max } = service.tasks;
    const sources = sourcesOf(service).map(({ type }) => type);
    const policies = (service.policies ?? [service.policy]).map((policy) => policy?.type);
    const scaleIn = service.disableScaleIn ? ', scale-in off' : '';
    return `  ${keyOf(service)}: ${min} to ${max} tasks, ${policies.join(' + ')} on ${sources.join(' + ')}${scaleIn}`;
  });
  process.stdout.write(`${file} is right: lane ${name}, a tick every ${interval} s\n${lines.join('\n')}\n`);
};
