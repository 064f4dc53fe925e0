import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ConfigView, Health } from '../api-types.ts';
import { tell } from './elements/ask-and-tell.tsx';
import { Icon, ScrollTable, SearchBox } from './elements/controls.tsx';
import { clockTime } from './elements/format.ts';
import { type Session, usePolled } from './session.ts';

const STATUS_MS = 5_000;
const CONFIG_MS = 30_000;
/** While checks are running. */
const SOON_MS = 1_000;

/** What `doctor` and `status` say, and the configuration. */
export function HealthView({ session: { api } }: { readonly session: Session }) {
  const { answer, failure, refresh } = usePolled(() => api.ask<Health>('health'), STATUS_MS);
  const config = usePolled(() => api.ask<ConfigView>('config'), CONFIG_MS);
  const health = answer.value;

  useEffect(() => {
    if (health?.looking !== true) return;
    const timer = setTimeout(() => void refresh(), SOON_MS);
    return () => clearTimeout(timer);
  }, [health]);

  const look = () =>
    void api.act<Health>('health/look').then(
      (got) => (answer.value = got),
      (error: Error) => tell(error.message, true),
    );

  if (health === null) return <p class="quiet pad">{failure.value ?? 'The checks are running …'}</p>;
  const { looking, lookedAt, findings, status } = health;
  return (
    <div class="page">
      <h1>Health</h1>
      {failure.value !== null && <p class="strip bad">{failure.value}</p>}
      <section class="panel" aria-label="Checks">
        <header class="pad section-head">
          <h2>Checks</h2>
          <span class="quiet">{looking ? 'looking …' : lookedAt !== null && `looked at ${clockTime(lookedAt)}`}</span>
          <span class="grow" />
          <button type="button" disabled={looking} onClick={look}>
            <Icon name="again" /> Look again
          </button>
        </header>
        <Summary findings={findings} />
        <ul class="findings">
          {worstFirst(findings).map((finding) => (
            <Finding key={finding.text} finding={finding} />
          ))}
        </ul>
      </section>
      <section class="panel pad" aria-label="Status">
        <h2>Status</h2>
        <dl class="status">
          {status.map((line, index) => {
            const [, name = '', text = line] = /^([^:]{1,40}): (.*)$/s.exec(line) ?? [];
            return (
              <div key={index}>
                <dt>{name}</dt>
                <dd class="typed">
                  <bdi>{text}</bdi>
                </dd>
              </div>
            );
          })}
        </dl>
      </section>
      {config.answer.value !== null && <Config config={config.answer.value} />}
    </div>
  );
}

function Summary({ findings }: Pick<Health, 'findings'>) {
  if (findings.length === 0) return null;
  const wrong = findings.filter(({ ok }) => ok === false).length;
  return (
    <p class={wrong === 0 ? 'strip good' : 'strip bad'}>
      {wrong === 0 ? 'Nothing is wrong.' : `${wrong} of ${findings.length} checks found something wrong.`}
    </p>
  );
}

const ORDER = { false: 0, null: 1, true: 2 };

function worstFirst(findings: Health['findings']): Health['findings'] {
  return findings.toSorted((one, other) => ORDER[`${one.ok}`] - ORDER[`${other.ok}`]);
}

const SIGNS = { true: ['good', 'fine'], false: ['bad', 'wrong'], null: ['unknown', 'not known'] } as const;

function Finding({ finding: { ok, text, fix } }: { readonly finding: Health['findings'][number] }) {
  const [icon, word] = SIGNS[`${ok}`];
  return (
    <li class={`finding ${icon}`}>
      <Icon name={icon} />
      <span class="hidden">{word}: </span>
      <div>
        <bdi class="typed">{text}</bdi>
        {fix !== undefined && ok !== true && (
          <p class="advice">
            <span aria-hidden="true">→</span> <bdi class="typed">{fix}</bdi>
          </p>
        )}
      </div>
    </li>
  );
}

function Config({ config: { file, keys, problems } }: { readonly config: ConfigView }) {
  const wanted = useSignal('');
  const isChangedOnly = useSignal(true);
  const shown = keys.filter(
    ({ name, description, from }) =>
      (!isChangedOnly.value || from !== 'default') &&
      `${name} ${description}`.toLowerCase().includes(wanted.value.trim().toLowerCase()),
  );
  return (
    <section class="panel" aria-label="Configuration">
      <header class="pad section-head">
        <h2>Configuration</h2>
        <code class="quiet">{file}</code>
        <span class="grow" />
        <label class="check">
          <input
            type="checkbox"
            checked={isChangedOnly.value}
            onChange={(event) => (isChangedOnly.value = event.currentTarget.checked)}
          />
          without defaults
        </label>
        <SearchBox label="Find a key" placeholder="Find a key" typed={wanted} />
      </header>
      {problems.map((problem) => (
        <p key={problem} class="strip bad">
          {problem}
        </p>
      ))}
      {shown.length === 0 && <p class="quiet pad">No key fits.</p>}
      {shown.length > 0 && (
        <ScrollTable label="List of keys" look="config" columns={['Key', 'Value', 'From']}>
          {shown.map(({ name, value, from, place, description }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                <span class="quiet small-text">{description.replaceAll('`', '"')}</span>
              </th>
              <td data-name="Value">
                <code>
                  <bdi>{value}</bdi>
                </code>
              </td>
              <td data-name="From">
                <span class={from === 'default' ? 'quiet' : ''}>{place}</span>
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </section>
  );
}
