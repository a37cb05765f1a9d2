/** The source of a pipe that hands records to a workflow, for records that no pipe has read. */
export const examplePipe = {
  arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/tweets',
  region: 'us-east-1',
  roleArn: 'arn:aws:iam::000000000000:role/pipe',
};

/** What its input template may name besides the event. */
export const examplePipeVariables = {
  'aws.pipes.pipe-arn': '',
  'aws.pipes.pipe-name': '',
  'aws.pipes.source-arn': examplePipe.arn,
  'aws.pipes.enrichment-arn': '',
  'aws.pipes.target-arn': '',
  'aws.pipes.event.ingestion-time': '',
};
