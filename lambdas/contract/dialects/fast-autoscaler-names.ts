/** What fast-autoscaler calls its settings: the variable and the key of a payload. */
import type { Name } from './settings.ts';

export const NAMES = {
  queueType: { variable: 'QUEUE_TYPE', key: 'queue_type' },
  queue: { key: 'queue_config' },
  cluster: { variable: 'ECS_CLUSTER', key: 'cluster_name' },
  service: { variable: 'SERVICE_NAME', key: 'service_name' },
  min: { variable: 'MIN_TASKS', key: 'min_tasks' },
  max: { variable: 'MAX_TASKS', key: 'max_tasks' },
  up: { variable: 'SCALE_UP_THRESHOLD', key: 'scale_up_threshold' },
  down: { variable: 'SCALE_DOWN_THRESHOLD', key: 'scale_down_threshold' },
  outCooldown: { variable: 'SCALE_OUT_COOLDOWN', key: 'scale_out_cooldown' },
  inCooldown: { variable: 'SCALE_IN_COOLDOWN', key: 'scale_in_cooldown' },
  stepCount: { variable: 'SCALING_STEP_COUNT', key: 'scaling_step_count' },
  perMessage: { variable: 'TASKS_PER_MESSAGE', key: 'tasks_per_message' },
  factor: { variable: 'MAX_SCALE_DOWN_FACTOR', key: 'max_scale_down_factor' },
  combined: { variable: 'USE_COMBINED_MESSAGES', key: 'use_combined_messages' },
  bucket: { variable: 'S3_CONFIG_BUCKET', key: 's3_config_bucket' },
  // AWS_REGION is left out: every AWS client reads it by itself, and in a Lambda it is where the function runs, not
  // where the queue is.
  region: { key: 'region' },
  // Known and of no use here: AWS_PROFILE says the same to every AWS client.
  profile: { key: 'sso_profile' },
} as const satisfies Record<string, Name>;
