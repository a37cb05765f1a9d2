import { Annotations, App, type AppProps } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

import { optionPrefix, optionsWithoutPrefix, readConfig } from './config.ts';
import { NotebookStack } from './notebook-stack.ts';
import { SalesLakeStack } from './sales-lake-stack.ts';
import { TweetLakeStack } from './tweet-lake-stack.ts';
import { TweetPipesStack } from './tweet-pipes-stack.ts';

/**
 * The CDK app for any account and region: the stacks `TweetPipes`, `TweetLake`, which needs it, `SalesLake`, which
 * needs none, and if it is asked for `Notebook`, which needs `TweetLake`. Options come from the context: cdk.json,
 * `-c`, or the environment variable CDK_CONTEXT_JSON when the CDK CLI is not used. The feature flags are those that
 * the pinned aws-cdk-lib recommends and are set here and not in cdk.json, so that every way to synthesize gives the
 * same template. Throws ConfigurationError.
 */
export function createApp(props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props, context: { ...featureFlags, ...props.context } });
  const context = app.node.getAllContext();
  const config = readConfig(context);
  const stack = new TweetPipesStack(app, 'TweetPipes', {
    config,
    description: 'Tweets through Kinesis, Pipes and Step Functions into exact hashtag counts.',
  });
  const lake = new TweetLakeStack(app, 'TweetLake', {
    core: stack,
    config,
    description: 'Tweets in S3, by the hour, for Athena.',
  });
  lake.addStackDependency(stack, 'it imports the names of stream, bucket and topic');
  if (config.notebook) {
    const notebook = new NotebookStack(app, 'Notebook', {
      lake,
      config,
      description: 'A notebook for the tweet lake.',
    });
    notebook.addStackDependency(lake, 'it imports the name of the bucket');
  }
  new SalesLakeStack(app, 'SalesLake', { config, description: 'Changes of orders in S3, by the hour, for Athena.' });
  for (const name of optionsWithoutPrefix(context)) {
    const hint = `-c ${name}=… has no effect. The option is ${optionPrefix}${name}: -c ${optionPrefix}${name}=…`;
    Annotations.of(stack).addWarningV2(`${optionPrefix}prefix:${name}`, hint);
  }
  return app;
}
