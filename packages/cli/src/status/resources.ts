import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { NamedResource } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { findStacks, type StackPlace } from '../stack/find-stack.ts';

/** A stack that is there, with the resources that CloudFormation lists. */
export interface StackResources {
  name: string;
  /** `CREATE_COMPLETE` */
  state: string;
  outputs: Readonly<Record<string, string>>;
  resources: readonly Resource[];
}

/** A resource with its type, `AWS::Pipes::Pipe`. */
export interface Resource extends NamedResource {
  readonly type: string;
  /** `IngestPipe7D1EC1A4` */
  readonly logicalId: string;
}

/** The stacks of {@link findStacks} with their resources. Throws the SDK's error. */
export async function findResources(place: StackPlace): Promise<StackResources[]> {
  return Promise.all(
    (await findStacks(place)).map(async ({ name, status, outputs }) => {
      return { name, state: status, outputs, resources: await listResources(place.clients, name) };
    }),
  );
}

/** The resources that a stack has by now. Throws the SDK's error. */
export async function listResources(clients: AwsClients, stack: string): Promise<Resource[]> {
  const resources: Resource[] = [];
  const pages = paginateListStackResources({ client: clients.cloudformation }, { StackName: stack });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const {
      LogicalResourceId: logicalId = '',
      PhysicalResourceId: name,
      ResourceType: type = '',
    } of StackResourceSummaries) {
      if (name !== undefined) resources.push({ stack, name, label: labelOf(logicalId, stack), type, logicalId });
    }
  }
  return resources;
}

/** The ends of logical ids that say what kind a resource is. */
const kind = /(?:Pipe|StateMachine|DeliveryStream|Delivery|Function)$/;

/** A name for people, of a logical id as the CDK makes it: `IngestPipe7D1EC1A4` is `Ingest`. */
export function labelOf(logicalId: string, stack: string): string {
  let label = logicalId.replace(/[0-9A-F]{8}$/, '').replace(/^(?:Tables|Alarms)(?=.)/, '');
  while (kind.test(label)) label = label.replace(kind, '');
  return label === '' ? stack : label;
}

/** The resources of a type, in all stacks. */
export function ofType(stacks: readonly StackResources[], type: string): NamedResource[] {
  return stacks.flatMap(({ resources }) =>
    resources.filter((resource) => resource.type === type).map(({ stack, name, label }) => ({ stack, name, label })),
  );
}
