import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmMessageStatus, AlarmStatus, NamedResource } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import { factOf, NotKnown } from './known.ts';

/** AWS: "DescribeAlarms", at most 100 names a call. */
const perCall = 100;
/** An alarm has at most five actions for a state. */
const mostMessages = 10;

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
      const { StateReason: reason = '', StateUpdatedTimestamp: since } = alarm;
      found.push({
        ...{ name, state, description, reason },
        ...(since === undefined ? {} : { since: since.toISOString() }),
        ...(state === 'ALARM' ? { messages: await factOf(() => readMessages(name, since, clients)) } : {}),
      });
    }
  }
  return found;
}

/** The messages that an alarm has sent to topics since then, the latest first. */
async function readMessages(
  AlarmName: string,
  StartDate: Date | undefined,
  clients: AwsClients,
): Promise<AlarmMessageStatus[]> {
  const { cloudwatch } = await clients.observation();
  const asked = { AlarmName, HistoryItemType: 'Action', StartDate, MaxRecords: mostMessages } as const;
  const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand(asked));
  return AlarmHistoryItems.map(({ Timestamp, HistoryData = '', HistorySummary = '' }) => {
    const data = parseJson(HistoryData);
    const { actionState, notificationResource, error } = isJsonObject(data) ? data : {};
    return {
      at: Timestamp?.toISOString() ?? '',
      topic: String(notificationResource ?? HistorySummary).replace(/^.*:/, ''),
      ...(actionState === 'Failed' ? { error: String(error ?? HistorySummary) } : {}),
    };
  });
}
