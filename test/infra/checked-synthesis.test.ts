import { describe, expect, it } from '@jest/globals';
import { type App, CfnResource, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { synthesizeChecked } from './synthesis.ts';

/** Synthesizes under the rules of cdk-nag's AWS Solutions pack; throws for a finding that no construct acknowledges. */
const check = (options: Record<string, unknown> = {}) =>
  synthesizeChecked(options, (app) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app)));

// The rules of CloudFormation take seconds to load, so all that needs them is in this file.

describe('CloudFormation', () => {
  it('does not synthesize with a property that CloudFormation does not know', () => {
    const withUnknownProperty = () =>
      synthesizeChecked({}, (app) => {
        const pipe = app.node.findAll().find((child) => child.node.path === 'TweetPipes/Ingest/Pipe');
        if (pipe instanceof CfnResource) pipe.addPropertyOverride('SourceParameters.KinesisStreamParameters.Window', 1);
      });

    expect(withUnknownProperty).toThrow("('Window' was unexpected)");
  });
});

describe('cdk-nag', () => {
  it('has no finding that a construct does not acknowledge', () => {
    expect(() => check()).not.toThrow();
    expect(() =>
      check({
        shards: 2,
        removal: 'destroy',
        alarmEmail: 'a@example.com',
        archiveContent: 'keys',
        sentiment: 'comprehend',
        notebook: true,
      }),
    ).not.toThrow();
  });

  it('finds what is wrong', () => {
    const removeTls = (app: App) => {
      const policy = app.node.findAll().find(({ node }) => node.path === 'TweetPipes/ArchiveBucket/Policy');
      policy?.node.scope?.node.tryRemoveChild('Policy');
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    };
    const withoutTls = () => synthesizeChecked({}, removeTls, { builtinCloudFormationValidation: false });

    expect(withoutTls).toThrow('AwsSolutions-S10');
  });
});
