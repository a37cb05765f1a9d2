import { type Asked, anything, arnOf, type Rows, sameAction, textOf } from './asked.ts';

const onMachine = ({ input }: Asked): string => textOf(input.stateMachineArn);
const onNamedMachine = (asked: Asked): string => arnOf(asked, 'states', `stateMachine:${textOf(asked.input.name)}`);
const onExecution = ({ input }: Asked): string => textOf(input.executionArn);
const onResourceArn = ({ input }: Asked): string => textOf(input.resourceArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export const states: Rows = {
  ...sameAction('states', onMachine, [
    ...['DeleteStateMachine', 'DescribeStateMachine', 'ListExecutions', 'StartExecution', 'StartSyncExecution'],
    'UpdateStateMachine',
  ]),
  ...sameAction('states', onNamedMachine, ['CreateStateMachine']),
  ...sameAction('states', onExecution, [
    ...['DescribeExecution', 'DescribeStateMachineForExecution', 'GetExecutionHistory', 'RedriveExecution'],
    'StopExecution',
  ]),
  ...sameAction('states', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
  ...sameAction('states', anything, ['ListStateMachines', 'TestState', 'ValidateStateMachineDefinition']),
};
