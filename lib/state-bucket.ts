import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Leases and memories: `lanes/<lane>/lease.json`, one small object per lane. */
export const LANES = 'lanes/*';

/** What stood in a lease's place and was none: `corrupt/<lane>/<time>.json`. */
export const CORRUPT = 'corrupt/*';

/** Where fast-autoscaler keeps its last actions. */
export const PREVIOUS_STATE = 'autoscaling-state/*';

/**
 * The bucket with every lane's lease and memory.
 *
 * It outlives its stack by default: CloudFormation can't delete a bucket that has objects, so DESTROY would fail
 * unless a further function with the right to delete everything emptied it first. It also holds who is paused and the
 * cooldowns. Not versioned: every tick with a change overwrites the lease, and only the last one has a meaning.
 */
export const stateBucket = (scope: Construct, id: string, removalPolicy = RemovalPolicy.RETAIN): Bucket => {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: false,
    removalPolicy,
    lifecycleRules: [
      { id: 'uploads-that-never-ended', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      // Never the lease itself: a lane that lost it would start again with empty cooldowns.
      { id: 'leases-put-aside', prefix: CORRUPT.slice(0, -1), expiration: Duration.days(30) },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would need a second bucket; this one holds counts and times only, and each change is in the function log.',
  });
  return bucket;
};
