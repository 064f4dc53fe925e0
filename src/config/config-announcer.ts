import type { Log } from '../lib/log.ts';
import type { OfficialResource } from '../platform/resources.ts';
import type { FirstFile } from './config-file.ts';
import type { createConvarPublisher, LiveConfig } from './live-config.ts';

interface ConfigAnnouncerOptions {
  readonly own: { readonly name: string };
  readonly live: Pick<LiveConfig, 'current' | 'problems'>;
  readonly convars: Pick<ReturnType<typeof createConvarPublisher>, 'publish' | 'forget'>;
  readonly official: Pick<OfficialResource, 'isRunning'>;
  readonly log: Log;
}

/** Tells the operator what is wrong with the configuration in force, and other resources its shared convars. */
export class ConfigAnnouncer {
  readonly #options: ConfigAnnouncerOptions;

  constructor(options: ConfigAnnouncerOptions) {
    this.#options = options;
  }

  /** Tells the operator that config.json was created from the example. */
  announceFirstFile(firstFile: FirstFile | null): void {
    if (!firstFile?.written) return;
    const { own, live, log } = this.#options;
    if (live.current().apiKeys.length > 0) {
      log.info('config.json was written, with a comment on each setting.');
    } else {
      log.info(`config.json was written. Put your API key into it, then type "${own.name} reload".`);
    }
  }

  applyConfig(): void {
    const { live, log } = this.#options;
    for (const { level, line } of live.problems()) log[level](line);
    this.publishConvars();
  }

  /** Publishes the shared convars, unless the official resource runs and publishes them itself. */
  publishConvars(): void {
    const { convars, live, official } = this.#options;
    if (official.isRunning()) convars.forget();
    else convars.publish(live.current());
  }
}
