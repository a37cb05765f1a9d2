import type { JsonObject } from '@tweet-pipes/kit/json';

/** One permission of a function. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export interface FunctionPermission {
  /** `lambda:InvokeFunction` */
  readonly Action: string;
  /** A service, an account or an ARN. */
  readonly Principal: string;
  readonly SourceArn?: string | undefined;
  readonly SourceAccount?: string | undefined;
}

/** The statement that Lambda makes of a permission. */
export function permissionStatement(sid: string, functionArn: string, permission: FunctionPermission): JsonObject {
  const { Action, Principal, SourceArn, SourceAccount } = permission;
  const Condition: JsonObject = {
    ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action,
    Resource: functionArn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

function principalOf(principal: string): JsonObject | string {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}
