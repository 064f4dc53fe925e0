#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';

const [major = 0] = process.versions.node.split('.').map(Number);
const program = new URL('../dist/program.mjs', import.meta.url);

if (major < 22) {
  console.error(`sonorancad: Node 22 or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
if (!existsSync(program)) {
  console.error('sonorancad: the program is not built yet: run "npm run build" in the folder of its package.json.');
  process.exit(1);
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const { runProgram } = await import(program.href);
process.exit(await runProgram(process.argv.slice(2), version));
