import { isDeepStrictEqual } from 'node:util';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import type { AccessControl } from '../iam/access-control.ts';
import { customerKeyArn } from '../iam/resource-owners.ts';
import type { ParameterStore } from '../ssm/parameter-store.ts';
import type { Problem, ProblemKind } from './errors.ts';
import { takePaths } from './property-paths.ts';
import type { Asset } from './read-assembly.ts';
import { ONLY_HERE } from './values.ts';

/** The values of the pseudo parameters (`AWS::Region`, …). */
export interface Environment {
  stackName: string;
  /** `AWS::StackId`. Default: an ARN that ends in `local`. */
  stackId?: string;
  region: string;
  /** Twelve digits. */
  accountId: string;
  partition: string;
  urlSuffix: string;
}

/** The names of a resource. */
export interface ResourceIdentity {
  logicalId: string;
  /** The name in its properties, if known, else `<stack>-<logical id>`. */
  physicalName: string;
  environment: Environment;
}

/** The values of `Ref` and `Fn::GetAtt` for an existing resource. */
export interface CreatedResource {
  ref: string;
  attributes: Readonly<Record<string, string>>;
}

/** A resource that exists, as the stack that owns it knows it. */
export interface ExistingResource extends ResourceIdentity, CreatedResource {
  /** The properties that it has, with every function resolved. */
  properties: JsonObject;
}

/** What the creation of resources needs: AWS clients, the clock and the assembly's files. */
export interface LoadContext {
  clients: AwsClients;
  /** Roles, policies and the policies of resources. */
  access: AccessControl;
  /** The parameters of Systems Manager. */
  parameters?: ParameterStore;
  clock: Clock;
  assets: ReadonlyMap<string, Asset>;
  /** Shards of a stream in on-demand mode, at least 1. AWS chooses the number itself. */
  shardsPerOnDemandStream: number;
}

/** A resource type that works locally. Created by {@link resourceType}. */
export interface SupportedResourceType {
  handling: 'supported';
  type: string;
  /** The property with the resource's name. Empty: it has none, and its name is always generated. */
  nameProperty: string;
  /** The name that a template gives the resource. Undefined: none, and one is generated. */
  givenName(properties: JsonObject): string | undefined;
  nameMaxLength: number;
  /** Whether names must be lower case, as for S3. */
  lowerCaseName: boolean;
  /** Attributes that `Fn::GetAtt` may ask for. */
  attributes: readonly string[];
  /**
   * Properties that are accepted and have no effect: the reason by property path. A path covers everything below it;
   * `[]` is any element.
   */
  inert: Readonly<Record<string, string>>;
  /** What does something here, but not what it does on AWS: the reason by name. */
  standIns(properties: JsonObject): Readonly<Record<string, string>>;
  /** Property paths that the runtime honours. Computed at each access: a start does not need them. */
  honoured: readonly string[];
  /** Whether it is created after all other resources, as a pipe: it starts to work at once. */
  createLast: boolean;
  /** Reports properties that are neither honoured nor inert, and unsupported values. */
  check(logicalId: string, properties: JsonObject): Problem[];
  /**
   * Creates the resource through the AWS API, or keeps an existing one that matches, as at each start of the runtime.
   * What can be changed in place becomes as `properties` say. Returns when it is usable. Throws `ShapeDiffers` for an
   * existing one that does not match.
   */
  create(identity: ResourceIdentity, properties: JsonObject, context: LoadContext): Promise<CreatedResource>;
  /**
   * Whether a change of `before` to `after` replaces the resource: "Update requires: Replacement" in the template
   * reference. The name is compared by the caller.
   */
  replaces(before: JsonObject, after: JsonObject): boolean;
  /**
   * Property paths such as `SourceParameters.KinesisStreamParameters.StartingPosition` whose change always replaces the
   * resource.
   */
  createOnly: readonly string[];
  /** What else replaces it, for people. Undefined: nothing. */
  alsoReplacedBy: string | undefined;
  /** What is deleted with it, for people. Undefined: nothing else. */
  deletedWithIt: string | undefined;
  /** The properties with which it can be made only to be deleted, without beginning its work. */
  atRest(properties: JsonObject): JsonObject;
  /** Whether a resource of that name is there, whoever made it. */
  exists(identity: ResourceIdentity, properties: JsonObject, context: LoadContext): Promise<boolean>;
  /** Changes the resource in place. Its data stays. Returns when the change has its effect. */
  update(existing: ExistingResource, properties: JsonObject, context: LoadContext): Promise<CreatedResource>;
  /**
   * Deletes the resource, and what it holds as AWS does. Returns when its name is free. One that is gone already is no
   * error. Throws the service's error for one that cannot be deleted (`BucketNotEmpty`).
   */
  delete(existing: ExistingResource, context: LoadContext): Promise<void>;
}

