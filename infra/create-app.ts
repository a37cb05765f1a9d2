import { App, type AppProps } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

import { readConfig } from './config.ts';
import { TweetPipesStack } from './tweet-pipes-stack.ts';

/**
 * The CDK app with its stack `TweetPipes`, for any account and region. Options come from the context: cdk.json, `-c`,
 * or the environment variable CDK_CONTEXT_JSON when the CDK CLI is not used. The feature flags are those that the
 * pinned aws-cdk-lib recommends and are set here and not in cdk.json, so that every way to synthesize gives the same
 * template. Throws ConfigurationError.
 */
export function createApp(props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props, context: { ...featureFlags, ...props.context } });
  const config = readConfig(app.node.getAllContext());
  new TweetPipesStack(app, 'TweetPipes', {
    config,
    description: 'Tweets through Kinesis, Pipes and Step Functions into exact hashtag counts.',
  });
  return app;
}
