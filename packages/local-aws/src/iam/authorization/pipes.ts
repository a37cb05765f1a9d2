import { type Asked, anything, arnOf, type Rows, sameAction, textOf } from './asked.ts';

const onPipe = (asked: Asked): string => arnOf(asked, 'pipes', `pipe/${textOf(asked.input.Name)}`);
const onResourceArn = ({ input }: Asked): string => textOf(input.resourceArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgepipes.html */
export const pipes: Rows = {
  ...sameAction('pipes', onPipe, ['CreatePipe', 'DeletePipe', 'DescribePipe', 'StartPipe', 'StopPipe', 'UpdatePipe']),
  ...sameAction('pipes', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
  ...sameAction('pipes', anything, ['ListPipes']),
};