/** A resource type that is accepted and does nothing locally. Other resources may refer to it. */
export interface InertType {
  handling: 'inert';
  type: string;
  /** Why it does nothing, and what is missing. */
  reason: string;
  /** `attribute`: the one that is asked for. A type whose attributes are not known has each. */
  identify(identity: ResourceIdentity, attribute?: string): CreatedResource;
}

export type ResourceType = SupportedResourceType | InertType;

/** How properties name a key of a customer. */
interface NamedKey {
  /** An id, an ARN or an alias. Undefined: there is none. */
  readonly id: string | undefined;
  /** Of S3. Default: false. */
  readonly isBucketKey?: boolean | undefined;
}

interface Definition<Schema extends z.ZodType> {
  type: string;
  /** Empty: there is none. */
  nameProperty: string;
  /** A path that may hold the name, as `DatabaseInput.Name`, and is looked at before the property. */
  namePath?: string;
  nameMaxLength: number;
  lowerCaseName?: boolean;
  attributes: readonly string[];
  /**
   * A strict object with the properties that the runtime honours. Any other key is an `UnsupportedProperty`.
   */
  schema: Schema;
  /** The schema with what is checked once, before anything is made. Default: `schema`. */
  checkedSchema?: z.ZodType;
  inert: Readonly<Record<string, string>>;
  /** The bounds that AWS checks of inert properties, in a loose object. Default: none are checked. */
  inertSchema?: z.ZodType;
  standIns?(properties: JsonObject): Readonly<Record<string, string>>;
  createLast?: boolean;
  create(identity: ResourceIdentity, properties: z.infer<Schema>, context: LoadContext): Promise<CreatedResource>;
  /** Property paths without `[]` whose change replaces the resource. */
  createOnly?: readonly string[];
  /** Replacements that depend on more than a path; `alsoReplacedBy` names them for people. Default: none. */
  alsoReplaces?(before: z.infer<Schema>, after: z.infer<Schema>): boolean;
  alsoReplacedBy?: string;
  deletedWithIt?: string;
  /** The customer's key that the properties name. Default: none. */
  encryptionKey?(properties: z.infer<Schema>): NamedKey;
  /** Default: the properties as they are. */
  atRest?(properties: JsonObject): JsonObject;
  /** Always false where no name identifies the resource: named queries, subscriptions. */
  exists(identity: ResourceIdentity, properties: z.infer<Schema>, context: LoadContext): Promise<boolean>;
  /** Default: `create`, which changes in place what can be. */
  update?(existing: ExistingResource, properties: z.infer<Schema>, context: LoadContext): Promise<CreatedResource>;
  delete(existing: ExistingResource, context: LoadContext): Promise<void>;
}

