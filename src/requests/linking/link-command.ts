import { fillTemplate } from '../../notify/rules/fill-template.ts';
import { answerPlayer, type PlayerAnswers } from '../answer-player.ts';
import { createRequestLimits } from '../request-limits.ts';
import type { Linking } from './create-linking.ts';

export interface LinkCommandOptions extends PlayerAnswers {
  readonly linking: Pick<Linking, 'isLinked' | 'code'>;
  /** The identity by which the CAD shall know a player; null when they have none of the configured kind. */
  identityOf(source: number): string | null;
  /** The configured kind of identifier. */
  kind(): string;
  readonly clock: { monotonic(): number };
}

const MOST_EACH = 4;
const MOST_IN_ALL = 20;

/**
 * `/link`: shows a player how to link their CAD account. That it is done, the CAD says by `EVENT_COMMUNITY_LINK_VERIFIED`.
 */
export function createLinkCommand(options: LinkCommandOptions): (source: number) => void {
  const { linking, identityOf, kind, texts } = options;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, options.clock);

  /** @returns null where nothing is to be said */
  async function answer(source: number): Promise<string | null> {
    const identity = identityOf(source);
    const taken = limits.take(source);
    if (taken !== 'granted') return taken === 'refused' ? texts().tooMany : null;
    if (identity === null) return fillTemplate(texts().noIdentifier, { kind: kind() });
    const linked = await linking.isLinked(identity);
    if (linked.ok && linked.data) return texts().alreadyLinked;
    const code = await linking.code(identity);
    if (!code.ok) return texts().refused;
    const { url, validMs } = code.data;
    return fillTemplate(texts().link, { url, code: code.data.code, minutes: Math.floor(validMs / 60_000) });
  }

  return (source) => answerPlayer(source, answer(source), options);
}
