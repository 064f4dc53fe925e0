import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends a shell that leads a process group of its own, and all that it has started.
 *
 * @param isFinal whether they are not asked but killed
 */
export function endProcessTree(child: ChildProcess, isFinal: boolean): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    // Windows has no groups, and the end of a shell leaves what it has started running.
    const tool = spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    tool.on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-pid, isFinal ? 'SIGKILL' : 'SIGTERM');
  } catch {
    // All of them have ended by themselves.
  }
}
