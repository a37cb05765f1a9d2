import type { RestRoute } from './rest-json.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_Operations.html */
export const pipesRoutes: readonly RestRoute[] = [
  {
    operation: 'CreatePipe',
    method: 'POST',
    path: '/v1/pipes/{Name}',
    inputs: { timestamps: ['SourceParameters.KinesisStreamParameters.StartingPositionTimestamp'] },
  },
  { operation: 'DescribePipe', method: 'GET', path: '/v1/pipes/{Name}' },
  { operation: 'UpdatePipe', method: 'PUT', path: '/v1/pipes/{Name}' },
  { operation: 'DeletePipe', method: 'DELETE', path: '/v1/pipes/{Name}' },
  { operation: 'StartPipe', method: 'POST', path: '/v1/pipes/{Name}/start' },
  { operation: 'StopPipe', method: 'POST', path: '/v1/pipes/{Name}/stop' },
  { operation: 'ListTagsForResource', method: 'GET', path: '/tags/{resourceArn}' },
  { operation: 'TagResource', method: 'POST', path: '/tags/{resourceArn}' },
  {
    operation: 'UntagResource',
    method: 'DELETE',
    path: '/tags/{resourceArn}',
    queryLists: { tagKeys: 'tagKeys' },
  },
  {
    operation: 'ListPipes',
    method: 'GET',
    path: '/v1/pipes',
    query: {
      NamePrefix: 'NamePrefix',
      DesiredState: 'DesiredState',
      CurrentState: 'CurrentState',
      SourcePrefix: 'SourcePrefix',
      TargetPrefix: 'TargetPrefix',
      NextToken: 'NextToken',
      Limit: 'Limit',
    },
  },
];
