import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import { createInputParser } from '../gateway/input-parser.ts';
import type { LocalService, RequestContext } from '../gateway/local-service.ts';
import type { Parameter, ParameterStore } from './parameter-store.ts';

const parse = createInputParser('ValidationException');

const name = z.string().min(1);
const decryption = z.boolean().optional();

const inputs = {
  get: z.strictObject({ Name: name, WithDecryption: decryption }),
  getSeveral: z.strictObject({ Names: z.array(name).min(1).max(10), WithDecryption: decryption }),
  getByPath: z.strictObject({
    Path: z.string().startsWith('/'),
    Recursive: z.boolean().default(false),
    WithDecryption: decryption,
    MaxResults: z.int().min(1).max(10).default(10),
    NextToken: z.string().optional(),
  }),
  put: z.strictObject({
    Name: name,
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    Description: z.string().max(1_024).optional(),
    Overwrite: z.boolean().default(false),
    AllowedPattern: z.string().max(1_024).optional(),
    DataType: z.enum(['text', 'aws:ec2:image']).default('text'),
    Tier: z.enum(['Standard', 'Intelligent-Tiering']).default('Standard'),
  }),
  delete: z.strictObject({ Name: name }),
  deleteSeveral: z.strictObject({ Names: z.array(name).min(1).max(10) }),
  describe: z.strictObject({
    MaxResults: z.int().min(1).max(50).default(50),
    NextToken: z.string().optional(),
  }),
};

/** What the service needs beside its store. */
export interface SsmOptions {
  readonly parameters: ParameterStore;
  /**
   * Called before a parameter that is not there is reported as such: makes it, if it is one that the endpoint brings
   * along (ADR 0057).
   */
  provide?(name: string): Promise<void>;
}

/**
 * Systems Manager's Parameter Store: the latest version of parameters of type String and StringList. SecureString is
 * refused by name, since nothing here encrypts.
 */
export function createSsmService({ parameters, provide }: SsmOptions): LocalService {
  const get = async (wanted: string): Promise<Parameter | undefined> => {
    if (parameters.get(wanted) === undefined) await provide?.(wanted);
    return parameters.get(wanted);
  };
  return {
    signingName: 'ssm',
    operations: {
      /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
      GetParameter: async (input, context) => {
        const { Name } = parse(inputs.get, input);
        const { parameterName, version } = selected(Name);
        const parameter = await get(parameterName);
        if (parameter === undefined) throw notFound(Name);
        if (version !== undefined && version !== parameter.version) {
          throw new AwsError(
            'ParameterVersionNotFound',
            `Systems Manager could not find version ${version} of ${parameterName}. Only the latest is kept here.`,
          );
        }
        return { Parameter: shown(parameter, context) };
      },

      /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
      GetParameters: async (input, context) => {
        const { Names } = parse(inputs.getSeveral, input);
        const found = await Promise.all(Names.map(get));
        return {
          Parameters: found.flatMap((parameter) => (parameter === undefined ? [] : shown(parameter, context))),
          InvalidParameters: Names.filter((_, index) => found[index] === undefined),
        };
      },

      /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
      GetParametersByPath: async (input, context) => {
        const { Path, Recursive, MaxResults, NextToken } = parse(inputs.getByPath, input);
        const folder = Path.endsWith('/') ? Path : `${Path}/`;
        const below = parameters
          .all()
          .filter(
            ({ name: each }) => each.startsWith(folder) && (Recursive || !each.slice(folder.length).includes('/')),
          );
        const { page, next } = pageOf(below, MaxResults, NextToken);
        return { Parameters: page.map((parameter) => shown(parameter, context)), NextToken: next };
      },

      /**
       * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html, without filters.
       */
      DescribeParameters: async (input, context) => {
        const { MaxResults, NextToken } = parse(inputs.describe, input);
        const { page, next } = pageOf(parameters.all(), MaxResults, NextToken);
        return { Parameters: page.map((parameter) => described(parameter, context)), NextToken: next };
      },

      /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
      PutParameter: async (input) => {
        const { Name, Value, Type, Description, Overwrite, AllowedPattern, DataType } = parse(inputs.put, input);
        const known = parameters.get(Name);
        const type = Type ?? known?.type;
        if (type === undefined) {
          throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
        }
        if (type === 'SecureString') {
          throw new AwsError(
            'UnsupportedParameterType',
            `${Name}: SecureString is not supported by the local endpoint, which encrypts nothing. Use String.`,
          );
        }
        const { version } = await parameters.put(
          {
            name: Name,
            type,
            value: Value,
            dataType: DataType,
            ...(Description !== undefined && { description: Description }),
            ...(AllowedPattern !== undefined && { allowedPattern: AllowedPattern }),
          },
          { overwrite: Overwrite },
        );
        return { Version: version, Tier: 'Standard' };
      },

      /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
      DeleteParameter: async (input) => {
        const { Name } = parse(inputs.delete, input);
        if (!(await parameters.delete(Name))) throw notFound(Name);
        return {};
      },

      /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html */
      DeleteParameters: async (input) => {
        const { Names } = parse(inputs.deleteSeveral, input);
        const deleted = await Promise.all(Names.map((each) => parameters.delete(each)));
        return {
          DeletedParameters: Names.filter((_, index) => deleted[index]),
          InvalidParameters: Names.filter((_, index) => !deleted[index]),
        };
      },
    },
  };
}

/** `name`, `name:3` or an ARN. */
function selected(given: string): { parameterName: string; version?: number } {
  const [, path = given] = /^arn:[^:]+:ssm:[^:]*:\d{12}:parameter(\/.+)$/.exec(given) ?? [];
  const [, bare, version] = /^(.+):(\d+)$/.exec(path) ?? [];
  return bare === undefined ? { parameterName: path } : { parameterName: bare, version: Number(version) };
}

function notFound(parameterName: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${parameterName} not found.`);
}

function shown(parameter: Parameter, context: RequestContext): object {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: new Date(parameter.changedAtMs),
    ARN: arn(parameter.name, context),
    DataType: parameter.dataType,
  };
}

function described(parameter: Parameter, context: RequestContext): object {
  return {
    Name: parameter.name,
    ARN: arn(parameter.name, context),
    Type: parameter.type,
    LastModifiedDate: new Date(parameter.changedAtMs),
    Description: parameter.description,
    AllowedPattern: parameter.allowedPattern,
    Version: parameter.version,
    Tier: 'Standard',
    DataType: parameter.dataType,
  };
}

function arn(parameterName: string, { region, accountId }: RequestContext): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter/${parameterName.replace(/^\//, '')}`;
}

function pageOf<T>(
  items: readonly T[],
  limit: number,
  token: string | undefined,
): { page: readonly T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  }
  const end = start + limit;
  return { page: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}
