/**
 * KEDA with its aws-sqs-queue scaler and the HPA that it makes. Every 30 s KEDA itself looks whether anything is there, and steps between 0
 * and 1; from 1 on, the HPA asks KEDA for the number of messages every 15 s.
 *
 * Gotchas that are kept: messages in flight count (`scaleOnInFlight` is true), so 5 for each task means one at work and four that wait;
 * from 0 it goes to max(1, min), never to the computed count; to 0 it goes in one step from any count, 300 s after the last look at
 * which anything was there; a service that was never active is stopped at the first look.
 *
 * Which of the two acts first at a common second is nowhere written: here the HPA meets the first task at its next look.
 */
import type { Controller } from '../../../local/simulation/controller.ts';
import type { Parameters, Peer, Setting } from '../peer.ts';
import { type Behaviour, DEFAULTS, hpa } from './keda/hpa.ts';

const SYNC_SECONDS = 15;
const POLL_SECONDS = 30;

const documented = { queueLength: 5, activation: 0, cooldown: 300, inWindow: 300, outPercent: 100 };

const behaviourOf = ({ inWindow, outPercent }: typeof documented): Behaviour => ({
  out: {
    ...DEFAULTS.out,
    policies: DEFAULTS.out.policies.map((each) =>
      each.kind === 'percent' ? { ...each, value: outPercent } : each,
    ),
  },
  in: { ...DEFAULTS.in, windowSeconds: inWindow },
});

const create = (parameters: Parameters, { tasks: { min, max } }: Setting): Controller => {
  const options = { ...documented, ...parameters };
  const replicas = hpa(options.queueLength, behaviourOf(options), { min: Math.max(1, min), max });
  let lastActive = Number.NEGATIVE_INFINITY;
  return {
    every: SYNC_SECONDS,
    decide: ({ t, desired, visible, inFlight }) => {
      const messages = visible + inFlight;
      if (t % POLL_SECONDS === 0) {
        const active = messages > options.activation;
        if (active) lastActive = t;
        if (active && desired === 0) return Math.max(1, min);
        if (!active && min === 0 && desired > 0 && t - lastActive >= options.cooldown) return 0;
      }
      return desired === 0 ? undefined : replicas(t, desired, messages);
    },
  };
};

/** How many messages a task works off within the wait target: of this, quarters are worth a try. */
const queueLengths = ({ target, meanWork }: Setting): readonly number[] => {
  const inTarget = target / meanWork;
  const tried = [1, 2, 5, 10, 20, inTarget / 4, inTarget / 2, inTarget].map((each) =>
    Math.max(1, Math.round(each)),
  );
  return [...new Set(tried)].sort((a, b) => a - b);
};

export const keda: Peer = {
  name: 'KEDA + HPA',
  rule: 'every 15 s: messages ÷ 5, 10 % tolerance; out +4 or ×2 per 15 s, in to the highest of 300 s',
  source:
    'kedacore/keda pkg/scalers/aws_sqs_queue_scaler.go, pkg/scaling/executor/scale_scaledobjects.go; kubernetes/kubernetes pkg/controller/podautoscaler',
  defaults: () => documented,
  grid: (setting) => ({ queueLength: queueLengths(setting), inWindow: [0, 60, 300], outPercent: [100, 900] }),
  create,
};
