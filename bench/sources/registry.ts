/** Every source that is measured. */
import type { SourceCase } from './case.ts';
import { sqs } from './sqs.ts';

export const cases: readonly SourceCase[] = [sqs];
