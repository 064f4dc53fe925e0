import { signal } from '@preact/signals';
import { render } from 'preact';
import { DeliveryView } from './delivery-view.tsx';
import { AskFirst, Notice } from './elements/ask-and-tell.tsx';
import { Icon, type IconName } from './elements/controls.tsx';
import { Patterns } from './elements/plot.tsx';
import { HealthView } from './health-view.tsx';
import { LiveView } from './live/live-view.tsx';
import { NowView } from './now-view.tsx';
import { closed, type Session, session, takeToken } from './session.ts';

const VIEWS = {
  live: { title: 'Live', View: LiveView },
  delivery: { title: 'Delivery', View: DeliveryView },
  now: { title: 'Now', View: NowView },
  health: { title: 'Health', View: HealthView },
} as const satisfies Readonly<Partial<Record<IconName, object>>>;

type ViewName = keyof typeof VIEWS;

const shown = signal<ViewName>('live');

/** Takes the view out of the address, so that the browser's own buttons lead from view to view. */
function readView(): void {
  const name = location.hash.replace(/^#\//, '');
  shown.value = Object.hasOwn(VIEWS, name) ? (name as ViewName) : 'live';
}

/** The page. */
function App() {
  const current = session.value;
  return current === null ? <NoSession /> : <Frame session={current} />;
}

function Frame({ session }: { readonly session: Session }) {
  const { title, View } = VIEWS[shown.value];
  document.title = `${title} · sonorancad`;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <p class="brand">
          <span class="logo" aria-hidden="true" />
          sonorancad <span class="quiet">{session.about.value?.version}</span>
        </p>
        <nav aria-label="Views">
          {(Object.keys(VIEWS) as ViewName[]).map((name) => (
            <a key={name} href={`#/${name}`} aria-current={name === shown.value ? 'page' : undefined}>
              <Icon name={name} />
              {VIEWS[name].title}
            </a>
          ))}
        </nav>
        <Connection session={session} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <main id="main" tabIndex={0}>
        <View session={session} />
      </main>
      <Notice />
      <AskFirst />
      <Patterns />
    </>
  );
}

const WAYS = {
  connecting: ['Connecting', 'quiet'],
  streaming: ['Live', 'good'],
  polling: ['Every 2 s', 'warn'],
  cut: ['Trying again', 'bad'],
} as const;

/** Whether what is shown is up to date. */
function Connection({ session: { live } }: { readonly session: Session }) {
  const [text, look] = live.isPaused.value ? (['Paused', 'warn'] as const) : WAYS[live.way.value];
  return (
    <p class={`connection ${look}`} role="status">
      <span class="dot" aria-hidden="true" />
      {text}
    </p>
  );
}

function NoSession() {
  document.title = 'sonorancad';
  return (
    <main class="no-session panel">
      <p class="brand">
        <span class="logo" aria-hidden="true" />
        sonorancad
      </p>
      <h1>{closed.value === 'over' ? 'This link is over' : 'Open this page with a link'}</h1>
      <p>In the server's own console, type</p>
      <pre>{resourceName()} inspect</pre>
      <p>
        and open the link that it prints. {closed.value === 'over' ? 'It' : 'The link'} works for 12 hours, and until
        the resource restarts. After a reload of the page, open the link again.
      </p>
    </main>
  );
}

/** @returns the resource's folder, which is the console's command: the first part of the address */
function resourceName(): string {
  return /^\/([\w-]{1,64})\/?$/.exec(location.pathname)?.[1] ?? 'sonorancad';
}

const place = document.getElementById('page');
if (place !== null) {
  const readAddress = () => {
    takeToken();
    readView();
  };
  readAddress();
  window.addEventListener('hashchange', readAddress);
  render(<App />, place);
}
