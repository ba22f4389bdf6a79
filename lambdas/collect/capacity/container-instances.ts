/** The container instances of a cluster, all of them: ECS lists and describes a hundred a call. */
import type { ContainerInstance, Resource } from '@aws-sdk/client-ecs';
import type { Size } from '../../contract/capacity.ts';
import { chunksOf } from '../../contract/chunks.ts';
import { ecs } from '../ecs-client.ts';
import { asking } from './asking.ts';

/** What one DescribeContainerInstances takes, and one page of the list has. */
const HOSTS_PER_CALL = 100;

const listed = async (cluster: string, abortSignal: AbortSignal): Promise<readonly string[]> => {
  const { ListContainerInstancesCommand } = await import('@aws-sdk/client-ecs');
  const client = await ecs();
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListContainerInstancesCommand({ cluster, maxResults: HOSTS_PER_CALL, nextToken });
    const page = await client.send(command, { abortSignal });
    arns.push(...(page.containerInstanceArns ?? []));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return arns;
};

export const containerInstances = async (
  cluster: string,
  abortSignal: AbortSignal,
): Promise<readonly ContainerInstance[]> => {
  const resource = `cluster ${cluster}`;
  const arns = await asking('ecs:ListContainerInstances', resource, () => listed(cluster, abortSignal));
  const pages = chunksOf(arns, HOSTS_PER_CALL).map((page) =>
    asking('ecs:DescribeContainerInstances', resource, async () => {
      const { DescribeContainerInstancesCommand } = await import('@aws-sdk/client-ecs');
      const command = new DescribeContainerInstancesCommand({ cluster, containerInstances: page });
      return await (await ecs()).send(command, { abortSignal });
    }),
  );
  return (await Promise.all(pages)).flatMap(({ containerInstances: described = [] }) => described);
};

/** CPU and memory among the resources of a container instance; what is not told is none. */
export const sizeIn = (resources: readonly Resource[] = []): Size => {
  const amountOf = (name: string): number => resources.find((each) => each.name === name)?.integerValue ?? 0;
  return { cpu: amountOf('CPU'), memory: amountOf('MEMORY') };
};
