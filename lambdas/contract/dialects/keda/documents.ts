/** The Kubernetes objects of a file: its documents, and those that `kubectl get -o yaml` puts into one List. */
import type { Steps } from '../../path.ts';
import type { Written } from '../dialect.ts';
import { type Fields, isObject } from '../values.ts';

/** One object and where it stands; paths in the first document are without its number, like those of a file with only one. */
export interface Manifest {
  readonly kind: string;
  readonly name: string;
  /** What is applied without one goes where kubectl is told; it counts as this. */
  readonly namespace: string;
  readonly value: Fields;
  readonly steps: Steps;
}

const isKeda = (value: Fields): boolean => String(value['apiVersion']).startsWith('keda.sh/');

export const manifestsIn = ({ documents }: Pick<Written, 'documents'>): readonly Manifest[] => {
  const open = (value: unknown, steps: Steps): readonly Manifest[] => {
    if (!isObject(value)) return [];
    const { kind, items, metadata } = value;
    if (kind === 'List' && Array.isArray(items))
      return items.flatMap((item, nth) => open(item, [...steps, 'items', nth]));
    const of = (key: string, usual: string) =>
      isObject(metadata) && typeof metadata[key] === 'string' ? metadata[key] : usual;
    const named = { name: of('name', ''), namespace: of('namespace', 'default') };
    return [{ kind: String(kind), ...named, value, steps }];
  };
  return documents.flatMap((document, nth) => open(document, nth === 0 ? [] : [nth]));
};

/** What the cluster itself writes into an object's metadata, and what names it: it says nothing of a count. */
export const IDENTITY = [
  ...['name', 'labels', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'finalizers'],
  ...['managedFields', 'ownerReferences', 'selfLink'],
] as const;

export const isScaledObject = ({ kind, value }: Manifest): boolean =>
  kind === 'ScaledObject' && isKeda(value);

export const isAuthentication = ({ kind, value }: Manifest): boolean =>
  /^(Cluster)?TriggerAuthentication$/.test(kind) && isKeda(value);
