/** Which kind of policy denies a call. */
export type DenyingPolicy = 'identity' | 'resource' | 'boundary' | 'trust';

/** Why a call is denied: a statement denies it (`isExplicit`), or none allows it. */
export interface Denial {
  readonly by: DenyingPolicy;
  readonly isExplicit: boolean;
}

/** The policies as AWS's sentences call them, with an article. */
const EXPLICIT: Readonly<Record<DenyingPolicy, string>> = {
  identity: 'an identity-based policy',
  resource: 'a resource-based policy',
  boundary: 'a permissions boundary',
  trust: 'the role trust policy',
};

const IMPLICIT: Readonly<Record<DenyingPolicy, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  trust: 'role trust policy',
};

/**
 * AWS's sentence for a denied call. `who`: `User: arn:aws:sts::…`, for a service `Resource:` and the ARN for which it
 * acts. An action without resources (`*`) names none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialSentence(who: string, action: string, resource: string, { by, isExplicit }: Denial): string {
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const why = isExplicit
    ? `with an explicit deny in ${EXPLICIT[by]}`
    : `because no ${IMPLICIT[by]} allows the ${action} action`;
  return `${who} is not authorized to perform: ${action}${on} ${why}`;
}

/** Whether a sentence of {@link denialSentence} says that a statement denies. */
export function isExplicitDenial(sentence: string): boolean {
  return Object.values(EXPLICIT).some((policy) => sentence.endsWith(` with an explicit deny in ${policy}`));
}
