/** The lines that point a shell at a local runtime. */
export function environmentLines(endpoint: string, region = 'us-east-1'): string[] {
  return [
    `export AWS_ENDPOINT_URL=${endpoint}`,
    // boto3 and version 1 of the AWS CLI read AWS_DEFAULT_REGION, everything else reads AWS_REGION.
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    'export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    'export AWS_DISABLE_HOST_PREFIX_INJECTION=true',
  ];
}

/** What the lines do beside what one wants of them, for people. */
export const ENVIRONMENT_WARNING =
  'With AWS_ENDPOINT_URL set, every AWS tool of that shell works here, cdk deploy too; without it, on AWS.';
