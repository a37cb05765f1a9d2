import { validationError } from '../errors.ts';
import type { AlarmState } from './next-state.ts';

/** A rule of a composite alarm. */
export type CompositeRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'not'; readonly rule: CompositeRule }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly CompositeRule[] };

const MOST_CHARACTERS = 10_240;
const token = /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()]|[^\s()"']+)/y;

/**
 * Parses the rule of a composite alarm: `ALARM("a") AND (OK(b) OR NOT INSUFFICIENT_DATA(c))`. Throws ValidationError.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseCompositeRule(text: string): CompositeRule {
  if (text.length > MOST_CHARACTERS) throw validationError(`AlarmRule may have at most ${MOST_CHARACTERS} characters.`);
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const match = token.exec(trimmed);
    if (match?.[1] === undefined) throw invalid(text, 'a quotation mark is not closed');
    tokens.push(match[1]);
  }
  let position = 0;
  const next = (): string => {
    const found = tokens[position];
    if (found === undefined) throw invalid(text, 'more was expected at its end');
    position += 1;
    return found;
  };
  const expect = (expected: string): void => {
    const found = next();
    if (found !== expected) throw invalid(text, `'${expected}' was expected instead of '${found}'`);
  };
  const chain = (kind: 'and' | 'or', word: 'AND' | 'OR', operand: () => CompositeRule): CompositeRule => {
    const rules = [operand()];
    while (tokens[position] === word) {
      position += 1;
      rules.push(operand());
    }
    const [only] = rules;
    return rules.length === 1 && only !== undefined ? only : { kind, rules };
  };
  const or = (): CompositeRule => chain('or', 'OR', and);
  const and = (): CompositeRule => chain('and', 'AND', operand);
  const operand = (): CompositeRule => {
    const word = next();
    switch (word) {
      case 'NOT':
        return { kind: 'not', rule: operand() };
      case 'TRUE':
      case 'FALSE':
        return { kind: 'constant', value: word === 'TRUE' };
      case '(': {
        const rule = or();
        expect(')');
        return rule;
      }
      case 'ALARM':
      case 'OK':
      case 'INSUFFICIENT_DATA': {
        expect('(');
        const alarm = next();
        expect(')');
        return { kind: 'state', state: word, alarm: alarmName(alarm) };
      }
      default:
        throw invalid(text, `'${word}' is not supported by the local endpoint`);
    }
  };
  const rule = or();
  if (position < tokens.length) throw invalid(text, `'${tokens[position]}' was not expected`);
  return rule;
}

/** The names of the alarms that a rule refers to. */
export function alarmsIn(rule: CompositeRule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsIn(rule.rule);
    case 'and':
    case 'or':
      return rule.rules.flatMap(alarmsIn);
  }
}

/** Whether the rule holds. An alarm that does not exist is in no state. */
export function holds(rule: CompositeRule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return rule.rules.every((each) => holds(each, stateOf));
    case 'or':
      return rule.rules.some((each) => holds(each, stateOf));
  }
}

/** A name or an ARN, quoted or not. */
function alarmName(text: string): string {
  const bare = /^["']/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
  return /^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(bare)?.[1] ?? bare;
}

function invalid(rule: string, problem: string): Error {
  return validationError(`Invalid AlarmRule "${rule}": ${problem}.`);
}
