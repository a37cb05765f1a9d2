import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SNSClient } from '@aws-sdk/client-sns';

export { CloudWatchClient, CloudWatchLogsClient, SNSClient };

/** Clients of the services that tell what a stack does: metrics and alarms, logs, notifications. */
export interface ObservationClients {
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly sns: SNSClient;
}
