/** The name of a log group by its ARN, `arn:aws:logs:<region>:<account>:log-group:<name>`, also with `:*` behind. */
export function logGroupNameOf(arn: string): string {
  return arn.replace(/^.*:log-group:/, '').replace(/:\*$/, '');
}
