import { type FakeCad, type FakeCadOptions, startFakeCad } from '../src/fake-cad.ts';

/** The API key of the CADs of `startCad`. */
export const CAD_KEY = 'a-key-of-the-pretend-cad';

const running: FakeCad[] = [];

/** Starts a CAD that {@link closeCads} ends. */
export async function startCad(options: Partial<FakeCadOptions> = {}): Promise<FakeCad> {
  const cad = await startFakeCad({
    ...{ apiKey: CAD_KEY, communityId: 'community' },
    ...options,
  });
  running.push(cad);
  return cad;
}

export async function closeCads(): Promise<void> {
  await Promise.all(running.splice(0).map((cad) => cad.close()));
}

/** What a CAD answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests say themselves what is in an answer
  readonly body: any;
}

/** Asks a CAD with the right key. @param target as `GET /v2/general/version` */
export async function ask({ url }: FakeCad, target: string, body?: unknown, key = CAD_KEY): Promise<Answer> {
  const [method, path] = target.split(' ');
  const response = await fetch(url + path, {
    method: String(method),
    headers: { Authorization: `Bearer ${key}`, Accept: 'application/json', 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
