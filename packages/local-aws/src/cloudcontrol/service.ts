import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { awaitPatiently } from '../cloudformation/running.ts';
import type { OwnedResource, ResourceEngine } from '../cloudformation/stack.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { createInputParser } from '../gateway/input-parser.ts';
import type { LocalService, Operation } from '../gateway/local-service.ts';
import { patched } from './json-patch.ts';
import { describeRequest, type ResourceRequest, ResourceRequests } from './resource-requests.ts';

const parse = createInputParser('ValidationException');

const text = z.string().min(1);
/** The endpoint itself changes the resource, whatever the role. Its types have one version. */
const resource = { TypeName: text, Identifier: text, RoleArn: text.optional(), TypeVersionId: text.optional() };

const inputs = {
  get: z.strictObject(resource),
  update: z.strictObject({ ...resource, PatchDocument: text, ClientToken: text.optional() }),
  status: z.strictObject({ RequestToken: text }),
  list: z.strictObject({
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: text.optional(),
    ResourceRequestStatusFilter: z
      .strictObject({ Operations: z.array(text).optional(), OperationStatuses: z.array(text).optional() })
      .default({}),
  }),
};

/** Operations that are refused by name, and what to do in their place. */
const refused: Readonly<Record<string, string>> = {
  CancelResourceRequest: 'a change of a resource goes on to its end',
  CreateResource: 'create it with the API of its service, or deploy a stack that has it',
  DeleteResource: 'delete it with the API of its service, or deploy its stack without it',
  ListResources: 'list them with the API of their service',
};

/** What Cloud Control's API stands on. */
export interface CloudControlOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, 'uuid'>;
  /** Called at each use: the engine starts after the endpoint. */
  engine(): ResourceEngine;
}

/**
 * Cloud Control's API for the resources of stacks, as far as `cdk deploy --hotswap` and `cdk watch` use it. An update
 * is over when it is answered, or after ten seconds goes on; one that fails before is answered with the failure, which
 * the CDK would not ask for.
 */
export function createCloudControlService({ clock, random, engine }: CloudControlOptions): LocalService {
  const requests = new ResourceRequests();
  const existing = (TypeName: string, Identifier: string): OwnedResource => {
    const found = engine().findResource(TypeName, Identifier);
    if (found !== undefined) return found;
    throw new AwsError(
      'ResourceNotFoundException',
      `Resource of type '${TypeName}' with identifier '${Identifier}' was not found in any stack of the local endpoint.`,
    );
  };
  const change = async (request: ResourceRequest, found: OwnedResource, patch: string): Promise<void> => {
    try {
      await engine().changeResource(found, patched(found.properties, patch));
      request.status = 'SUCCESS';
    } catch (error) {
      request.status = 'FAILED';
      request.failure = error instanceof AwsError ? error : generalFailure(error);
    } finally {
      request.eventAtMs = clock.now();
    }
  };
  const refusals = Object.entries(refused).map(([operation, remedy]): [string, Operation] => [
    operation,
    async () => {
      throw new AwsError(
        'UnsupportedActionException',
        `${operation} is not supported by the local endpoint: ${remedy}.`,
      );
    },
  ]);
  return {
    signingName: 'cloudcontrolapi',
    operations: {
      ...Object.fromEntries(refusals),

      /** https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html */
      GetResource: async (input) => {
        const { TypeName, Identifier } = parse(inputs.get, input);
        const { properties, attributes } = existing(TypeName, Identifier);
        const Properties = JSON.stringify({ ...attributes, ...properties });
        return { TypeName, ResourceDescription: { Identifier, Properties } };
      },

      /** https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_UpdateResource.html */
      UpdateResource: async (input) => {
        const { TypeName, Identifier, PatchDocument, ClientToken } = parse(inputs.update, input);
        const sent = requests.withClientToken(ClientToken);
        if (sent !== undefined) return { ProgressEvent: describeRequest(sent) };
        const found = existing(TypeName, Identifier);
        const request: ResourceRequest = {
          ...{ token: random.uuid(), clientToken: ClientToken, typeName: TypeName, identifier: Identifier },
          ...{ status: 'IN_PROGRESS', eventAtMs: clock.now(), failure: undefined },
        };
        requests.add(request);
        await awaitPatiently(change(request, found, PatchDocument), clock);
        if (request.failure !== undefined) throw request.failure;
        return { ProgressEvent: describeRequest(request) };
      },

      /** https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResourceRequestStatus.html */
      GetResourceRequestStatus: async (input) => {
        const { RequestToken } = parse(inputs.status, input);
        const request = requests.get(RequestToken);
        if (request !== undefined) return { ProgressEvent: describeRequest(request) };
        throw new AwsError('RequestTokenNotFoundException', `There is no request with the token ${RequestToken}.`);
      },

      /** https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ListResourceRequests.html */
      ListResourceRequests: async (input) => {
        const { MaxResults, NextToken, ResourceRequestStatusFilter: filter } = parse(inputs.list, input);
        const { Operations = ['UPDATE'], OperationStatuses } = filter;
        const found = requests
          .newestFirst()
          .filter(({ status }) => Operations.includes('UPDATE') && (OperationStatuses?.includes(status) ?? true));
        const start = NextToken === undefined ? 0 : found.findIndex(({ token }) => token === NextToken);
        if (start < 0) throw new AwsError('ValidationException', 'NextToken is not valid.');
        const end = start + MaxResults;
        return {
          ResourceRequestStatusSummaries: found.slice(start, end).map(describeRequest),
          NextToken: found[end]?.token,
        };
      },
    },
  };
}

/**
 * What the resource's service says.
 * https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_UpdateResource.html
 */
function generalFailure(cause: unknown): AwsError {
  return new AwsError('GeneralServiceException', sentence(cause), { cause });
}
