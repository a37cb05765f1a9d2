import type { SynthesizedTemplate } from '../synthesis.ts';
import { deployment } from './physical.ts';

/** A request that AWS makes for the deployed template. */
export interface Call {
  /** Logical id of the resource that makes it, and where in it. */
  from: string;
  /** ARN of the calling role, or the service principal if the service calls without a role. */
  by: string;
  /** `service:Operation` of the permission, not of the API. */
  action: string;
  /** ARN, or `*` for an action without a resource. */
  resource: string;
  /** Condition keys of the request. */
  context?: Record<string, string>;
}

/** The service assumes the role for the resource `sourceArn` of this account. */
export function assumes(from: string, service: string, roleArn: string, sourceArn: string): Call {
  return {
    from,
    by: `${service}.amazonaws.com`,
    action: 'sts:AssumeRole',
    resource: roleArn,
    context: { 'aws:SourceAccount': deployment.account, 'aws:SourceArn': sourceArn },
  };
}

/** Calls of several actions on one resource. */
export function callsOn(from: string, by: string, resource: string, actions: readonly string[]): Call[] {
  return actions.map((action) => ({ from, by, action, resource }));
}

/** Calls that write to a log group, given the ARN that CloudFormation returns for it. */
export function logs(from: string, by: string, logGroupArn: string, actions: readonly string[]): Call[] {
  return callsOn(from, by, logGroupArn.replace(/:\*$/, ':log-stream:some'), actions);
}

/** Deployed resources of one type: [logical id, properties]. */
export function resourcesOf(template: SynthesizedTemplate, type: string): [string, Record<string, unknown>][] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties]);
}
