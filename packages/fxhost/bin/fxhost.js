#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Plain JavaScript that an old Node can parse, so that it can say which one is needed.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  const { runCommandLine } = await import('../dist/cli/command-line.js');
  await runCommandLine(process.argv.slice(2));
} else {
  console.error(`fxhost needs Node.js 22.13 or newer, and this is ${process.versions.node}.`);
  process.exitCode = 2;
}
