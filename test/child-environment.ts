/**
 * The environment of a child process: of this one only what every program needs, so that no credentials and no endpoint
 * of the developer decide a test; without colors, and without a search for keys of an EC2 instance.
 */
export function childEnvironment(more: Readonly<Record<string, string | undefined>> = {}) {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE, NO_COLOR: '1', AWS_EC2_METADATA_DISABLED: 'true', ...more };
}
