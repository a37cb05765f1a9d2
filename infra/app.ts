import { ConfigurationError } from './configuration-error.ts';
import { createApp } from './create-app.ts';

try {
  createApp().synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
