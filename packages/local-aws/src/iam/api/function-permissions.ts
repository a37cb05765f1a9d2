import { isJsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import { createInputParser } from '../../gateway/input-parser.ts';
import type { LocalService, RequestContext } from '../../gateway/local-service.ts';
import type { AccessControl } from '../access-control.ts';
import { permissionStatement } from '../function-permission.ts';
import { functionArn } from '../resource-owners.ts';
import type { UserMade } from '../user-made.ts';

const parseInput = createInputParser('InvalidParameterValueException');

const FunctionName = z.string();
const statementId = z.string().regex(/^[\w-]{1,100}$/, 'expected 1 to 100 characters of A-Z a-z 0-9 - _');
const addInput = z.strictObject({
  FunctionName,
  StatementId: statementId,
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});
const removeInput = z.strictObject({ FunctionName, StatementId: statementId });
const getInput = z.strictObject({ FunctionName });

/** A Lambda service whose functions have policies. They go with the function. */
export function withPermissions<Service extends LocalService>(
  service: Service,
  { access, userMade }: { access: AccessControl; userMade: UserMade },
): Service {
  const { GetFunctionConfiguration, DeleteFunction } = service.operations;
  /** Throws ResourceNotFoundException without the function. */
  const existing = async (name: string, context: RequestContext): Promise<string> => {
    await GetFunctionConfiguration?.({ FunctionName: name }, context);
    return functionArn(name, { partition: 'aws', ...context });
  };
  return {
    ...service,
    operations: {
      ...service.operations,

      ...(DeleteFunction && {
        async DeleteFunction(input, context) {
          const answer = await DeleteFunction(input, context);
          const arn = functionArn(String(input.FunctionName), { partition: 'aws', ...context });
          for (const { name } of access.resourcePolicies(arn)) access.deleteResourcePolicy(arn, name);
          return answer;
        },
      }),

      /** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
      async AddPermission(input, context) {
        const { FunctionName: name, StatementId, ...permission } = parseInput(addInput, input);
        const arn = await existing(name, context);
        if (access.resourcePolicies(arn).some((policy) => policy.name === StatementId)) {
          const message = `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
          throw new AwsError('ResourceConflictException', message, { statusCode: 409 });
        }
        const statement = permissionStatement(StatementId, arn, permission);
        const document = { Version: '2012-10-17', Statement: [statement] };
        access.putResourcePolicy(arn, { name: StatementId, document });
        userMade.addResourcePolicy(arn, StatementId);
        await userMade.save();
        return { Statement: JSON.stringify(statement) };
      },

      /** https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html */
      async RemovePermission(input, context) {
        const { FunctionName: name, StatementId } = parseInput(removeInput, input);
        const arn = await existing(name, context);
        if (!access.resourcePolicies(arn).some((policy) => policy.name === StatementId)) {
          throw notFound(`Statement ${StatementId} is not found in resource policy.`);
        }
        access.deleteResourcePolicy(arn, StatementId);
        await userMade.save();
        return {};
      },

      /** https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
      async GetPolicy(input, context) {
        const arn = await existing(parseInput(getInput, input).FunctionName, context);
        const policies = access.resourcePolicies(arn);
        if (policies.length === 0) throw notFound('The resource you requested does not exist.');
        const statements = policies.flatMap(({ document }) => [document.Statement].flat().filter(isJsonObject));
        return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }) };
      },
    },
  };
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { statusCode: 404 });
}
