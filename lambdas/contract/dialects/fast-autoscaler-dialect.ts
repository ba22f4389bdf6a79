/** fast-autoscaler for whoever loads a configuration. Apart from `fast-autoscaler.ts`, because the Lambdas read it too and need no differences. */
import type { Steps } from '../path.ts';
import type { Dialect, Translated } from './dialect.ts';
import { configOf, isPayload, TELLING, unwrapped } from './fast-autoscaler.ts';
import { differencesIn } from './fast-autoscaler-differences.ts';
import { isServerlessEcsScalers } from './serverless-ecs-scaler.ts';
import { type Environment, settingsIn } from './settings.ts';
import type { Fields } from './values.ts';
import { isSet, variablesOf } from './variables.ts';

const translated = (payload: Fields | undefined, place: Steps, env: Environment): Translated => {
  const config = configOf(payload, place, env);
  return { config, differences: differencesIn(settingsIn(payload, place, env, [])) };
};

/** Variables that are set are those of Serverless ECS Scaler, which has SQS_QUEUE_URL as well. */
const areOurs = (env: Environment): boolean => isSet(env, TELLING) && !isServerlessEcsScalers(env);

export const fastAutoscaler: Dialect = {
  name: 'fast-autoscaler',
  recognises: (written) => {
    const variables = variablesOf(written);
    if (variables !== undefined) return areOurs(variables);
    return written.documents.length === 1 && isPayload(written.documents[0]);
  },
  translate: (written, env) => {
    const variables = variablesOf(written);
    if (variables !== undefined) return translated(undefined, [], variables);
    const { payload, place } = unwrapped(written.documents[0] as Fields);
    return translated(payload, place, env);
  },
  fromEnvironment: (env) => (areOurs(env) ? translated(undefined, [], env) : undefined),
};
