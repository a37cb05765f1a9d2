import { z } from 'zod';
import type { MetricQuery } from '../queries.ts';
import { boolean, dimensions, dimensionsOf, period } from './input.ts';

const id = z
  .string()
  .regex(/^[a-z]\w*$/, 'expected letters, digits and _, a lower-case letter first')
  .max(255);

/** MetricDataQuery of the API model, as GetMetricData and PutMetricAlarm take it. */
export const metricQuery = z
  .strictObject({
    Id: id,
    MetricStat: z
      .strictObject({
        Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions.optional() }),
        Period: period,
        Stat: z.string(),
        Unit: z.string().optional(),
      })
      .optional(),
    Expression: z.string().optional(),
    Label: z.string().optional(),
    ReturnData: boolean.optional(),
    Period: period.optional(),
    AccountId: z.string().optional(),
  })
  .refine(({ MetricStat, Expression }) => (MetricStat === undefined) !== (Expression === undefined), {
    message: 'expected either MetricStat or Expression',
  });
export type MetricQueryInput = z.infer<typeof metricQuery>;

/** The query that an input asks for. */
export function queryOf({ Id, MetricStat, Expression, Label, ReturnData, Period }: MetricQueryInput): MetricQuery {
  const asked = { id: Id, ...(Label !== undefined && { label: Label }), isReturned: ReturnData ?? true };
  if (MetricStat === undefined) {
    return { ...asked, of: { expression: Expression ?? '', ...(Period !== undefined && { periodSeconds: Period }) } };
  }
  const { Metric, Period: periodSeconds, Stat: stat, Unit } = MetricStat;
  const metric = {
    namespace: Metric.Namespace,
    metricName: Metric.MetricName,
    dimensions: dimensionsOf(Metric.Dimensions),
  };
  return { ...asked, of: { metric, periodSeconds, stat, ...(Unit !== undefined && { unit: Unit }) } };
}
