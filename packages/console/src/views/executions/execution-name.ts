/** `arn:…:express:<workflow>:<name>:<id>` → the name */
export function executionName(arn: string): string {
  return arn.split(':').at(-2) ?? arn;
}
