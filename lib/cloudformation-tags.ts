/**
 * The short forms of CloudFormation for the YAML reader: `!Ref Queue` is `{ Ref: Queue }`, `!GetAtt Queue.Arn` is `{ Fn::GetAtt: [Queue, Arn] }`,
 * and all others `{ Fn::…: … }`. To be given to it as `customTags`; in a file without them they do nothing.
 */
import {
  type CollectionTag,
  isCollection,
  type ParsedNode,
  type ScalarTag,
  type Tags,
  YAMLMap,
  YAMLSeq,
} from 'yaml';

const FUNCTIONS = [
  ...[
    'And',
    'Base64',
    'Cidr',
    'Contains',
    'Equals',
    'FindInMap',
    'ForEach',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
  ],
  ...['Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
] as const;

/** `Queue.Arn` → `[Queue, Arn]`; a nested stack's outputs have more dots. */
const attribute = (text: string): unknown => {
  const dot = text.indexOf('.');
  return dot < 0 ? text : [text.slice(0, dot), text.slice(dot + 1)];
};

const scalar = (short: string, long: string): ScalarTag => ({
  tag: `!${short}`,
  resolve: (text) => ({ [long]: short === 'GetAtt' ? attribute(text) : text }),
});

/** The reader has parsed the list or the map already, tags inside it included. */
const collection = (short: string, long: string, kind: 'seq' | 'map'): CollectionTag => ({
  tag: `!${short}`,
  collection: kind,
  resolve: (node) => {
    const whole = new YAMLMap();
    const inner = kind === 'seq' ? new YAMLSeq() : new YAMLMap();
    inner.items = node.items as never[];
    if (isCollection(node) && node.range) inner.range = node.range;
    whole.set(long, inner as unknown as ParsedNode);
    return whole;
  },
});

export const cloudFormationTags: Tags = [
  scalar('Ref', 'Ref'),
  scalar('Condition', 'Condition'),
  ...FUNCTIONS.flatMap((name) => [
    scalar(name, `Fn::${name}`),
    collection(name, `Fn::${name}`, 'seq'),
    collection(name, `Fn::${name}`, 'map'),
  ]),
];
