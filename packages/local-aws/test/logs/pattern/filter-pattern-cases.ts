/** The page in parts: FilterAndPatternSyntax, and its part on JSON. */
const GUIDE = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html';

/** A pattern with messages that it matches and that it does not. `source`: where AWS documents it. */
export interface PatternCase {
  readonly pattern: string;
  readonly matches: readonly string[];
  readonly misses: readonly string[];
  readonly source: string;
}

const orMessages = ['ERROR WARN message', 'ERROR message', 'WARN message'] as const;
const trail = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
});
const users = JSON.stringify({
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [
    { id: 2, email: 'John.Doe@example.com' },
    { id: 3, email: 'Jane.Doe@example.com' },
  ],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
});
const numbers = JSON.stringify({
  latency: 600,
  numbers: [5],
  processes: [0, 0, 0, 0, { averageRuntime: 55.5 }],
  errorCode: 400,
});
const OLD = 'https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide (doc_source/FilterAndPatternSyntax.md)';

export const patternCases: readonly PatternCase[] = [
  { pattern: '', matches: ['anything', ''], misses: [], source: GUIDE },
  {
    pattern: 'ERROR',
    matches: ['[ERROR] A fatal exception has occurred', 'Exiting with ERRORCODE: -1'],
    misses: ['[error] lower case'],
    source: OLD,
  },
  {
    pattern: 'ERROR -Exiting',
    matches: ['[ERROR] A fatal exception has occurred'],
    misses: ['Exiting with ERRORCODE: -1'],
    source: OLD,
  },
  {
    pattern: 'ERROR Exception',
    matches: ['[ERROR] Caught IllegalArgumentException', '[ERROR] Unhandled Exception'],
    misses: ['[ERROR] no'],
    source: OLD,
  },
  {
    pattern: '"Failed to process the request"',
    matches: ['[WARN] Failed to process the request'],
    misses: ['[WARN] the request Failed to process'],
    source: OLD,
  },
  { pattern: '?ERROR ?WARN', matches: orMessages, misses: ['INFO message'], source: OLD },
  { pattern: 'ERROR WARN', matches: orMessages.slice(0, 1), misses: orMessages.slice(1), source: OLD },
  { pattern: 'ERROR -WARN', matches: ['ERROR message'], misses: ['ERROR WARN message', 'WARN message'], source: OLD },
  // "If you combine the question mark with other filter patterns, the question mark terms are ignored."
  { pattern: '?ERROR ?WARN message', matches: ['INFO message', ...orMessages], misses: ['ERROR'], source: GUIDE },
  {
    pattern: '%AUTHORIZED%',
    matches: ['[ERROR 401] UNAUTHORIZED REQUEST', '[SUCCESS 200] AUTHORIZED REQUEST'],
    misses: ['[ERROR 400] BAD REQUEST'],
    source: GUIDE,
  },
  { pattern: '%gr[ae]y|colou?r%', matches: ['grey', 'a color'], misses: ['gruy'], source: GUIDE },
  { pattern: String.raw`%10\.10\.0\.1%`, matches: ['from 10.10.0.1'], misses: ['10x10.0.1'], source: GUIDE },
  {
    pattern: '{ $.eventType = "UpdateTrail" }',
    matches: [trail],
    misses: ['{}', 'UpdateTrail', '["UpdateTrail"]'],
    source: OLD,
  },
  {
    pattern: '{$.foo = bar || $.foo = baz }',
    matches: ['{"foo":"bar"}', '{"foo":"baz"}'],
    misses: ['{"foo":"b"}'],
    source: OLD,
  },
  {
    pattern: '{ $.sourceIPAddress != 123.123.* }',
    matches: [trail],
    misses: ['{"sourceIPAddress":"123.123.4.5"}', '{}'],
    source: OLD,
  },
  { pattern: '{ $.eventType = *Trail }', matches: [trail], misses: ['{"eventType":"Trails"}'], source: OLD },
  { pattern: '{ $.eventType = Up*ail }', matches: ['{"eventType":"Up*ail"}'], misses: [trail], source: OLD },
  { pattern: '{ $.eventType = * }', matches: [trail], misses: ['{}', '{"eventType":null}'], source: OLD },
  { pattern: '{ $.eventType = %Trail$% }', matches: [trail], misses: ['{"eventType":"Trails"}'], source: GUIDE },
  { pattern: '{ $.arrayKey[0] = "value" }', matches: [trail], misses: ['{"arrayKey":{"0":"value"}}'], source: OLD },
  { pattern: '{ $.objectList[1].id = 2 }', matches: [trail], misses: ['{"objectList":[{"id":2}]}'], source: OLD },
  { pattern: '{ $.objectList[*].name = b }', matches: [trail], misses: ['{"objectList":[]}'], source: GUIDE },
  {
    pattern: '{ $.*.email = "John.Stiles@example.com" }',
    matches: [users],
    misses: ['{"email":"John.Stiles@example.com"}'],
    source: GUIDE,
  },
  { pattern: '{ $.SomeObject IS NULL }', matches: [trail], misses: ['{}', '{"SomeObject":0}'], source: OLD },
  { pattern: '{ $.SomeOtherObject NOT EXISTS }', matches: [trail], misses: ['{"SomeOtherObject":null}'], source: OLD },
  {
    pattern: '{ $.ThisFlag IS TRUE }',
    matches: [trail],
    misses: ['{"ThisFlag":false}', '{"ThisFlag":"true"}'],
    source: OLD,
  },
  { pattern: '{ $.ThisFlag IS FALSE }', matches: ['{"ThisFlag":false}'], misses: [trail], source: OLD },
  {
    pattern: '{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }',
    matches: [users],
    misses: ['{}'],
    source: OLD,
  },
  {
    pattern: '{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }',
    matches: [],
    misses: [users],
    source: OLD,
  },
  {
    pattern: '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }',
    matches: [users],
    misses: [],
    source: OLD,
  },
  {
    pattern:
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
    matches: [],
    misses: [users],
    source: OLD,
  },
  { pattern: '{ $.users = 1 }', matches: [], misses: ['{"users":[1,2,3]}'], source: OLD },
  { pattern: '{ $.users != 1 }', matches: [], misses: ['{"users":[1,2,3]}'], source: OLD },
  {
    pattern: '{ $.latency >= 500 }',
    matches: [numbers],
    misses: ['{"latency":499}', '{"latency":"600"}'],
    source: OLD,
  },
  { pattern: '{ $.numbers[0] < 10e3 }', matches: [numbers], misses: ['{"numbers":[10000]}'], source: OLD },
  { pattern: '{ $.numbers[0] < 10e-3 }', matches: [], misses: [numbers], source: OLD },
  { pattern: '{ $.processes[4].averageRuntime <= 55.5 }', matches: [numbers], misses: ['{}'], source: OLD },
  { pattern: '{ $.errorCode = 400 }', matches: [numbers], misses: ['{"errorCode":401}'], source: OLD },
  { pattern: '{ $.errorCode != 500 }', matches: [numbers], misses: ['{"errorCode":500}'], source: OLD },
  { pattern: '{ $.latency > +1000 }', matches: ['{"latency":1000.5}'], misses: [numbers], source: OLD },
  // Ours: an Express event, whose numbers are text, and JSON that escapes what the pattern names.
  {
    pattern: '{ $.type = "ExecutionFailed" && $.id = 7 }',
    matches: ['{"id":"7","type":"ExecutionFailed"}'],
    misses: ['{"id":"8","type":"ExecutionFailed"}'],
    source: 'this project',
  },
  {
    pattern: '{ $.type = "Execution" }',
    matches: [String.raw`{"type":"\u0045xecution"}`],
    misses: ['{"type":"Execution2"}'],
    source: 'this project',
  },
  {
    pattern: String.raw`{ $.a = "say \"hi\"" }`,
    matches: [String.raw`{"a":"say \"hi\""}`],
    misses: ['{"a":"say hi"}'],
    source: 'this project',
  },
];

/** Patterns that are refused, with what is said about them. */
export const invalidPatterns: readonly (readonly [pattern: string, said: RegExp])[] = [
  ['foo-bar', /^Invalid character\(s\) in term 'foo-bar'/],
  ['"open', /expected a term/],
  ['%(a)%', /not supported/],
  ['%a', /expected a term/],
  ['[ip, user]', /does not support patterns of fields between spaces/],
  ['{ $.a = 1', /expected &&, \|\| or \} at character 10, found its end/],
  ['{ $.a }', /expected a comparison/],
  ['{ a = 1 }', /expected a property selector/],
  ['{ $.a > x }', /expected a number/],
  ['{ $.a = }', /expected a value/],
  ['{ $.a[*].b[*] = 1 }', /at most one \*/],
  ['{ ($.a = 1 }', /expected &&, \|\| or \)/],
  ['{ $.a = 1 } x', /nothing behind/],
];
