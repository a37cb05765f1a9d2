/** Which kind of policy denies a call. */
export type DenyingPolicy = 'identity' | 'resource' | 'boundary' | 'trust';

/** Why a call is denied: a statement denies it (`isExplicit`), or none allows it. */
export interface Denial {
  readonly by: DenyingPolicy;
  readonly isExplicit: boolean;
}

/** A denial with what was asked. */
export interface DeniedRequest extends Denial {
  /** `User: arn:aws:sts::…`, for a service `Resource:` and the ARN for which it acts. */
  readonly who: string;
  readonly action: string;
  /** An ARN; `*` for an action without resources. */
  readonly resource: string;
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

/** The end of AWS's sentence: `because no identity-based policy allows the sqs:SendMessage action`. */
export function denialReason({ action, by, isExplicit }: DeniedRequest): string {
  return isExplicit
    ? `with an explicit deny in ${EXPLICIT[by]}`
    : `because no ${IMPLICIT[by]} allows the ${action} action`;
}

/**
 * AWS's sentence for a denied call. An action without resources names none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialSentence(denied: DeniedRequest): string {
  const { who, action, resource } = denied;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  return `${who} is not authorized to perform: ${action}${on} ${denialReason(denied)}`;
}
