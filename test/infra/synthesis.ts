import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { App, AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

import { optionPrefix } from '../../infra/config.ts';
import { createApp } from '../../infra/create-app.ts';

/** A template, as far as tests read it. */
export const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      DeletionPolicy: z.string().optional(),
    }),
  ),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
});

export type SynthesizedTemplate = z.output<typeof templateSchema>;

/** The stacks of the app. */
export type StackName = 'TweetPipes' | 'TweetLake' | 'SalesLake';

/** Its templates, by stack. */
type SynthesizedApp = Record<StackName, SynthesizedTemplate> & { Notebook?: SynthesizedTemplate };

/** The app with these options, to be synthesized; names are without their prefix. */
export function appWith(options: Record<string, unknown> = {}, props: AppProps = {}): App {
  const given = Object.entries(options).map(([name, value]) => [optionPrefix + name, value]);
  // The function's code does not matter here, nor where a construct is made. Bundling and stack traces take long.
  const quick = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-creation-stack-traces': true };
  return createApp({ ...props, context: { ...quick, ...Object.fromEntries(given) } });
}

/** The template that these options give; names are without their prefix. */
export function synthesize(
  options: Record<string, unknown> = {},
  stack: StackName = 'TweetPipes',
): SynthesizedTemplate {
  return synthesizeAll(options)[stack];
}

/** By options: templates for the tests of all files of this worker. */
const synthesized = new Map<string, SynthesizedApp>();

/** The templates that these options give, by stack: the caller's own. */
export function synthesizeAll(options: Record<string, unknown> = {}): SynthesizedApp {
  const key = JSON.stringify(options);
  // Checking against the schemas of CloudFormation takes longer than all the rest.
  const props = { builtinCloudFormationValidation: false, treeMetadata: false };
  const templates = synthesized.get(key) ?? synthesizeApp(options, props, () => {});
  synthesized.set(key, templates);
  return structuredClone(templates);
}

/**
 * The same, after `change`, and checked as for a deployment: throws on what CloudFormation or a plugin does not accept.
 */
export function synthesizeChecked(
  options: Record<string, unknown>,
  change: (app: App) => void = () => {},
  props: AppProps = {},
): SynthesizedTemplate {
  return synthesizeApp(options, props, change).TweetPipes;
}

function synthesizeApp(options: Record<string, unknown>, props: AppProps, change: (app: App) => void): SynthesizedApp {
  const outdir = mkdtempSync(join(tmpdir(), 'tweet-pipes-synth-'));
  try {
    const app = appWith(options, { ...props, outdir });
    change(app);
    const assembly = app.synth();
    const template = (stack: string) => templateSchema.parse(assembly.getStackByName(stack).template);
    const hasNotebook = assembly.stacks.some(({ stackName }) => stackName === 'Notebook');
    return {
      ...(hasNotebook ? { Notebook: template('Notebook') } : {}),
      TweetPipes: template('TweetPipes'),
      TweetLake: template('TweetLake'),
      SalesLake: template('SalesLake'),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The template that these options give, for the matchers of aws-cdk-lib/assertions. */
export function synthesizeForAssertions(options: Record<string, unknown> = {}, stack?: StackName): Template {
  return Template.fromJSON(synthesize(options, stack));
}

/** The resources of one type: logical id → properties. */
export function ofType(template: SynthesizedTemplate, type: string): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => [id, resource.Properties]),
  );
}

/** The types of the resources that outputs name, by output. */
export function typesOfOutputs(
  { Resources }: SynthesizedTemplate,
  outputs: SynthesizedTemplate['Outputs'],
): Record<string, string | undefined> {
  const types = Object.entries(outputs).map(([name, { Value }]) => {
    const [id = ''] = Object.keys(Resources).filter((logicalId) => JSON.stringify(Value).includes(`"${logicalId}"`));
    return [name, Resources[id]?.Type];
  });
  return Object.fromEntries(types);
}
