import { createRequire } from 'node:module';
import type { Json } from '@tweet-pipes/kit/json';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { CollectionTag, ScalarTag } from 'yaml';
import { type Template, templateSchema } from '../assembly/template.ts';
import type { AwsError } from '../gateway/aws-error.ts';
import { validationError } from './validation-error.ts';

/** A template with what belongs to its text and not to its resources. */
export interface ParsedTemplate extends Template {
  readonly Description?: string;
}

/**
 * Parses a template in JSON, or in YAML with CloudFormation's short forms (`!Ref`, `!GetAtt a.b`). Throws AwsError
 * `ValidationError` with CloudFormation's `Template format error: …`, which names the line and column.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function parseTemplateText(text: string): ParsedTemplate {
  const parsed = templateSchema.safeParse(readText(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.') ?? '';
    throw formatError(at === '' ? (issue?.message ?? 'it is no object') : `${at}: ${issue?.message}`);
  }
  const { Description } = parsed.data;
  if (Object.keys(parsed.data.Resources).length === 0)
    throw formatError('At least one Resources member must be defined.');
  return { ...parsed.data, ...(typeof Description === 'string' && { Description }) };
}

function readText(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // A flow mapping is YAML too. What is neither is reported by the YAML parser, which knows the place.
    }
  }
  const yaml = loadYaml();
  const document = yaml.parseDocument(text, { schema: 'core', customTags: shortForms(yaml), prettyErrors: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw formatError(`YAML not well-formed. ${firstLine(problem.message)}`);
  try {
    return document.toJS();
  } catch (error) {
    throw formatError(sentence(error)); // Aliases that grow without bound.
  }
}

type Yaml = typeof import('yaml');

/** The runtime's own templates are JSON, so a start does not need the 72 modules of the package. */
function loadYaml(): Yaml {
  return createRequire(import.meta.url)('yaml');
}

function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line.replace(/:$/, '.');
}

function formatError(message: string): AwsError {
  return validationError(`Template format error: ${message}`);
}

const FUNCTIONS = [
  ...['Base64', 'Cidr', 'FindInMap', 'GetAtt', 'GetAZs', 'ImportValue', 'Join', 'Length', 'Select', 'Split', 'Sub'],
  ...['ToJsonString', 'Transform', 'And', 'Equals', 'If', 'Not', 'Or', 'Contains', 'EachMemberEquals', 'EachMemberIn'],
  ...['RefAll', 'ValueOf', 'ValueOfAll'],
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
function shortForms({ YAMLMap }: Yaml): (ScalarTag | CollectionTag)[] {
  return [
    ...FUNCTIONS.map((name) => ({ tag: `!${name}`, key: `Fn::${name}` })),
    { tag: '!Ref', key: 'Ref' },
    { tag: '!Condition', key: 'Condition' },
  ].flatMap(({ tag, key }) => {
    const ofNode = (argument: unknown) => {
      const call = new YAMLMap<string, unknown>();
      call.set(key, argument);
      return call;
    };
    return [
      { tag, resolve: (text: string) => ({ [key]: key === 'Fn::GetAtt' ? attributePath(text) : text }) },
      { tag, collection: 'seq' as const, resolve: ofNode },
      { tag, collection: 'map' as const, resolve: ofNode },
    ];
  });
}

/** `Bucket.Arn`: the logical id ends at the first dot. */
function attributePath(value: string): Json {
  const dot = value.indexOf('.');
  return dot < 0 ? value : [value.slice(0, dot), value.slice(dot + 1)];
}