/** Creates a {@link SupportedResourceType}. Its property list, check and typed properties come from one schema. */
export function resourceType<Schema extends z.ZodType>(definition: Definition<Schema>): SupportedResourceType {
  const {
    schema,
    checkedSchema = schema,
    inertSchema = z.unknown(),
    inert,
    create,
    update = create,
    exists,
    delete: destroy,
    alsoReplaces,
    encryptionKey,
    createOnly = [],
    namePath,
    ...rest
  } = definition;
  const parse = (properties: JsonObject) => schema.parse(takePaths(properties, Object.keys(inert)).rest);
  const bringUp = async <Known extends ResourceIdentity>(
    make: (known: Known, properties: z.infer<Schema>, context: LoadContext) => Promise<CreatedResource>,
    known: Known,
    given: JsonObject,
    context: LoadContext,
  ): Promise<CreatedResource> => {
    const properties = parse(given);
    const made = await make(known, properties, context);
    if (encryptionKey !== undefined) putKey(made, encryptionKey(properties), known, context);
    return made;
  };
  return {
    handling: 'supported',
    lowerCaseName: false,
    createLast: false,
    standIns: () => ({}),
    atRest: (properties) => properties,
    alsoReplacedBy: undefined,
    deletedWithIt: undefined,
    ...rest,
    givenName(properties) {
      const name = (namePath && valueAt(properties, namePath)) ?? properties[definition.nameProperty];
      return typeof name === 'string' ? name : undefined;
    },
    inert,
    get honoured() {
      return leafPaths(z.toJSONSchema(schema, { io: 'input' }));
    },
    check(logicalId, properties) {
      const options = { reportInput: true };
      const { rest: honoured } = takePaths(properties, Object.keys(inert));
      return [checkedSchema.safeParse(honoured, options), inertSchema.safeParse(properties, options)]
        .flatMap(({ error }) => error?.issues ?? [])
        .flatMap((issue) => problems(logicalId, definition.type, issue));
    },
    create: (identity, properties, context) => bringUp(create, identity, properties, context),
    createOnly,
    // Of the values, not of their texts: `"true"` is `true`, and what is left out is the default.
    replaces(before, after) {
      const [old, wanted] = [parse(before), parse(after)];
      return (
        createOnly.some((path) => !isDeepStrictEqual(valueAt(old, path), valueAt(wanted, path))) ||
        (alsoReplaces?.(old, wanted) ?? false)
      );
    },
    exists: (identity, properties, context) => exists(identity, parse(properties), context),
    update: (existing, properties, context) => bringUp(update, existing, properties, context),
    async delete(existing, context) {
      await destroy(existing, context);
      if (encryptionKey !== undefined) context.access.putEncryptionKey(arnOf(existing), undefined);
    },
  };
}

/** Nothing is encrypted here. Whoever uses the resource needs rights on its key. */
function putKey(
  made: CreatedResource,
  { id, isBucketKey = false }: NamedKey,
  { environment }: ResourceIdentity,
  { access }: LoadContext,
): void {
  const arn = customerKeyArn(id, environment);
  access.putEncryptionKey(arnOf(made), arn === undefined ? undefined : { arn, isBucketKey });
}

function arnOf({ ref, attributes: { Arn = ref } }: CreatedResource): string {
  return Arn;
}

function problems(logicalId: string, type: string, issue: z.core.$ZodIssue): Problem[] {
  const at = (path: readonly PropertyKey[]) => [logicalId, ...path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      kind: 'UnsupportedProperty',
      at: at([...issue.path, key]),
      message:
        `the local runtime does not honour this property of ${type}. Leave it out, or start the runtime with ` +
        `--ignore-unsupported ${type}, which leaves out all resources of the type. ` +
        'docs/feature-support.md lists what runs.',
    }));
  }
  return [{ kind: kindOf(issue), at: at(issue.path), message: `${issue.message}${gotOf(issue)}.` }];
}

function kindOf(issue: z.core.$ZodIssue): ProblemKind {
  if (issue.code === 'custom') return issue.params?.unresolved ? 'UnresolvedReference' : 'UnsupportedProperty';
  return issue.message.startsWith(ONLY_HERE) ? 'UnsupportedProperty' : 'InvalidProperty';
}

/** Longer ones are cut. */
const SHOWN_CHARACTERS = 40;

/** The value, where a number, a boolean or a fixed word is expected: another text may be a secret. */
function gotOf({ input, code, message }: z.core.$ZodIssue): string {
  const isPlain = typeof input === 'number' || typeof input === 'boolean';
  const isWord = typeof input === 'string' && (code === 'invalid_value' || message.startsWith('expected '));
  if (!isPlain && !isWord) return '';
  const text = JSON.stringify(input);
  return `, and got ${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}`;
}

function valueAt(properties: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (isJsonObject(value) ? value[step] : undefined), properties);
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The paths where a schema takes a value: `KeySchema[].KeyType`, `Environment.Variables.*`. */
function leafPaths(schema: JsonSchema, path = ''): string[] {
  const below = (child: JsonSchema | boolean | undefined, step: string) =>
    leafPaths(
      typeof child === 'object' ? child : {},
      path === '' || step === '[]' ? `${path}${step}` : `${path}.${step}`,
    );
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, child]) => below(child, key));
  }
  if (schema.type === 'array') return below(Array.isArray(schema.items) ? undefined : schema.items, '[]');
  if (schema.type === 'object') return below(undefined, '*');
  return [path];
}
