// Ends the process with one sentence where this Node cannot run the programs, which are TypeScript as it stands. It is
// JavaScript that old versions read, and is imported before everything else.

const REQUIRED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) < REQUIRED_MAJOR) {
  console.error(
    `tweet-pipes needs Node ${REQUIRED_MAJOR} or later, and this is Node ${process.versions.node} (${process.execPath}): ` +
      'start it with npm or npx after npm ci, which brings Node 24 for most platforms, or install Node 24 (docs/platforms.md).',
  );
  process.exit(1);
}
