import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { startEndpoints } from '../../local/endpoints/aws.ts';
import type { WorldService } from '../../local/world.ts';
import type { SourceCase } from './case.ts';

const serviceOf = (index: number): string => `web-${index}`;

/** Every service has one task, and all of them are the same nginx. */
const worldOf = (services: number): readonly WorldService[] =>
  Array.from({ length: services }, (_, index) => {
    const id = index.toString(16).padStart(32, '0');
    const task = { id, status: 'RUNNING', launchedAt: 0, startsAt: 0 } as const;
    return { cluster: 'bench', service: serviceOf(index), desired: 1, tasks: [task] };
  });

export const nginx: SourceCase = {
  name: 'nginx',
  server: 'nginx',
  open: async ({ port = 80 }, queues, network) => {
    const world = worldOf(queues);
    const endpoints = await startEndpoints({
      services: () => world,
      setDesired: () => undefined,
      count: () => undefined,
      addressOf: () => '127.0.0.1',
    });
    const ecs = await network.to(Number(new URL(endpoints.env.AWS_ENDPOINT_URL_ECS ?? '').port));
    Object.assign(process.env, endpoints.env, { AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${ecs}` });
    const nginxPort = await network.to(port);
    return {
      options: (index) => ({ type: 'nginx', cluster: 'bench', service: serviceOf(index), port: nginxPort }),
      bare: async () => {
        const bare = new ECSClient({});
        return {
          ask: async (index) => {
            await bare.send(new ListTasksCommand({ cluster: 'bench', serviceName: serviceOf(index) }));
            return (await fetch(`http://127.0.0.1:${nginxPort}/nginx_status`)).text();
          },
          close: () => bare.destroy(),
        };
      },
      close: () => endpoints.close(),
    };
  },
};
