import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmStatus, NamedResource } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { NotKnown } from './known.ts';

/** AWS: "DescribeAlarms", at most 100 names a call. */
const perCall = 100;

/** Reads the alarms of the stacks. Throws the SDK's error, and NotKnown when the stacks list none. */
export async function readAlarms(alarms: readonly NamedResource[], clients: AwsClients): Promise<AlarmStatus[]> {
  if (alarms.length === 0) throw new NotKnown('CloudFormation lists no alarm of the stacks');
  const { cloudwatch } = await clients.observation();
  const found: AlarmStatus[] = [];
  for (let start = 0; start < alarms.length; start += perCall) {
    const AlarmNames = alarms.slice(start, start + perCall).map(({ name }) => name);
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    for (const alarm of [...MetricAlarms, ...CompositeAlarms]) {
      const { AlarmName: name = '', StateValue: state = 'UNKNOWN', AlarmDescription: description = '' } = alarm;
      const since = alarm.StateUpdatedTimestamp?.toISOString();
      const reason = alarm.StateReason ?? '';
      found.push({ name, state, description, reason, ...(since === undefined ? {} : { since }) });
    }
  }
  return found;
}
