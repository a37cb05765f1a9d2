import { DescribeStateMachineCommand, type LogLevel } from '@aws-sdk/client-sfn';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { logGroupNameOf } from '../logs/log-group-name.ts';

/** A state machine, and where its executions are logged. */
export interface Workflow {
  readonly arn: string;
  readonly name: string;
  /** A JSON text in Amazon States Language, with its holes filled. */
  readonly definition: string;
  readonly level: LogLevel;
  /** Whether input, output and variables are logged. */
  readonly hasData: boolean;
  /** Undefined when nothing is logged. */
  readonly logGroupName?: string;
}

/** Reads a state machine and its log configuration. Throws the SDK's error, StateMachineDoesNotExist among them. */
export async function readWorkflow({ sfn }: Pick<AwsClients, 'sfn'>, stateMachineArn: string): Promise<Workflow> {
  const {
    name = '',
    definition = '',
    loggingConfiguration,
  } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { level = 'OFF', includeExecutionData = false, destinations = [] } = loggingConfiguration ?? {};
  const logGroupArn = destinations[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  const logGroupName = logGroupArn && logGroupNameOf(logGroupArn);
  const isLogged = level !== 'OFF' && logGroupName !== undefined;
  return {
    arn: stateMachineArn,
    name,
    definition,
    level: isLogged ? level : 'OFF',
    hasData: isLogged && includeExecutionData,
    ...(isLogged ? { logGroupName } : {}),
  };
}

/** `arn:…:express:<state machine>:<name>:<id>` → the state machine's ARN. Undefined for another ARN. */
export function stateMachineOf(executionArn: string): string | undefined {
  const [, head, name] = /^(arn:[^:]+:states:[^:]*:[^:]*):express:([^:]+):[^:]+:[^:]+$/.exec(executionArn) ?? [];
  return head === undefined ? undefined : `${head}:stateMachine:${name}`;
}

/** Names of all states of a definition, those inside of Maps and Parallels included, in its order. */
export function stateNames(definition: unknown): string[] {
  if (typeof definition !== 'object' || definition === null) return [];
  const names: string[] = [];
  if ('States' in definition && typeof definition.States === 'object' && definition.States !== null) {
    for (const [name, state] of Object.entries(definition.States)) names.push(name, ...innerNames(state));
  }
  return names;
}

function innerNames(state: unknown): string[] {
  if (typeof state !== 'object' || state === null) return [];
  const processor = 'ItemProcessor' in state ? state.ItemProcessor : 'Iterator' in state ? state.Iterator : undefined;
  const branches = 'Branches' in state && Array.isArray(state.Branches) ? state.Branches : [];
  return [processor, ...branches].flatMap(stateNames);
}
