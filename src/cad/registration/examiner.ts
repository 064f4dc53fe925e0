import type { ApiError } from '../api/api-result.ts';
import { type Assessment, assess } from './assess.ts';
import type { Writing } from './entry-findings.ts';
import { disabledVerdict, failedVerdict } from './failed-verdict.ts';
import { planFinding, resourceFinding, toCheck } from './findings.ts';
import type { AddressesOf } from './host-addresses.ts';
import { inspect } from './inspect.ts';
import { type Facts, keyAccepted } from './judge.ts';
import type { AskAddress } from './public-address.ts';
import type { RegistrationApi, ServerEntry, ServerList } from './registration-api.ts';
import { isSameAccount, type RegistrationConfig, type Settings, settingsOf, writes } from './settings.ts';
import type { Quote } from './shown-text.ts';
import type { Verdict } from './verdict.ts';

export interface ExaminerOptions {
  /** The configuration in force: asked each time. */
  config(): RegistrationConfig;
  readonly api: RegistrationApi;
  /** The game's port; 0 when it is not known. */
  readonly gamePort: number;
  readonly resourceName: string;
  /** False beside the official resource: then nothing is written. */
  mayRegister(): boolean;
  readonly askAddress: AskAddress;
  readonly addressesOf: AddressesOf;
  readonly quote: Quote;
}

/** What came of asking: facts to be judged, or the verdict when there are none. */
export type Examined =
  | { readonly facts: Facts }
  | { readonly facts: null; readonly verdict: Verdict; readonly error: ApiError | null };

/** Finds out how things stand. Writes nothing. */
export interface Examiner {
  examine(): Promise<Examined>;
  /** @returns how a newer list stands to the configuration in force */
  assess(facts: Facts, list: ServerList): Promise<Assessment>;
  /** Whether the configuration in force lets anything be written, to the list that the facts are about. */
  mayWrite(facts: Facts): boolean;
  /** @returns the facts with a newer list, by the configuration in force */
  renew(facts: Facts, list: ServerList, writing: Writing): Promise<Facts>;
  /** @returns the plan's number; -1 when it is not known */
  plan(): number;
  /** @returns how many servers the list had when it was last asked for; 1 when it is not known */
  serverCount(): number;
}

export function createExaminer(options: ExaminerOptions): Examiner {
  const { config, api, gamePort, resourceName, mayRegister, addressesOf, quote } = options;
  /** This server's entry when a list last had it, so that none of its fields is lost with a list that lacks it. */
  let known: { readonly config: RegistrationConfig; readonly entry: ServerEntry } | null = null;
  let plan = -1;
  /** The key's community; null while it is not known. */
  let ofKey: string | null = null;
  let serverCount = 1;

  const settings = (askedAddress: string | null): Settings =>
    settingsOf(config(), { gamePort, mayRegister: mayRegister(), community: ofKey, plan, askedAddress });

  async function assessAndRemember(list: ServerList, current: Settings): Promise<Assessment> {
    const asked = config();
    const isOwn = known?.config.serverId === asked.serverId && isSameAccount(known.config, asked);
    const assessment = await assess(list, current, addressesOf, isOwn ? (known?.entry ?? null) : null);
    const entry = list[assessment.entry?.index ?? -1];
    if (entry !== undefined) known = { config: asked, entry };
    return assessment;
  }

  const disabled = (): Examined => unanswered(disabledVerdict(config(), gamePort), null);

  /** Whether the path that the CAD calls leads here can be said without an answer of the CAD's. */
  function unanswered(verdict: Verdict, error: ApiError | null): Examined {
    const name = toCheck(resourceFinding(resourceName, { isBeside: !mayRegister() }));
    return { facts: null, verdict: { ...verdict, checks: [...verdict.checks, name] }, error };
  }

  async function examine(): Promise<Examined> {
    if (!api.isEnabled()) return disabled();
    const askedBy = config();
    const inspection = await inspect(api);
    if (inspection.version !== null) plan = inspection.version.version;
    if (!inspection.ok) {
      const { error, version } = inspection;
      if (error.kind === 'disabled') return disabled();
      const known = version === null ? [] : [keyAccepted, planFinding(version, quote)];
      return unanswered(failedVerdict(error, known, quote), error);
    }
    const { version, community, servers } = inspection;
    ofKey = community.ok ? community.data.comId : null;
    // Nobody is asked for an address that somebody has said, or that is not going to be compared.
    const isNeeded = config().publicHost === '' && config().registration !== 'off';
    const askedAddress = isNeeded ? await options.askAddress() : null;
    return { facts: await compare({ askedBy, version, community, askedAddress }, servers, { kind: 'none' }) };
  }

  async function compare(
    { askedBy, version, community, askedAddress }: Pick<Facts, 'askedBy' | 'version' | 'community' | 'askedAddress'>,
    servers: ServerList,
    writing: Writing,
  ): Promise<Facts> {
    serverCount = Math.max(1, servers.length);
    const current = settings(askedAddress);
    const assessment = await assessAndRemember(servers, current);
    const asked = { config: config(), askedBy, resourceName, version, community, askedAddress };
    return { ...asked, settings: current, servers, assessment, writing };
  }

  return {
    examine,
    assess: ({ askedAddress }, list) => assessAndRemember(list, settings(askedAddress)),
    mayWrite: (facts) => isSameAccount(facts.askedBy, config()) && writes(settings(null)),
    renew: compare,
    plan: () => plan,
    serverCount: () => serverCount,
  };
}
