/** What people and the platform do to a lane besides calls that go wrong; each is written into the recording. */
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type LeaseStore, leaseKey } from '../../lambdas/store/lease-object.ts';
import type { Recorder } from './recorder.ts';
import type { Services } from './services.ts';
import type { SkippingClock } from './skipping-clock.ts';

export interface Disturbances {
  /** Puts a text in place of the lane's object; without one, deletes it. */
  readonly damage: (text?: string) => Promise<void>;
  /** Somebody else deletes a service, makes it again, or sets its count; the first one unless said. */
  readonly removeService: (key?: string) => void;
  readonly addService: (desired: number, key?: string) => void;
  readonly setDesired: (desired: number, key?: string) => void;
}

/** @param first the key of the service that is meant unless another is named */
export const createDisturbances = (
  { s3, bucket }: LeaseStore,
  services: Services,
  clock: SkippingClock,
  { recording, note }: Recorder,
  first = '',
): Disturbances => ({
  damage: async (text) => {
    note(text === undefined ? "the lane's object is deleted" : "the lane's object is overwritten");
    const object = { Bucket: bucket, Key: leaseKey(recording.lane) };
    if (text === undefined)
      recording.leases.push({ time: clock.now(), key: object.Key, text: '', by: 'story' });
    await clock.hold(
      text === undefined
        ? s3.send(new DeleteObjectCommand(object))
        : s3.send(new PutObjectCommand({ ...object, Body: Buffer.from(text) })),
    );
  },
  removeService: (key = first) => {
    note(`service ${key} is deleted`);
    services.remove(key);
  },
  addService: (desired, key = first) => {
    note(`service ${key} is made with ${desired} tasks`);
    services.add(key, desired);
  },
  setDesired: (desired, key = first) => {
    note(`somebody sets ${key} to ${desired}`);
    services.set(key, desired);
  },
});
