import { isPublicIpv4 } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';

/** @returns this machine's public IPv4 address; null when it could not be found out */
export type AskAddress = () => Promise<string | null>;

export interface PublicAddressOptions {
  /** URLs that answer with the asker's address. */
  services(): readonly string[];
  readonly clock: Clock;
}

const ECHO_DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 1_024;
/** One service alone may be mistaken, or lie. */
const MUST_AGREE = 2;

/**
 * Asks every service at once, and believes the public IPv4 address that most of them give, if it is at least two on different
 * hosts and no other address has as many. Takes 5 s at most.
 */
export function createPublicAddress({ services, clock }: PublicAddressOptions): AskAddress {
  async function ask(url: string): Promise<string | null> {
    const limits = { deadlineMs: ECHO_DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
    const answer = await sendOnce({ url, ...limits }, clock).exchange;
    return answer.kind === 'answered' && answer.status === 200 ? readAddress(answer.body) : null;
  }

  return async () => {
    const hosts = new Map(services().map((url) => [new URL(url).host, url]));
    const votes = new Map<string, number>();
    for (const address of await Promise.all([...hosts.values()].map(ask))) {
      if (address !== null) votes.set(address, (votes.get(address) ?? 0) + 1);
    }
    const [[first, most] = [null, 0], [, second] = ['', 0]] = [...votes].sort(([, a], [, b]) => b - a);
    return most >= MUST_AGREE && most > second ? first : null;
  };
}

/** @param text the bare address, or a JSON object with the address as `ip` */
function readAddress(text: string): string | null {
  const trimmed = text.trim();
  try {
    const address = trimmed.startsWith('{') ? (JSON.parse(trimmed) as { ip?: unknown }).ip : trimmed;
    return typeof address === 'string' && isPublicIpv4(address) ? address : null;
  } catch {
    return null;
  }
}
