/** How each API says no, in its own wire format and with its own error codes. */
import type { Api } from './fault.ts';

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export type Refused = 'error' | 'throttle' | 'deny' | 'garbage';

type Codes = Readonly<Record<Exclude<Refused, 'garbage'>, readonly [status: number, code: string]>>;

const S3: Codes = {
  error: [500, 'InternalError'],
  throttle: [503, 'SlowDown'],
  deny: [403, 'AccessDenied'],
};
const ECS: Codes = {
  error: [500, 'ServerException'],
  throttle: [400, 'ThrottlingException'],
  deny: [400, 'AccessDeniedException'],
};
const SQS: Codes = {
  error: [500, 'InternalFailure'],
  throttle: [400, 'ThrottlingException'],
  deny: [403, 'AccessDenied'],
};
const SNS: Codes = {
  error: [500, 'InternalError'],
  throttle: [429, 'Throttled'],
  deny: [403, 'AuthorizationError'],
};
const CODES: Readonly<Record<string, Codes>> = { s3: S3, ecs: ECS, sqs: SQS, sns: SNS };

const MESSAGE = 'injected';

const bodyOf = (service: string, code: string): readonly [type: string, body: string] => {
  if (service === 's3')
    return [
      'application/xml',
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${MESSAGE}</Message></Error>`,
    ];
  if (service === 'sns')
    return [
      'text/xml',
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${MESSAGE}</Message></Error></ErrorResponse>`,
    ];
  return ['application/x-amz-json-1.1', JSON.stringify({ __type: code, message: MESSAGE })];
};

/** What API says in place of an answer. Garbage comes with status 200 and the usual type, as from a proxy that knows no better. */
export const refusalOf = (api: Api, how: Refused): Refusal => {
  const service = api.split(':')[0] ?? '';
  if (how === 'garbage') return { status: 200, type: bodyOf(service, '')[0], body: '<html>welcome</html>' };
  const [status, code] = (CODES[service] ?? ECS)[how];
  const [type, body] = bodyOf(service, code);
  return { status, type, body };
};

/** The error by which Step Functions would see a function, or StartExecution, that could not be had. */
export const errorNameOf = (api: Api, how: 'refuse' | 'error' | 'throttle' | 'deny' | 'lost'): string => {
  const isFunction = api.startsWith('lambda:');
  const names = {
    refuse: isFunction ? 'Lambda.SdkClientException' : 'StepFunctions.SdkClientException',
    error: isFunction ? 'Lambda.ServiceException' : 'StepFunctions.InternalServerException',
    throttle: isFunction ? 'Lambda.TooManyRequestsException' : 'StepFunctions.ThrottlingException',
    deny: isFunction ? 'Lambda.AWSLambdaException' : 'StepFunctions.AccessDeniedException',
    lost: isFunction ? 'Lambda.SdkClientException' : 'StepFunctions.SdkClientException',
  };
  return names[how];
};
