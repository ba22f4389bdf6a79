/**
 * Application Auto Scaling on ECS services: a CloudFormation template (YAML, JSON, or what `cdk synth` writes), or what the AWS CLI prints of
 * scalable targets, scaling policies, scheduled actions and alarms, all of it in one object.
 *
 * Gotchas: a template names what only its deployment knows, which becomes `%(NAME)`. Nothing else in it is looked at. The bounds of a service are
 * with its target, so that policies alone are not enough.
 */
import { ConfigError } from '../errors.ts';
import { gather, isTheirs } from './application-auto-scaling/gather.ts';
import type { Reference } from './application-auto-scaling/references.ts';
import { serviceOf } from './application-auto-scaling/service.ts';
import type { Dialect, Translated, Written } from './dialect.ts';
import { type Book, inOrder, type Ledger, newBook, tellTheRest } from './ledger.ts';

const STRAY =
  'Its target, which has the bounds, is not in this file: put what aws application-autoscaling describe-scalable-targets prints into the same object, as ScalableTargets.';

const tellStray = (stray: Ledger, book: Book): void => {
  const namespace = stray.peek('ServiceNamespace') ?? 'ecs';
  if (namespace === 'ecs') book.problems.push({ path: stray.path(), message: STRAY });
  else stray.leaveOut(`It scales ${String(namespace)}, and is left out.`);
};

const translate = ({ name, documents }: Written): Translated => {
  const book = newBook();
  const references: Reference[] = [];
  const services = documents.flatMap((document, nth) => {
    if (!isTheirs(document)) return [];
    const { targets, strays } = gather(document, nth === 0 ? [] : [nth], book, references);
    const found = targets.flatMap((target) => serviceOf(target, book) ?? []);
    for (const stray of strays) tellStray(stray, book);
    for (const { read, policies, actions } of targets)
      for (const each of [read, ...policies.flatMap((policy) => [policy.read, ...policy.alarms]), ...actions])
        tellTheRest(each, book);
    return found;
  });
  const { differences, problems } = book;
  if (problems.length === 0 && services.length === 0)
    problems.push(...differences.map(({ path, why }) => ({ path, message: why })));
  if (problems.length > 0) throw new ConfigError(problems, `the scaling policies in ${name}`);
  const config = JSON.stringify(services);
  const open = references.filter(({ text }) => config.includes(text));
  const told = new Map(open.map(({ path, why }) => [`${path} ${why}`, { path, why }]));
  const all = [...differences, ...told.values()];
  return { config: { services }, differences: inOrder(all, documents) };
};

export const applicationAutoScaling: Dialect = {
  name: 'Application Auto Scaling',
  recognises: ({ documents }) => documents.some(isTheirs),
  translate,
};
