import { URL } from 'node:url';
import * as v from 'valibot';
import { isPublicIpv4 } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 1_024;
/** A single service may be wrong, or lie. */
const MIN_AGREEING = 2;

/** A service answers with the bare address, or with a JSON object that holds it as `ip`. */
const address = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.parseJson(),
      v.object({ ip: v.string() }),
      v.transform(({ ip }) => ip),
    ),
    v.pipe(v.string(), v.trim()),
  ]),
  v.check(isPublicIpv4),
);

/**
 * Asks all services at once for this machine's public IPv4 address. Takes at most 5 s.
 *
 * @param services URLs that answer with the caller's address
 * @returns the address that most of them gave; null when fewer than two hosts agree, or another address has as many votes
 */
export async function askPublicAddress(services: readonly string[], clock: Clock): Promise<string | null> {
  async function ask(url: string): Promise<string | null> {
    const limits = { deadlineMs: DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
    const answer = await sendOnce({ url, ...limits }, clock).exchange;
    const read = v.safeParse(address, answer.kind === 'answered' && answer.status === 200 ? answer.body : null);
    return read.success ? read.output : null;
  }

  const hosts = new Map(services.map((url) => [new URL(url).host, url]));
  const votes = new Map<string, number>();
  for (const given of await Promise.all([...hosts.values()].map(ask))) {
    if (given !== null) votes.set(given, (votes.get(given) ?? 0) + 1);
  }
  const [[first, most] = [null, 0], [, second] = ['', 0]] = [...votes].sort(([, a], [, b]) => b - a);
  return most >= MIN_AGREEING && most > second ? first : null;
}
