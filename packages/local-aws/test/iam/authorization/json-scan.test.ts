import { expect, it } from '@jest/globals';
import { everyMember, firstMember } from '../../../src/iam/authorization/json-scan.ts';

it.each([
  { body: '{"TableName":"T","Key":{"id":{"S":"é"}}}', name: 'T' },
  {
    body: '{"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/T"}',
    name: 'arn:aws:dynamodb:us-east-1:000000000000:table/T',
  },
  { body: '{"TableName":""}', name: '' },
  // What only a parse can tell.
  { body: '{"Key":{},"TableName":"T"}', name: undefined },
  { body: '{ "TableName":"T"}', name: undefined },
  { body: '{"TableName": "T"}', name: undefined },
  { body: '{"TableName":"T","TableName":"U"}', name: undefined },
  { body: '{"TableName":"T","Item":{"TableName":{"S":"U"}}}', name: undefined },
  { body: '{"TableName":"T","\\u0054ableName":"U"}', name: undefined },
  { body: '{"TableName":"T\\u0055"}', name: undefined },
  { body: '{"TableName":"T\\"U"}', name: undefined },
  { body: '{"TableName":"Té"}', name: undefined },
  { body: '{"TableName":"T', name: undefined },
  { body: '{"TableName":1}', name: undefined },
  { body: '', name: undefined },
])('the first member of $body', ({ body, name }) => {
  expect(firstMember(Buffer.from(body), 'TableName')).toBe(name);
});

it.each([
  { body: '{"Statements":[]}', texts: [] },
  {
    body: '{"Statements":[{"Statement":"A"},{"Statement":"A"},{"Parameters":[{"S":"é"}],"Statement":"B"}]}',
    texts: ['A', 'B'],
  },
  { body: '{"Statements":[{"Statement":"A"},{"Statement":"AB"},{"Statement":""}]}', texts: ['A', 'AB', ''] },
  { body: '{"Statement":"INSERT INTO \\"T\\" VALUE {\'id\': ?}"}', texts: ['INSERT INTO "T" VALUE {\'id\': ?}'] },
  { body: '{"Statement":"\\"A\\""}', texts: ['"A"'] },
  { body: '{"Statement":"A","Parameters":[{"S":"\\"Statement\\":\\"B\\""}]}', texts: ['A'] },
  // What only a parse can tell.
  { body: '{"Statement" :"A"}', texts: undefined },
  { body: '{"Statement": "A"}', texts: undefined },
  { body: '{"Statement":1}', texts: undefined },
  { body: '{"Statement":"A"},{"Parameters":[{"S":"Statement"}]}', texts: undefined },
  { body: '{"a\\"Statement":"A"}', texts: undefined },
  { body: '{"\\u0053tatement":"A"}', texts: undefined },
  { body: '{"Statement":"A\\n"}', texts: undefined },
  { body: '{"Statement":"A\\\\"}', texts: undefined },
  { body: '{"Statement":"é"}', texts: undefined },
  { body: '{"Statement":"A', texts: undefined },
])('every member of $body', ({ body, texts }) => {
  expect(everyMember(Buffer.from(body), 'Statement')).toEqual(texts);
});
