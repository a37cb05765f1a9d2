/** The name in the ARN of a log group, with or without `:*`. Else the text is a name already. */
export function groupNameOf(identifier: string): string {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(identifier)?.[1] ?? identifier;
}
