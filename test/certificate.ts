import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findProgram } from '../scripts/jest/programs.ts';

/** Makes a certificate that is signed by itself. @returns the files in which its key and the certificate are */
export function makeCertificate(folder: string, name = 'localhost') {
  const [key, cert] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const files = ['-keyout', key, '-out', cert];
  execFileSync(findProgram('openssl') ?? 'openssl', ['req', ...kind, ...subject, ...files], { stdio: 'ignore' });
  return { key, cert };
}
