import { isProgram } from './is-program.ts';
import { runTool, type ToolResult } from './run-tool.ts';

/**
 * Checks types and lint of the whole repository, and keeps what the tools print.
 *
 * @returns code 0 when there is nothing to complain about
 */
export async function check(): Promise<ToolResult> {
  const results = await Promise.all([
    runTool('node_modules/typescript/bin/tsc', ['--noEmit', '-p', '.'], { capture: true }),
    runTool('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=200'], {
      capture: true,
    }),
  ]);
  return {
    code: results.every(({ code }) => code === 0) ? 0 : 1,
    output: results.map(({ output }) => output).join(''),
  };
}

if (isProgram(import.meta.url)) {
  const { code, output } = await check();
  process.stdout.write(output);
  process.exitCode = code;
}
