import type { JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import { awsManagedPolicy, awsManagedPolicyNames } from '../../iam/managed-policies.ts';
import { compilePolicy, type PolicyKind } from '../../iam/policy-document.ts';

/** A policy document, whose mistakes are found before anything is created. */
export function policyDocument(kind: PolicyKind) {
  return z.record(z.string(), z.json()).check(({ value, issues }) => {
    const problem = problemOf(value, kind);
    if (problem !== undefined) issues.push({ code: 'custom', input: value, message: problem });
  });
}

function problemOf(document: JsonObject, kind: PolicyKind): string | undefined {
  try {
    compilePolicy(withoutResources(document), kind);
  } catch (error) {
    if (error instanceof AwsError) return error.message.replace(/\.$/, '');
    throw error;
  }
  return undefined;
}

/** Without the resources' ARNs: those of resources that do not exist yet are placeholders. */
function withoutResources({ Statement, ...rest }: JsonObject): JsonObject {
  const open = (statement: unknown) =>
    typeof statement === 'object' && statement !== null
      ? Object.fromEntries(
          Object.entries(statement).map(([name, value]) => [name, /^(Not)?Resource$/.test(name) ? '*' : value]),
        )
      : statement;
  return { ...rest, ...(Statement !== undefined && { Statement: z.json().parse([Statement].flat().map(open)) }) };
}

/** ARN of a managed policy. One of AWS has to be known here, since its document decides. */
export const managedPolicyArn = z
  .string()
  .refine((arn) => !/^arn:aws[\w-]*:iam::aws:policy\//.test(arn) || awsManagedPolicy(arn) !== undefined, {
    error: ({ input }) =>
      `the local runtime does not have the document of ${String(input)}. ` +
      `Of AWS's managed policies it has ${awsManagedPolicyNames.join(', ')}. Write its statements into the role`,
  });
