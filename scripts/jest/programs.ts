import { existsSync } from 'node:fs';

/** Programs that some tests need and that npm does not install: where Debian puts them, and what is tested with them. */
const PROGRAMS = {
  chromium: { paths: ['/usr/bin/chromium'], tested: "the operator's page in a browser" },
  'nats-server': {
    paths: ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server'],
    tested: 'forwarding to NATS',
  },
  promtool: { paths: ['/usr/bin/promtool'], tested: 'the metrics, by the checks of Prometheus' },
  nginx: { paths: ['/usr/sbin/nginx'], tested: "the operator's page behind nginx" },
  openssl: { paths: ['/usr/bin/openssl'], tested: 'what stands before the page with TLS' },
  caddy: { paths: ['/usr/bin/caddy'], tested: "the operator's page behind Caddy" },
  jq: { paths: ['/usr/bin/jq'], tested: 'what the documents pipe into jq' },
  python3: { paths: ['/usr/bin/python3'], tested: 'the sample of fakecad in Python' },
  'systemd-analyze': { paths: ['/usr/bin/systemd-analyze'], tested: 'the units for systemd in the documents' },
} as const;

type ProgramName = keyof typeof PROGRAMS;

/** @returns where a program is; null when it is not here, and its tests are to be left out */
export function findProgram(name: ProgramName): string | null {
  return PROGRAMS[name].paths.find((path) => existsSync(path)) ?? null;
}

/** @returns what cannot be tested here, in one line; null when all can */
export function leftOut(): string | null {
  const missing = (Object.keys(PROGRAMS) as ProgramName[]).filter((name) => findProgram(name) === null);
  if (missing.length === 0) return null;
  return `Left out: ${missing.map((name) => `${PROGRAMS[name].tested} (no ${name} here)`).join(', ')}.`;
}
