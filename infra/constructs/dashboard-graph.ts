import { GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** CloudWatch's grid has 24 columns; three graphs a row. */
export const graphWidth = 8;

/** A graph whose axis begins at 0. `label` names its unit. */
export function graph(title: string, label: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, leftYAxis: { min: 0, label, showUnits: false }, width: graphWidth });
}
