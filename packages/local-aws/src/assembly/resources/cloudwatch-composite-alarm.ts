import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { alarmExists, alarmProperties, createdAlarm, deleteAlarm } from './cloudwatch-alarm.ts';

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-compositealarm.html
 */
export const cloudwatchCompositeAlarm = resourceType({
  type: 'AWS::CloudWatch::CompositeAlarm',
  nameProperty: 'AlarmName',
  nameMaxLength: 255,
  attributes: ['Arn'],
  schema: z.strictObject({ ...alarmProperties, AlarmRule: z.string() }),
  inert: {},
  deletedWithIt: 'its state',
  exists: (identity, _properties, context) => alarmExists(identity, context),
  async create(identity, properties, { clients }) {
    const { cloudwatch } = await clients.observation();
    const { PutCompositeAlarmCommand } = await import('@aws-sdk/client-cloudwatch');
    await cloudwatch.send(new PutCompositeAlarmCommand({ ...properties, AlarmName: identity.physicalName }));
    return createdAlarm(identity);
  },
  delete: deleteAlarm,
});
