import { describe, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { synthesizeForAssertions } from '../synthesis.ts';

const template = synthesizeForAssertions();
const table = (id: string) => ({ Ref: Match.stringLikeRegexp(`^Tables${id}`) });

describe('FlattenFunction', () => {
  it('runs on Node 24 for both archives', () => {
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 60,
      MemorySize: 512,
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^FlattenRemovalsLogs') } },
    });
  });

  it('knows which table is which, by physical name', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          TABLE_LABELS: {
            'Fn::Join': ['', ['{"', table('Tweets'), '":"tweets","', table('Hashtags'), '":"hashtags"}']],
          },
        },
      },
    });
  });

  it.each(['full', 'keys'])('archives what archiveContent = %s says', (archiveContent) => {
    synthesizeForAssertions({ archiveContent }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ARCHIVE_CONTENT: archiveContent }) },
    });
  });
});
