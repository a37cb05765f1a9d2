import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { normalizationTables } from '../../../infra/normalization-tables.ts';
import { readWorkflow } from '../../../infra/workflow-definition.ts';
import { ofType, synthesize, synthesizeForAssertions } from '../synthesis.ts';

const stateMachine = z.looseObject({
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.unknown()),
});

function workflow(options: Record<string, unknown> = {}): z.output<typeof stateMachine> {
  return stateMachine.parse(Object.values(ofType(synthesize(options), 'AWS::StepFunctions::StateMachine'))[0]);
}

describe('IngestWorkflow', () => {
  it('is the definition file, as JSON', () => {
    expect(JSON.parse(workflow().DefinitionString)).toEqual(readWorkflow('ingest'));
  });

  it('fills every hole of the definition, and has nothing to fill in besides', () => {
    const { DefinitionString, DefinitionSubstitutions } = workflow();
    const holes = new Set([...DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));

    expect(Object.keys(DefinitionSubstitutions).sort()).toEqual([...holes].sort());
  });

  it('is ASCII, since CloudFormation gives other characters back as question marks', () => {
    expect(JSON.stringify(workflow())).toMatch(/^[ -~]*$/);
  });

  it('has the tables of normal forms where the definition is parsed', () => {
    const { DefinitionSubstitutions } = workflow();
    const parsed = Object.keys(normalizationTables()).map((hole) => [
      hole,
      JSON.parse(`"${DefinitionSubstitutions[hole]}"`),
    ]);
    expect(Object.fromEntries(parsed)).toEqual(normalizationTables());
  });

  it('says in seconds how long tweets and deletions are kept', () => {
    expect(workflow({ tweetRetentionDays: 2, deletionRetentionDays: 3 }).DefinitionSubstitutions).toMatchObject({
      TweetRetentionSeconds: '172800',
      DeletionRetentionSeconds: '259200',
    });
  });

  it('ends before the pipe, which waits five minutes, delivers the batch again', () => {
    expect(JSON.parse(workflow().DefinitionString).TimeoutSeconds).toBeLessThan(300);
  });

  it('is an Express workflow that logs every state, without data, and is traced', () => {
    synthesizeForAssertions().hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'EXPRESS',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
    synthesizeForAssertions({ executionData: true }).hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { IncludeExecutionData: true },
    });
    synthesizeForAssertions({ logRetentionDays: 5 }).hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/TweetPipes-ingest',
      RetentionInDays: 5,
    });
  });

  it('without logs and tracing asks for no right to either', () => {
    const quiet = JSON.stringify(synthesize({ logLevel: 'OFF', tracing: false }));

    expect(quiet).not.toContain('LoggingConfiguration');
    expect(quiet).not.toContain('vendedlogs/states');
    expect(quiet).not.toContain('logs:CreateLogDelivery');
    expect(quiet).not.toContain('xray:');
  });
});
