import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute folder of the repository, without a trailing separator. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
