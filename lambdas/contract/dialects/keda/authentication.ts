/**
 * A TriggerAuthentication: where the parameters of a trigger come from. None of their values is ever looked at. What Kubernetes keeps
 * becomes `%(NAME)`, a variable that somebody sets where collect runs; what AWS Secrets Manager keeps becomes the ARN that a source takes.
 */
import type { Ledger } from '../ledger.ts';
import { placeholder, variableOf } from '../placeholder.ts';

export interface Parameter {
  /** `%(NAME)`. */
  readonly text: string;
  /** In place of `text`, where it is in Secrets Manager. */
  readonly arn?: string;
  /** Where it is written. */
  readonly entry: Ledger;
}

export type Parameters = ReadonlyMap<string, Parameter>;

/** The lists that name one parameter each, and vaults, each with such a list in `secrets`. */
const LISTS: readonly string[] = [
  ...['env', 'secretTargetRef', 'configMapTargetRef', 'filePath', 'boundServiceAccountToken'],
  ...['awsSecretManager', 'hashiCorpVault', 'azureKeyVault', 'gcpSecretManager'],
];

const isVault = (list: string): boolean => /(Manager|Vault)$/.test(list);

const HINT =
  'For a password, passwordSecret with the ARN of a secret in AWS Secrets Manager is better: a variable is readable in the console.';

const NO_POD =
  'There is no pod here: sources are read with the role of the collect function, to which the construct gives what they need.';

const fromSecretsManager = (entry: Ledger, parameter: string): Omit<Parameter, 'entry'> => {
  const name = entry.text('name') ?? parameter;
  const key = entry.text('secretKey');
  entry.ignore('version');
  const isArn = name.startsWith('arn:');
  const arn = isArn ? name : placeholder(name, 'arn');
  if (!isArn)
    entry.note(
      'name',
      `A source takes the ARN of a secret, and here is its name: write the ARN in place of ${arn}, or set that variable to it.`,
    );
  return { text: placeholder(name, key ?? ''), arn: key === undefined ? arn : `${arn}:${key}::` };
};

const fromElsewhere = (entry: Ledger, parameter: string, list: string): Omit<Parameter, 'entry'> => {
  const name = entry.text('name');
  const key = entry.text('key');
  entry.ignore('path', 'id', 'version', 'serviceAccountName', 'containerName');
  const text =
    list === 'env' ? `%(${name ?? variableOf(parameter)})` : placeholder(name ?? '', key ?? parameter);
  const there = list === 'env' ? 'a variable of the container' : `${list}, which only Kubernetes can read`;
  entry.note(
    'parameter',
    `There from ${there}; here ${text.slice(2, -1)}, to be set where collect runs. ${HINT}`,
  );
  return { text };
};

/** @param spec of a TriggerAuthentication */
export const parametersOf = (spec: Ledger): Parameters => {
  if (spec.has('podIdentity')) spec.tell('podIdentity', NO_POD);
  return new Map(
    LISTS.flatMap((list) => {
      const entries = isVault(list) ? spec.at(list).each('secrets') : spec.each(list);
      return entries.map((entry): [string, Parameter] => {
        const parameter = entry.text('parameter') ?? '';
        const where =
          list === 'awsSecretManager'
            ? fromSecretsManager(entry, parameter)
            : fromElsewhere(entry, parameter, list);
        return [parameter, { ...where, entry }];
      });
    }),
  );
};

/** Says of every parameter that no source has taken that it is without an equivalent. */
export const tellUnused = (parameters: Parameters, used: ReadonlySet<Parameter>): void => {
  for (const [name, parameter] of parameters)
    if (!used.has(parameter))
      parameter.entry.note('parameter', `"${name}" has no equivalent here and is left out.`);
};
