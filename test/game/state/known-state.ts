import { callOf, type RunState, runState, unitOf } from './run-state.ts';

/** A state that knows the units 12 and 18 of the fixtures. */
export function withUnits(): RunState {
  const run = runState();
  for (const id of [12, 18]) run.push('EVENT_UNIT_LOGIN', { unit: unitOf(id) });
  return run;
}

/** One that knows the call 501 as well, with the unit 12 on it. */
export function withCall(): RunState {
  const run = withUnits();
  run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(501, { idents: [12] }) });
  return run;
}
