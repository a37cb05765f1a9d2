import type { RuntimeOptions } from './runtime-options.ts';

/** The account of all resources. */
export const ACCOUNT_ID = '000000000000';

type AppOptions = Pick<RuntimeOptions, 'appFolder' | 'app' | 'context' | 'region'>;

/** The region of all resources. */
export function regionOf({ region }: AppOptions): string {
  return region ?? (process.env.AWS_REGION || 'us-east-1');
}

/** How the app is synthesized. */
export function appOf(options: AppOptions) {
  const { appFolder = process.cwd(), app, context = {} } = options;
  const environment = { CDK_DEFAULT_ACCOUNT: ACCOUNT_ID, CDK_DEFAULT_REGION: regionOf(options) };
  return { appFolder, app, context, environment };
}
