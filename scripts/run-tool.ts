import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';

/** How a tool ended. */
export interface ToolResult {
  /** Its exit code; 1 when a signal ended it. */
  readonly code: number;
  /** What it printed, or '' when it printed to our own console. */
  readonly output: string;
}

interface ToolOptions {
  /** Keeps what the tool prints instead of letting it print at once. */
  readonly capture?: boolean;
  /** Path of the engine; this one unless given. */
  readonly engine?: string;
  /** Flags for the engine, which stand before the program. */
  readonly engineFlags?: readonly string[];
}

/**
 * Runs a development tool on this engine, in the repository's folder. A signal that ends us ends it too.
 *
 * @param program path of its JavaScript file, from the repository's folder
 */
export function runTool(program: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      options.engine ?? process.execPath,
      [...(options.engineFlags ?? []), join(projectRoot, program), ...args],
      {
        cwd: projectRoot,
        stdio: options.capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      },
    );
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.once('SIGTERM', forward).once('SIGHUP', forward);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGTERM', forward).off('SIGHUP', forward);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
