/**
 * Targets, policies, scheduled actions and alarms, wherever they come from: the resources of a template, or what `aws application-autoscaling
 * describe-…` and `aws cloudwatch describe-alarms` print. Both call nearly everything alike, so that one reader does for the two.
 */
import { pathOf, type Steps } from '../../path.ts';
import { type Book, type Ledger, ledgerOf } from '../ledger.ts';
import { type Fields, isObject } from '../values.ts';
import { type Reference, resolverOf } from './references.ts';

export interface Policy {
  readonly read: Ledger;
  /** What alarms and other resources call it. */
  readonly id: string;
  readonly alarms: readonly Ledger[];
}

export interface Target {
  readonly read: Ledger;
  readonly policies: readonly Policy[];
  readonly actions: readonly Ledger[];
}

/** One of them before it is known what belongs to what. */
interface Piece {
  readonly id: string;
  readonly value: Fields;
  readonly steps: Steps;
  /** Of a template. */
  readonly condition?: unknown;
}

const TYPES = {
  targets: 'AWS::ApplicationAutoScaling::ScalableTarget',
  policies: 'AWS::ApplicationAutoScaling::ScalingPolicy',
  alarms: 'AWS::CloudWatch::Alarm',
} as const;

const LISTS = { targets: 'ScalableTargets', policies: 'ScalingPolicies', alarms: 'MetricAlarms' } as const;

const resourcesIn = (document: Fields): Fields =>
  isObject(document['Resources']) ? document['Resources'] : {};

/** Certain: these types and these lists are nobody else's. */
export const isTheirs = (document: unknown): document is Fields => {
  if (!isObject(document)) return false;
  const lists = [LISTS.targets, LISTS.policies].some((key) => Array.isArray(document[key]));
  const types = Object.values(resourcesIn(document)).map((each) =>
    isObject(each) ? each['Type'] : undefined,
  );
  return lists || types.some((type) => type === TYPES.targets || type === TYPES.policies);
};

const CONDITION = 'The condition is not worked out: what it is for is taken over as if it were true.';

const piecesIn = (document: Fields, kind: keyof typeof TYPES, steps: Steps): readonly Piece[] => {
  const listed = document[LISTS[kind]];
  const printed = (Array.isArray(listed) ? listed : []).map((item: unknown, nth) => {
    const value: Fields = isObject(item) ? item : {};
    const id = String(value['PolicyARN'] ?? value['AlarmName'] ?? nth);
    return { id, value, steps: [...steps, LISTS[kind], nth] };
  });
  const declared = Object.entries(resourcesIn(document)).flatMap(([id, resource]) => {
    if (!isObject(resource) || resource['Type'] !== TYPES[kind]) return [];
    const properties = isObject(resource['Properties']) ? resource['Properties'] : {};
    return [
      {
        id,
        value: properties,
        steps: [...steps, 'Resources', id, 'Properties'],
        condition: resource['Condition'],
      },
    ];
  });
  return [...printed, ...declared];
};

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';

/** Every logical ID in it stands in quotes, in Ref and Fn::GetAtt alike. */
const mentions = (value: unknown, id: string): boolean => textOf(value).includes(JSON.stringify(id));

export interface Gathered {
  readonly targets: readonly Target[];
  /** Of no target in the file. */
  readonly strays: readonly Ledger[];
}

export const gather = (document: Fields, steps: Steps, book: Book, references: Reference[]): Gathered => {
  const resolve = resolverOf(document, book, references);
  const read = (piece: Piece): Ledger => {
    if (piece.condition !== undefined)
      book.differences.push({ path: pathOf([...piece.steps.slice(0, -1), 'Condition']), why: CONDITION });
    return ledgerOf(resolve(piece.value, piece.steps), piece.steps, book);
  };
  const of = (kind: keyof typeof TYPES) => piecesIn(document, kind, steps);
  const alarms = of('alarms');
  const policies = of('policies').map((piece) => {
    const names = Array.isArray(piece.value['Alarms']) ? piece.value['Alarms'] : [];
    const isOwn = ({ value, id }: Piece): boolean =>
      mentions(value['AlarmActions'], piece.id) || names.some((each) => mentions(each, id));
    const isStep = piece.value['StepScalingPolicyConfiguration'] !== undefined;
    const ledger = read(piece);
    return { piece, read: ledger, id: piece.id, alarms: isStep ? alarms.filter(isOwn).map(read) : [] };
  });
  const printed: readonly unknown[] = Array.isArray(document['ScheduledActions'])
    ? document['ScheduledActions']
    : [];
  const actions = printed.map((value, nth) => ledgerOf(value, [...steps, 'ScheduledActions', nth], book));
  const targets = of('targets').map((piece) => {
    const ledger = read(piece);
    const resource = textOf(ledger.peek('ResourceId'));
    const isSame = (other: Ledger): boolean => textOf(other.peek('ResourceId')) === resource;
    return {
      read: ledger,
      policies: policies.filter(
        (policy) => mentions(policy.piece.value['ScalingTargetId'], piece.id) || isSame(policy.read),
      ),
      actions: [...ledger.each('ScheduledActions'), ...actions.filter(isSame)],
    };
  });
  const owned = new Set(targets.flatMap((target) => target.policies));
  return { targets, strays: policies.filter((each) => !owned.has(each)).map((each) => each.read) };
};
