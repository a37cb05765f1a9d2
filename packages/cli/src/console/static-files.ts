import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildPage, type PageFiles } from '@tweet-pipes/console/build';
import type { WireResponse } from '@tweet-pipes/local-aws';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { fileAnswer } from './answers.ts';

/** Where bundles of the page are kept. Anybody may delete it. */
const cacheFolder = join(PROJECT_FOLDER, 'node_modules/.cache/tweet-pipes/console');

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230058c4'/%3E%3Cpath d='M3 5h10M5 8h6M7 11h2' stroke='white' stroke-width='2'/%3E%3C/svg%3E";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tweet-pipes</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/_console/console.css">
<script type="module" src="/_console/page.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>The console page needs JavaScript. Without it: npx tweet-pipes status, logs, trace.</noscript>
</body>
</html>
`;

/** Serves the page's files, bundled when the first one is asked for. */
export function createStaticFiles(): (path: string, knownTag: string | undefined) => Promise<WireResponse | undefined> {
  const pageTag = createHash('sha256').update(page).digest('hex');
  let built: Promise<PageFiles> | undefined;
  const files = () => {
    built ??= buildPage(cacheFolder).catch((error: unknown) => {
      built = undefined;
      throw error;
    });
    return built;
  };
  return async (path, knownTag) => {
    switch (path) {
      case '/_console':
      case '/_console/':
        void files().catch(() => {}); // The files come next, and say what failed.
        return fileAnswer('text/html; charset=utf-8', Buffer.from(page), pageTag, knownTag);
      case '/_console/page.js': {
        const { script, hash } = await files();
        return fileAnswer('text/javascript; charset=utf-8', script, hash, knownTag);
      }
      case '/_console/console.css': {
        const { style, hash } = await files();
        return fileAnswer('text/css; charset=utf-8', style, hash, knownTag);
      }
      default:
        return undefined;
    }
  };
}
