import * as z from 'zod';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** What a picture needs of a CloudFormation template. */
export interface Template {
  /** The resources by their logical id. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
}

/** A resource as the template has it. */
export interface TemplateResource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The logical ids of the resources that the properties refer to, and the names of exports that they import. */
  readonly references: ReadonlySet<string>;
}

/** Reads a template that was parsed from JSON. Throws when it is none. */
export function readTemplate(json: unknown): Template {
  const result = template.safeParse(json);
  if (!result.success) throw new Error(`This is not a template: ${z.prettifyError(result.error)}`);
  const entries = Object.entries(result.data.Resources);
  return {
    resources: new Map(
      entries.map(([id, { Type, Properties }]) => [
        id,
        { type: Type, properties: Properties, references: new Set(referencesIn(Properties)) },
      ]),
    ),
  };
}

/** A logical id as the code gave it: the CDK appends eight hexadecimal digits. */
export function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** Whether a reference is the name of an export. Names of exports of this app have a hyphen, and logical ids none. */
export function isImport(reference: string): boolean {
  return reference.includes('-');
}

/** The targets of `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::ImportValue`, wherever they stand. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const [first]: unknown[] = Array.isArray(inner) ? inner : [inner];
    if (typeof first !== 'string') return referencesIn(inner);
    if (key === 'Ref' || key === 'Fn::ImportValue') return [first];
    if (key === 'Fn::GetAtt') return first.split('.').slice(0, 1);
    if (key === 'Fn::Sub')
      return [...first.matchAll(/\$\{(\w+)/g)].map(([, id = '']) => id).concat(referencesIn(inner));
    return referencesIn(inner);
  });
}
