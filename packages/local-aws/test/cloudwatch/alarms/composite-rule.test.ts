import { describe, expect, it } from '@jest/globals';
import { alarmsIn, holds, parseCompositeRule } from '../../../src/cloudwatch/alarms/composite-rule.ts';
import type { AlarmState } from '../../../src/cloudwatch/alarms/next-state.ts';

const states = new Map<string, AlarmState>([
  ['rings', 'ALARM'],
  ['is quiet', 'OK'],
  ['knows nothing', 'INSUFFICIENT_DATA'],
]);

describe('the rule of a composite alarm', () => {
  it.each([
    ['TRUE', true],
    ['FALSE', false],
    ['ALARM(rings)', true],
    ['ALARM("rings")', true],
    ["ALARM('is quiet')", false],
    ['ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:rings)', true],
    ['OK("is quiet") AND INSUFFICIENT_DATA("knows nothing")', true],
    ['NOT ALARM(rings)', false],
    ['NOT NOT ALARM(rings)', true],
    ['ALARM(rings) AND FALSE OR TRUE', true],
    ['TRUE OR TRUE AND FALSE', true],
    ['(TRUE OR TRUE) AND FALSE', false],
    ['OK(deleted) OR ALARM(deleted)', false],
  ])('%s is %s', (rule, expected) => {
    expect(holds(parseCompositeRule(rule), (name) => states.get(name))).toBe(expected);
  });

  it('tells its alarms', () => {
    expect(alarmsIn(parseCompositeRule('ALARM(a) AND (OK("b") OR NOT ALARM(c)) OR TRUE'))).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['ALARM(a', 'more was expected at its end'],
    ['ALARM a', "'(' was expected instead of 'a'"],
    ['ALARM(a) OK(b)', "'OK' was not expected"],
    ['AT_LEAST(2, ALARM, (a, b))', "'AT_LEAST' is not supported by the local endpoint"],
    ['ALARM("a)', 'a quotation mark is not closed'],
    ['', 'more was expected at its end'],
  ])('refuses %s', (rule, message) => {
    expect(() => parseCompositeRule(rule)).toThrow(message);
  });
});
