/** `activemq`: the size of a queue in Jolokia, what is in flight included; 10 for one replica by default. */
import { isPlaceholder } from '../placeholder.ts';
import { type Load, type Reader, type Trigger, thresholds, waitingOrInFlight } from './trigger.ts';

const TEMPLATE =
  /^(?<scheme>https?):\/\/(?<place>[^/]+)\/.*brokerName=(?<broker>[^,]+).*destinationName=(?<queue>[^/,]+)/;

/** What `restAPITemplate` says; `{{.ManagementEndpoint}}` and the like are left to the options of that name. */
const templateOf = ({ metadata }: Trigger) => {
  const template = metadata.text('restAPITemplate');
  if (template === undefined) return {};
  const { scheme, place, broker, queue } = TEMPLATE.exec(template)?.groups ?? {};
  if (scheme === undefined)
    metadata.note(
      'restAPITemplate',
      'Another path than that of Jolokia has no equivalent: the queue is asked for at /api/jolokia.',
    );
  const written = (text: string | undefined) => (text?.includes('{{') === true ? undefined : text);
  return { scheme, place: written(place), broker: written(broker), queue: written(queue) };
};

export const activemq: Reader = (trigger): Load => {
  const { metadata } = trigger;
  const { scheme = 'http', place, broker, queue } = templateOf(trigger);
  if (metadata.has('corsHeader'))
    metadata.tell('corsHeader', 'Not needed: Origin is always sent, with the address of the endpoint.');
  const endpoint = place ?? trigger.required('managementEndpoint', 'host:port of the web console');
  const brokerName = broker ?? trigger.text('brokerName');
  return {
    source: {
      type: 'activemq',
      endpoints: [isPlaceholder(endpoint) ? endpoint : `${scheme}://${endpoint}`],
      queueName: queue ?? trigger.required('destinationName', 'the name of the queue'),
      via: ['jolokia'],
      ...(brokerName === undefined ? {} : { brokerName }),
      ...trigger.secret('username'),
      ...trigger.secret('password'),
    },
    measured: waitingOrInFlight,
    ...thresholds(trigger, 'targetQueueSize', 10, 'activationTargetQueueSize'),
  };
};
