import { isWorkerKey } from '../iam/caller.ts';
import type { CheckedRule } from './spec.ts';

/** Compiles a name pattern in which `*` matches any characters. */
export function glob(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return (name) => expression.test(name);
}

/**
 * Whether a rule applies to `kinesis.PutRecords`, `pipe.X` or `function.X`. A `*` for the service does not match pipes
 * and functions.
 */
export function appliesTo(rule: CheckedRule, place: string, name: string): boolean {
  const dot = rule.on.indexOf('.');
  const service = rule.on.slice(0, dot);
  const isService = place !== 'pipe' && place !== 'function';
  return (service === place || (service === '*' && isService)) && glob(rule.on.slice(dot + 1))(name);
}

/** Whether a rule hits callers with this access key id. */
export function matchesCaller(rule: CheckedRule, accessKeyId: string): boolean {
  switch (rule.from) {
    case 'everyone':
      return true;
    case 'workers':
      return isWorkerKey(accessKeyId);
    case 'users':
      return !isWorkerKey(accessKeyId);
    default:
      return rule.from === `key:${accessKeyId}`;
  }
}
