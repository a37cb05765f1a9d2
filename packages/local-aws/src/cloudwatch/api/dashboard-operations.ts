import type { Clock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation, RequestContext } from '../../gateway/local-service.ts';
import { resourceNotFound } from '../errors.ts';
import { pageOf, parseInput } from './input.ts';

const LISTED = 1_000;

const putInput = z.strictObject({
  DashboardName: z.string().regex(/^[\w-]{1,255}$/, 'expected letters, digits, - and _'),
  DashboardBody: z.string(),
});
const getInput = z.strictObject({ DashboardName: z.string() });
const listInput = z.strictObject({ DashboardNamePrefix: z.string().optional(), NextToken: z.string().optional() });
const deleteInput = z.strictObject({ DashboardNames: z.array(z.string()) });

/** Dashboards are kept as they are given. Nothing here draws them. In memory. */
export function dashboardOperations(clock: Pick<Clock, 'now'>): Record<string, Operation> {
  const dashboards = new Map<string, { body: string; changedMs: number }>();
  const find = (name: string) => {
    const found = dashboards.get(name);
    if (found !== undefined) return found;
    throw resourceNotFound(`Dashboard ${name} does not exist`);
  };
  return {
    async PutDashboard(input) {
      const { DashboardName, DashboardBody } = parseInput(putInput, input);
      checkBody(DashboardBody);
      dashboards.set(DashboardName, { body: DashboardBody, changedMs: clock.now() });
      return { DashboardValidationMessages: [] };
    },
    async GetDashboard(input, context) {
      const { DashboardName } = parseInput(getInput, input);
      const { body } = find(DashboardName);
      return { DashboardArn: dashboardArn(DashboardName, context), DashboardBody: body, DashboardName };
    },
    async ListDashboards(input, context) {
      const { DashboardNamePrefix = '', NextToken } = parseInput(listInput, input);
      const found = [...dashboards].filter(([name]) => name.startsWith(DashboardNamePrefix));
      const { page, next } = pageOf(found, NextToken, LISTED);
      return {
        DashboardEntries: page.map(([name, { body, changedMs }]) => ({
          DashboardName: name,
          DashboardArn: dashboardArn(name, context),
          LastModified: new Date(changedMs),
          Size: Buffer.byteLength(body),
        })),
        ...(next !== undefined && { NextToken: next }),
      };
    },
    async DeleteDashboards(input) {
      const { DashboardNames } = parseInput(deleteInput, input);
      for (const name of DashboardNames) find(name);
      for (const name of DashboardNames) dashboards.delete(name);
      return {};
    },
  };
}

function checkBody(body: string): void {
  try {
    z.looseObject({ widgets: z.array(z.looseObject({ type: z.string() })) }).parse(JSON.parse(body));
  } catch {
    throw new AwsError('InvalidParameterInput', 'The dashboard body is invalid: expected JSON with a list of widgets.');
  }
}

function dashboardArn(name: string, { accountId }: RequestContext): string {
  return `arn:aws:cloudwatch::${accountId}:dashboard/${name}`;
}
