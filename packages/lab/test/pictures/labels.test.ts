import { describe, expect, it } from '@jest/globals';

import { errorLabel, mapCaption, resourceCaption, ruleLabel } from '../../src/pictures/state-machine/labels.ts';

describe('ruleLabel', () => {
  it.each([
    ['{% $count($states.input.left) > 0 %}', 'count(left) > 0'],
    ['{% $batch.isMalformed %}', 'batch.isMalformed'],
    ["{% $states.input.seen = '' %}", "seen = ''"],
    ['{% $states.input.attempt >= 8 %}', 'attempt ≥ 8'],
    ['{%\n  $a\n  and $b\n%}', 'a and b'],
    [true, 'true'],
    ['{% $count($removals) + $count($resurrected) > 0 %}', ''],
    [undefined, ''],
  ])('makes of %j %j', (condition, label) => expect(ruleLabel(condition)).toBe(label));
});

describe('errorLabel', () => {
  it.each([
    [['DynamoDb.ConditionalCheckFailedException'], 'ConditionalCheckFailed'],
    [['States.ALL'], 'any error'],
    [['A.XException', 'B.Y'], 'X, Y'],
    [['DynamoDb.ConditionalCheckFailedException', 'States.Timeout'], ''],
  ])('makes of %j %j', (errors, label) => expect(errorLabel(errors)).toBe(label));
});

describe('resourceCaption', () => {
  it.each([
    ['arn:aws:states:::aws-sdk:dynamodb:batchGetItem', 'DynamoDB · BatchGetItem'],
    ['arn:aws:states:::sqs:sendMessage.waitForTaskToken', 'SQS · SendMessage'],
    ['arn:aws:states:::aws-sdk:textract:detectText', 'Textract · DetectText'],
    ['arn:aws:lambda:us-east-1:123456789012:function:f', 'Lambda'],
  ])('makes of %s %s', (resource, caption) => expect(resourceCaption(resource)).toBe(caption));
});

describe('mapCaption', () => {
  it('says how many items run at once, where that is limited', () => {
    expect([mapCaption(40), mapCaption(0), mapCaption(undefined), mapCaption('{% $n %}')]).toEqual([
      'up to 40 at once',
      ...['each item', 'each item', 'each item'],
    ]);
  });
});
