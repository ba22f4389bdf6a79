import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { cloudFormationTags } from '../../lib/cloudformation-tags.ts';

test.each([
  ['!Ref Queue', { Ref: 'Queue' }],
  ['!Condition IsProduction', { Condition: 'IsProduction' }],
  ['!GetAtt Queue.QueueName', { 'Fn::GetAtt': ['Queue', 'QueueName'] }],
  ['!GetAtt Nested.Outputs.Cluster', { 'Fn::GetAtt': ['Nested', 'Outputs.Cluster'] }],
  ['!GetAtt [Queue, QueueName]', { 'Fn::GetAtt': ['Queue', 'QueueName'] }],
  ['!Sub service/${Cluster}/web', { 'Fn::Sub': 'service/${Cluster}/web' }],
  ['!Sub ["a-${b}", { b: !Ref C }]', { 'Fn::Sub': ['a-${b}', { b: { Ref: 'C' } }] }],
  [
    '!Join ["/", [service, !Ref Cluster, !GetAtt Web.Name]]',
    { 'Fn::Join': ['/', ['service', { Ref: 'Cluster' }, { 'Fn::GetAtt': ['Web', 'Name'] }]] },
  ],
  ['!If [IsProduction, 20, !Ref Few]', { 'Fn::If': ['IsProduction', 20, { Ref: 'Few' }] }],
  ['!Transform { Name: AWS::Include }', { 'Fn::Transform': { Name: 'AWS::Include' } }],
])('%s is its long form', (short, long) =>
  expect(parse(`value: ${short}`, { customTags: cloudFormationTags })).toEqual({ value: long }),
);

test('a file without them is read as before', () => {
  const text = 'a: "!Ref Queue"\nb: { c: [1, two, true, null, 2026-01-01] }\n';
  expect(parse(text, { customTags: cloudFormationTags })).toEqual(parse(text));
});
