import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// For processes that tests start again and again, by `--import`: Node 22 strips the types of each module anew in each, which is
// a quarter of what a life of a server costs. Here that is done once for each text.

const folder = join(tmpdir(), 'sonorancad-stripped');
mkdirSync(folder, { recursive: true });

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    const file = join(folder, createHash('sha256').update(source).digest('hex'));
    if (!existsSync(file)) {
      writeFileSync(`${file}.${process.pid}`, stripTypeScriptTypes(source));
      renameSync(`${file}.${process.pid}`, file);
    }
    return { format: 'module', source: readFileSync(file, 'utf8'), shortCircuit: true };
  },
});
