import type { Template, TemplateResource } from '@tweet-pipes/local-aws/assembly/template';
import { z } from 'zod';

const reference = z
  .object({
    Value: z.union([
      z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
      z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform(({ 'Fn::GetAtt': [id] }) => id),
    ]),
  })
  .transform(({ Value }) => Value);

/** The resource whose name or attribute an output of a template is. Throws Error when there is none. */
export function resourceOf(
  { Resources, Outputs }: Template,
  output: string,
): { id: string; resource: TemplateResource } {
  const { data: id = '' } = reference.safeParse(Outputs[output]);
  const resource = Resources[id];
  if (resource === undefined) throw new Error(`The template has no output ${output} that names a resource.`);
  return { id, resource };
}
