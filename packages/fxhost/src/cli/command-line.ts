import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FxHost } from '../fx-host.ts';
import { startHost } from '../host.ts';
import { completions, createConsole, type HostConsole } from './console.ts';
import { findResources, folderOfResources, isResource } from './find-resources.ts';
import { guardProcess } from './guard-process.ts';
import { type CommandLineOptions, readOptions, USAGE } from './options.ts';
import { createPlayers, PLAYERS_USAGE } from './players.ts';
import { watchResources } from './watch-resources.ts';

/** Convars that FXServer has from its start, so that a server.cfg sets them by their name alone. */
const SERVER_CFG_CONVARS = {
  onesync: 'on',
  steam_webApiKey: '',
  sv_endpointPrivacy: 'true',
  sv_enforceGameBuild: '',
  sv_hostname: 'fxhost',
  sv_licenseKey: '',
  sv_maxclients: '48',
  sv_scriptHookAllowed: 'false',
} as const;
/** Commands of a server.cfg for which there is nothing to do here. */
const WITHOUT_EFFECT = ['endpoint_add_tcp', 'endpoint_add_udp', 'load_server_icon'] as const;

const HELP = `${PLAYERS_USAGE}
restart <resource>          starts it again, as after a change
quit                        ends the server
And all commands of the server and its resources:`;

/** Runs the command `fxhost`, and sets the process's exit code. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return console.log(USAGE);
  if (args.includes('--version')) return console.log(version());
  let options: CommandLineOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    return fail(2, `${(error as Error).message}\n\n${USAGE}`);
  }
  const missing = options.resources.find((folder) => !isResource(folder));
  if (missing !== undefined) return fail(1, `${missing} is no resource: it has no fxmanifest.lua.`);
  if (options.cfg !== null && !existsSync(options.cfg)) return fail(1, `${options.cfg} does not exist.`);
  await run(options).catch((error) => fail(1, describeError(error)));
}

function version(): string {
  const file = join(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function fail(code: number, message: string): void {
  console.error(message);
  process.exitCode = code;
}

/** @returns what happened and what the user can do about it */
export function describeError(error: unknown): string {
  const { code, port, message, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE' && port !== undefined)
    return `Port ${port} is in use: end the program that listens there, or give another --port.`;
  return code === undefined ? message : (stack ?? message);
}

async function run(options: CommandLineOptions): Promise<void> {
  const { cfg, data } = options;
  const shell = createConsole(() => void end());
  const host = await startHost({
    port: options.port,
    ...(data !== null && { root: data }),
    ...(cfg !== null && { configFolder: dirname(cfg) }),
    convars: { ...(cfg !== null && SERVER_CFG_CONVARS), ...options.convars },
    log: shell.print,
    onFatal: (error) => {
      console.error(error.message);
      process.exit(1);
    },
  });
  const end = () => host.close();
  const failHost = (error: unknown) => {
    fail(1, describeError(error));
    process.exit();
  };
  guardProcess(host, shell.print, failHost);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
  const folders = addResources(host, options, shell);
  const players = createPlayers(host, shell.print);
  for (const player of options.players) players.join(player);

  for (const command of WITHOUT_EFFECT) host.natives.commands.define(command, () => {});
  if (cfg !== null) host.execute(`exec "${basename(cfg)}"`);
  const named = options.resources.map((folder) => basename(folder));
  for (const name of named) host.ensure(name);
  const isStopped = (name: string) => host.resourceState(name) !== 'started';
  const failed = new Set(named.filter(isStopped));
  announce(host, shell);

  const reload = (resource: string, file: string) => {
    shell.print(`[fxhost] ${resource}/${file} changed.`);
    if (isStopped(resource) && !failed.has(resource)) return;
    try {
      host.refresh();
      if (host.ensure(resource)) failed.delete(resource);
    } catch (error) {
      shell.print(`[fxhost] ^1${resource} was not restarted: ${(error as Error).message}^7`);
    }
  };
  const stopWatching = options.watch ? watchResources(folders, reload) : () => {};
  shell.listen(
    (line) => {
      if (players.run(line)) return;
      if (line.trim() === 'help') shell.print(HELP);
      host.execute(line);
    },
    (line) => completions(host, line, ['as', 'drop', 'join']),
  );
  await host.closed;
  stopWatching();
  shell.close();
  if (failed.size > 0 || host.failedScripts.length > 0) process.exitCode = 1;
}

/**
 * Adds the resources of the command line, those beside each of them, and those of a server.cfg.
 *
 * @returns the folder of each, by its name
 * @throws when FXServer would refuse the manifest of a resource that the command line names
 */
function addResources(host: FxHost, { resources, cfg }: CommandLineOptions, shell: HostConsole): Map<string, string> {
  const folders = new Map<string, string>();
  const add = (folder: string) => {
    host.addResource(folder);
    folders.set(basename(folder), folder);
  };
  for (const folder of resources) add(folder);
  const around = new Set(resources.map(folderOfResources));
  if (cfg !== null) around.add(join(dirname(cfg), 'resources'));
  for (const folder of [...around].flatMap(findResources)) {
    if (folders.has(basename(folder))) continue;
    try {
      add(folder);
    } catch (error) {
      shell.print(`[fxhost] ^3Left out ${folder}: ${(error as Error).message}^7`);
    }
  }
  return folders;
}

function announce(host: FxHost, shell: HostConsole): void {
  const running = host.resourceNames().filter((name) => host.resourceState(name) === 'started');
  shell.print(`fxhost ${version()} stands in for FXServer at ${host.url}.`);
  shell.print(`Running: ${running.join(', ') || 'no resource'}.`);
  shell.print('Type help for commands, "join" to let a player join, quit to end.');
}
