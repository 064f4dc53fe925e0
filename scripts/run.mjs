// Every npm script goes through here, so that `npm start` and `npm test` work on a machine that has only Node and npm.
// Plain JavaScript, because it runs on whatever Node is there, before the pinned one is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);
const binary = process.platform === 'win32' ? 'node.exe' : 'node';
/** The Node of the game server; that of the newer edition where it is asked for. */
const isEnhanced = name === 'start' && /(^|,)--edition[=,]enhanced(,|$)/.test(args.join());
const engine = join(root, 'node_modules', isEnhanced ? 'node26' : 'node', 'bin', binary);

const FLAGS = ['--disable-warning=ExperimentalWarning'];
const PROGRAMS = {
  start: ['scripts/start.ts'],
  send: ['scripts/send.ts'],
  build: ['scripts/build.ts'],
  package: ['scripts/package.ts'],
  packages: ['scripts/build/packages.ts'],
  prepack: ['scripts/build/package-npm.ts'],
  release: ['scripts/release.ts'],
  generate: ['scripts/generate.ts'],
  check: ['scripts/check.ts'],
  screenshots: ['scripts/screenshots.ts'],
  test: ['scripts/test.ts'],
  soak: ['scripts/test.ts', '--soak'],
  bench: ['--expose-gc', 'scripts/bench/bench.ts'],
};

/** npm keeps flags given without `--` for itself and hands them over as npm_config_*: name the ones that were lost. */
function lostFlags() {
  const known = {
    start: ['port', 'key', 'resource', 'name', 'root', 'power-loss', 'fakecad', 'edition', 'player', 'empty'],
    send: ['all', 'story', 'file', 'url', 'key', 'key-file', 'secret', 'secret-file', 'pace', 'rate', 'count'],
    bench: ['events', 'warmup', 'requests', 'pairs'],
  };
  return (known[name] ?? []).filter(
    (flag) => process.env[configName(flag)] !== undefined && !args.includes(`--${flag}`),
  );
}

function configName(flag) {
  return `npm_config_${flag.replaceAll('-', '_')}`;
}

function isInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(marker) || !existsSync(engine)) return false;
  return statSync(join(root, 'package-lock.json')).mtimeMs <= statSync(marker).mtimeMs || sameVersions();
}

/** A fresh checkout gives the lock file a new time without new content: what is installed may still be what it names. */
function sameVersions() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const wanted = ['', 'packages/fxhost', 'packages/fakecad'].flatMap((folder) => {
    const { dependencies, devDependencies } = lock.packages[folder];
    return Object.keys({ ...dependencies, ...devDependencies });
  });
  return wanted.every((dependency) => {
    const path = `node_modules/${dependency}`;
    try {
      return require(join(root, path, 'package.json')).version === lock.packages[path].version;
    } catch {
      return false; // not installed: that is the answer
    }
  });
}

function install() {
  console.log('Installing what the project needs (once) ...');
  const windows = process.platform === 'win32';
  // Never `npm ci`: the registry lacks other platforms' optional packages, and it then refuses the lock file.
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-save'], {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
  });
  if (npm.status !== 0) fail('npm install failed: see the lines above.');
  for (const name of ['node', 'node26']) {
    const folder = join(root, 'node_modules', name);
    // With `ignore-scripts` set, the engine's own install step did not run.
    if (!existsSync(join(folder, 'bin', binary)))
      spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: 'inherit' });
  }
  if (!existsSync(engine))
    fail('The pinned Node engine could not be installed (node_modules/node). Is ignore-scripts set?');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!PROGRAMS[name]) fail(`Unknown script "${name}". There are: ${Object.keys(PROGRAMS).join(', ')}.`);
const lost = lostFlags();
if (lost.length > 0) {
  const shown = lost.map((flag) => {
    const value = process.env[configName(flag)];
    return value === 'true' || value === ''
      ? `--${flag}`
      : `--${flag} ${['key', 'secret'].includes(flag) ? `<${flag}>` : value}`;
  });
  const command = name === 'start' ? 'npm start' : `npm run ${name}`;
  fail(
    `npm kept ${lost.map((flag) => `--${flag}`).join(', ')} for itself. Write: ${command} -- ${[...shown, ...args].join(' ')}`,
  );
}
const { node } = process.versions;
if (Number.parseInt(node, 10) < 22) {
  console.error(`sonorancad needs Node 22 or newer, and this is ${node}: continuing with the Node in node_modules.`);
}
if (!isInstalled()) install();

const child = spawn(engine, [...FLAGS, ...PROGRAMS[name], ...args], { cwd: root, stdio: 'inherit' });
// A terminal sends Ctrl+C to the child as well; it decides when to end, and the launcher stays for its exit code.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
