import type { AccessRequest, Account } from './access-control.ts';
import { splitArn } from './arn-pattern.ts';
import type { KeyLookup } from './key-lookup.ts';
import type { AskingPrincipal } from './principals.ts';

/** The condition keys of one request. */
export interface RequestKeys {
  readonly lookup: KeyLookup;
  /**
   * Whether a key was asked for that another request with the same caller, action and resource may have with another
   * value. The answer must not be kept then.
   */
  readonly variesByRequest: () => boolean;
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. Calls of the endpoint count
 * as secure, as they are on AWS: `aws:SecureTransport` is true, though loopback needs no TLS. They come from 127.0.0.1.
 */
export function requestKeys(
  { resource, context }: Pick<AccessRequest, 'resource' | 'context'>,
  who: AskingPrincipal,
  sourceArn: string | undefined,
  { accountId, region, clock }: Account,
): RequestKeys {
  let varies = false;
  let given: ReadonlyMap<string, string | readonly string[]> | undefined;
  const ofRequest = (key: string) => {
    varies = true;
    given ??= new Map(Object.entries(context ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    return given.get(key);
  };
  const lookup: KeyLookup = (key) => {
    switch (key) {
      case 'aws:principalarn':
        return who.kind === 'role' ? who.roleArn : undefined;
      case 'aws:principalaccount':
        return who.kind === 'service' ? undefined : who.accountId;
      case 'aws:principaltype':
        return who.kind === 'role' ? 'AssumedRole' : undefined;
      case 'aws:principalisawsservice':
        return String(who.kind === 'service');
      case 'aws:principalservicename':
        return who.kind === 'service' ? who.name : undefined;
      case 'aws:userid':
        return who.kind === 'role' ? who.userId : undefined;
      case 'aws:securetransport':
        return 'true';
      case 'aws:sourceip':
        return who.kind === 'service' ? undefined : '127.0.0.1';
      case 'aws:resourceaccount':
        return splitArn(resource)?.[4] || accountId;
      case 'aws:sourcearn':
        return sourceArn ?? ofRequest(key);
      case 'aws:sourceaccount':
      case 'aws:sourceowner':
        return sourceArn === undefined ? ofRequest(key) : splitArn(sourceArn)?.[4] || accountId;
      case 'aws:requestedregion':
        return ofRequest(key) ?? region;
      case 'aws:currenttime':
        varies = true;
        return new Date(clock.now()).toISOString();
      case 'aws:epochtime':
        varies = true;
        return String(Math.floor(clock.now() / 1000));
      default:
        return ofRequest(key);
    }
  };
  return { lookup, variesByRequest: () => varies };
}
