/**
 * What the functions of a CloudFormation template come to: the text itself where the template says it (a name that is written out, the default of a
 * parameter), else `%(NAME)` for what only a deployment knows.
 */
import { pathOf, type Steps } from '../../path.ts';
import type { Difference } from '../dialect.ts';
import type { Book } from '../ledger.ts';
import { isPlaceholder, placeholder, variableOf } from '../placeholder.ts';
import { type Fields, isObject } from '../values.ts';

/** Which property says what `Ref` or an attribute of a resource comes to. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::ECS::Cluster': { Ref: 'ClusterName' },
  'AWS::ECS::Service': { Name: 'ServiceName' },
  'AWS::SQS::Queue': { QueueName: 'QueueName' },
};

const PSEUDO: Readonly<Record<string, string>> = { Partition: 'aws', URLSuffix: 'amazonaws.com' };

const sectionOf = (template: Fields, section: string, name: string): Fields => {
  const all = template[section];
  const one = isObject(all) && Object.hasOwn(all, name) ? all[name] : undefined;
  return isObject(one) ? one : {};
};

/** A difference that counts if its text comes into the configuration. */
export interface Reference extends Difference {
  readonly text: string;
}

/**
 * @param references gets what only the deployment knows
 * @returns a function that resolves what stands at some steps of the template
 */
export const resolverOf = (template: Fields, book: Book, references: Reference[]) => {
  const resolve = (value: unknown, steps: Steps): unknown => {
    const told = (text: string): string => {
      const name = /%\((\w+)\)/.exec(text)?.[1];
      const why = `Only the deployment knows it: set ${name} where the rooms run, or write the value in place of ${text}.`;
      references.push({ path: pathOf(steps), why, text });
      return text;
    };

    const named = (logicalId: string, attribute: string): unknown => {
      if (logicalId.startsWith('AWS::')) {
        const pseudo = logicalId.slice('AWS::'.length);
        return pseudo === 'NoValue' ? undefined : (PSEUDO[pseudo] ?? told(placeholder('AWS', pseudo)));
      }
      const parameter = sectionOf(template, 'Parameters', logicalId);
      const isLookedUp = String(parameter['Type']).startsWith('AWS::SSM::');
      if (parameter['Default'] !== undefined && !isLookedUp) {
        book.differences.push({
          path: pathOf(steps),
          why: `The default of the parameter ${logicalId}: a deployment may say otherwise.`,
        });
        return parameter['Default'];
      }
      const { Type: type, Properties: properties } = sectionOf(template, 'Resources', logicalId);
      const key = NAMES[String(type)]?.[attribute];
      const name = key !== undefined && isObject(properties) ? properties[key] : undefined;
      const text = name === undefined ? undefined : resolve(name, steps);
      if (typeof text === 'string') return text;
      return told(attribute === 'Ref' ? placeholder(logicalId) : placeholder(logicalId, attribute));
    };

    const byDots = (text: string): unknown => {
      const [logicalId = '', ...attribute] = text.split('.');
      return named(logicalId, attribute.join('.') || 'Ref');
    };

    const substituted = (text: string, own: Fields): string =>
      text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
        if (literal !== '') return `\${${name}}`;
        return String(Object.hasOwn(own, name) ? resolve(own[name], steps) : byDots(name));
      });

    const call = (name: string, given: unknown): unknown => {
      const list: readonly unknown[] = Array.isArray(given) ? given : [given];
      const [first, second] = list;
      switch (name) {
        case 'Ref':
          return named(String(given), 'Ref');
        case 'Fn::GetAtt':
          return typeof given === 'string' ? byDots(given) : named(String(first), list.slice(1).join('.'));
        case 'Fn::Sub':
          return substituted(String(first), isObject(second) ? second : {});
        case 'Fn::Join':
          return Array.isArray(second)
            ? second.map((each) => String(resolve(each, steps))).join(String(first))
            : told(placeholder('JOINED'));
        case 'Fn::Select': {
          const from = resolve(second, steps);
          return Array.isArray(from)
            ? from[Number(first)]
            : told(placeholder(String(from).replace(/^%\((.*)\)$/, '$1'), String(first)));
        }
        case 'Fn::Split': {
          const whole = String(resolve(second, steps));
          return isPlaceholder(whole) ? whole : whole.split(String(first));
        }
        case 'Fn::If':
          book.differences.push({
            path: pathOf(steps),
            why: `The condition ${String(first)} is not worked out: what holds if it is true is taken.`,
          });
          return resolve(second, steps);
        case 'Fn::ImportValue':
          return told(placeholder(variableOf(String(resolve(first, steps)))));
        default:
          return told(
            placeholder(
              ...steps
                .filter((step) => typeof step === 'string')
                .slice(-1)
                .map(String),
            ),
          );
      }
    };

    if (Array.isArray(value))
      return value.map((each, nth) => resolve(each, [...steps, nth])).filter((each) => each !== undefined);
    if (!isObject(value)) return value;
    const [[key, given] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) return call(key, given);
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, resolve(each, [...steps, name])]),
    );
  };
  return resolve;
};
