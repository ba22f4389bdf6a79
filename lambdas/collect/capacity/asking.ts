/** One question to AWS about hosts. What fails says which IAM action it was and of what it was asked. */
import { explain } from '../../contract/aws-errors.ts';
import { nameOf } from '../../contract/errors.ts';

/** `cause`: what the client threw, or `undefined` where AWS answered and the answer is of no use. */
export class Unseen extends Error {
  override readonly name = 'Unseen';
  readonly error: string;

  constructor(why: string, error: string) {
    super(why);
    this.error = error;
  }
}

export const asking = async <T>(action: string, resource: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw new Unseen(explain(thrown, action, resource), nameOf(thrown));
  }
};
