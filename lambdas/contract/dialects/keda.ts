/**
 * KEDA: ScaledObjects of `keda.sh/v1alpha1` with the TriggerAuthentications they name, as they are applied or as `kubectl get -o yaml` prints them.
 * Every ScaledObject becomes a service. Read against the documentation of KEDA 2.21.
 *
 * Gotchas: a Secret in the file is never looked into. A ScaledJob starts one Job for so many messages, which no service does. The
 * objects of Kubernetes around it (a Deployment, say) are listed as left out.
 */
import { ConfigError } from '../errors.ts';
import { pathOf } from '../path.ts';
import type { Dialect, Translated, Written } from './dialect.ts';
import { type Parameter, type Parameters, parametersOf, tellUnused } from './keda/authentication.ts';
import { IDENTITY, isAuthentication, isScaledObject, type Manifest, manifestsIn } from './keda/documents.ts';
import { serviceOf } from './keda/scaled-object.ts';
import { type Book, inOrder, ledgerOf, newBook, tellTheRest } from './ledger.ts';

/** Those of a whole cluster are in no namespace. */
const keyOf = (kind: string, namespace: string, name: string): string =>
  kind.startsWith('Cluster') ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;

const authenticationsIn = (manifests: readonly Manifest[], book: Book): ReadonlyMap<string, Parameters> =>
  new Map(
    manifests.filter(isAuthentication).map((manifest) => {
      const { kind, name, namespace, value, steps } = manifest;
      const object = ledgerOf(value, steps, book);
      object.ignore('apiVersion', 'kind', 'status');
      object.at('metadata').ignore(...IDENTITY, 'namespace', 'annotations');
      return [keyOf(kind, namespace, name), parametersOf(object.at('spec'))];
    }),
  );

const tellOthers = (manifests: readonly Manifest[], book: Book): void => {
  for (const { kind, name, value, steps } of manifests) {
    const why =
      kind === 'ScaledJob'
        ? `ScaledJob "${name}" has no equivalent: a service has tasks that stay, not one for each piece of work.`
        : `${kind} "${name}" is left out: only ScaledObjects and their TriggerAuthentications are read.`;
    book.differences.push({ path: pathOf([...steps, 'kind']), why });
    for (const key of Object.keys(value)) book.read.add(pathOf([...steps, key]));
  }
};

const translate = (written: Written): Translated => {
  const book = newBook();
  const manifests = manifestsIn(written);
  const objects = manifests.filter(isScaledObject);
  const authentications = authenticationsIn(manifests, book);
  const used = new Set<Parameter>();
  const services = objects.flatMap(({ value, steps, namespace }) => {
    const object = ledgerOf(value, steps, book);
    const service = serviceOf(
      object,
      (kind, name) => authentications.get(keyOf(kind, namespace, name)),
      used,
    );
    if (service === undefined)
      object.note('spec', 'No trigger of it has an equivalent, so the service is left out.');
    return service === undefined ? [] : [service];
  });
  tellOthers(
    manifests.filter((each) => !isScaledObject(each) && !isAuthentication(each)),
    book,
  );
  for (const parameters of authentications.values()) tellUnused(parameters, used);
  written.documents.forEach((value, nth) => {
    const whole = ledgerOf(value, nth === 0 ? [] : [nth], book);
    // Of a List; of all others they have been read.
    whole.ignore('apiVersion', 'kind');
    if (!whole.has('spec')) whole.at('metadata').ignore(...IDENTITY);
    tellTheRest(whole, book);
  });
  const { differences, problems } = book;
  if (problems.length === 0 && services.length === 0)
    problems.push(
      ...differences
        .filter(({ path }) => /triggers/.test(path))
        .map(({ path, why }) => ({ path, message: why })),
    );
  if (problems.length > 0) throw new ConfigError(problems, `the ScaledObjects in ${written.name}`);
  return { config: { services }, differences: inOrder(differences, written.documents) };
};

export const keda: Dialect = {
  name: 'KEDA ScaledObject',
  recognises: (written) => manifestsIn(written).some(isScaledObject),
  translate,
};
