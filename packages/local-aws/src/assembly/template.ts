import { isJson, type Json } from '@tweet-pipes/kit/json';
import { z } from 'zod';

// The check of zod takes ten times as long.
const json = z.custom<Json>(isJson, 'expected JSON');
const jsonObject = z.record(z.string(), json);

const resource = z.looseObject({
  Type: z.string(),
  Properties: jsonObject.optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

const parameter = z.looseObject({ Type: z.string(), Default: z.union([z.string(), z.number()]).optional() });

const output = z.looseObject({
  Value: json,
  Description: z.string().optional(),
  Condition: z.string().optional(),
  Export: z.object({ Name: json }).optional(),
});

/**
 * A CloudFormation template in JSON. `Properties` are checked by their resource type, see support.ts.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resource),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), jsonObject)).default({}),
  Conditions: jsonObject.default({}),
  Outputs: z.record(z.string(), output).default({}),
  Rules: jsonObject.default({}),
});

/** A parsed template. */
export type Template = z.infer<typeof templateSchema>;
/** One resource of a template. */
export type TemplateResource = z.infer<typeof resource>;
