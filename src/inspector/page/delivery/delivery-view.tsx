import type { Delivery, Series } from '../../api-types.ts';
import { counted } from '../elements/format.ts';
import { usePolled } from '../elements/polled.ts';
import type { Session } from '../session.ts';
import { DeadLetters } from './dead-letters.tsx';
import { TargetCard } from './target-card.tsx';

const DELIVERY_MS = 2_000;
const SERIES_MS = 10_000;

/** Where events are forwarded to, how that goes, and what was given up on. */
export function DeliveryView({ session }: { readonly session: Session }) {
  const { api } = session;
  const delivery = usePolled(() => api.ask<Delivery>('delivery'), DELIVERY_MS);
  const series = usePolled(() => api.ask<Series>('series'), SERIES_MS);
  const answer = delivery.answer.value;
  if (answer === null) return <p class="quiet pad">{delivery.failure.value ?? 'Asking the server …'}</p>;
  const { idleBecause, storeFault, recovering, targets, removed } = answer;
  const letters = [...targets, ...removed].reduce((all, { deadLetters }) => all + deadLetters, 0);
  return (
    <div class="page">
      <h1>Delivery</h1>
      {delivery.failure.value !== null && <p class="strip bad">{delivery.failure.value}</p>}
      {storeFault !== null && <p class="strip bad">{storeFault}</p>}
      {recovering && (
        <p class="strip warn">Events of an earlier run are still being read; nothing is sent meanwhile.</p>
      )}
      {idleBecause !== null && <p class="strip">{idleBecause}</p>}
      {targets.map((target) => (
        <TargetCard
          key={target.target}
          session={session}
          target={target}
          series={series.answer.value}
          changed={() => void delivery.refresh()}
        />
      ))}
      {removed.length > 0 && (
        <p class="strip">
          Not configured any more:{' '}
          {removed.map(({ target, deadLetters }, index) => (
            <span key={target}>
              {index > 0 && ', '}
              <bdi>{target}</bdi> ({counted(deadLetters, 'dead letter')})
            </span>
          ))}
        </p>
      )}
      <DeadLetters
        session={session}
        count={letters}
        targets={[...targets, ...removed].map(({ target }) => target)}
        configured={targets.map(({ target }) => target)}
        changed={() => void delivery.refresh()}
      />
    </div>
  );
}
