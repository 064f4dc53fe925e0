import { URL } from 'node:url';
import * as v from 'valibot';
import { isPublicIpv4 } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 1_024;
/** Services that must agree, because a single one may be wrong or malicious. */
const MIN_VOTES = 2;

/** The answer of a service: the bare address, or a JSON object with the field `ip`. */
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
 * Asks all services in parallel for this machine's public IPv4 address, for at most 5 s.
 *
 * @param services URLs that answer with the caller's address
 * @returns the address with the most votes; null when it has fewer than two, or another has as many
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
  return most >= MIN_VOTES && most > second ? first : null;
}
