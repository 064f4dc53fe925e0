import { isProgram } from './is-program.ts';
import { runTool, type ToolResult } from './run-tool.ts';
import { brokenWalls } from './walls.ts';

/**
 * Checks types, lint and the walls between folders of the whole repository, and keeps the findings.
 *
 * @returns code 0 when there is nothing to complain about
 */
export async function check(): Promise<ToolResult> {
  const results = await Promise.all([
    runTool('node_modules/typescript/bin/tsc', ['--noEmit', '-p', '.'], { capture: true }),
    // The page runs in browsers: it has other globals than the rest.
    runTool('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'src/inspector/page'], { capture: true }),
    runTool('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=200'], {
      capture: true,
    }),
  ]);
  const broken = brokenWalls();
  return {
    code: results.every(({ code }) => code === 0) && broken.length === 0 ? 0 : 1,
    output: [...results.map(({ output }) => output), ...broken.map((line) => `${line}\n`)].join(''),
  };
}

if (isProgram(import.meta.url)) {
  const { code, output } = await check();
  process.stdout.write(output);
  process.exitCode = code;
}
