import * as z from 'zod';

import { deployed } from '../iam/physical.ts';
import { ofType, type StackName, type SynthesizedTemplate, synthesize } from '../synthesis.ts';

const options = z.looseObject({ label: z.string() });
/** `[namespace, name, dimension, value, …, options]`. */
const metricSchema = z.array(z.unknown()).transform((row) => {
  const [namespace, name, ...dimensions] = z.array(z.string()).parse(row.slice(0, -1));
  return {
    ...{ namespace, name, ...options.parse(row.at(-1)) },
    dimensions: dimensions.filter((_, index) => index % 2 === 0),
    values: dimensions.filter((_, index) => index % 2 === 1),
  };
});
const bodySchema = z.object({
  widgets: z.array(
    z.object({
      properties: z.looseObject({
        title: z.string(),
        alarms: z.array(z.string()).default([]),
        metrics: z.array(metricSchema).default([]),
      }),
    }),
  ),
});

/** The dashboard of a stack: its widgets, and the template with all references resolved. */
export function dashboard(given: Record<string, unknown> = {}, stack?: StackName) {
  return dashboardOf(synthesize(given, stack));
}

/** The dashboard of a template. */
export function dashboardOf(synthesized: SynthesizedTemplate) {
  const template = deployed(synthesized);
  const [properties] = Object.values(ofType(template, 'AWS::CloudWatch::Dashboard'));
  const { DashboardBody } = z.object({ DashboardBody: z.string() }).parse(properties);
  return { template, widgets: bodySchema.parse(JSON.parse(DashboardBody)).widgets.map((each) => each.properties) };
}
