export type { Clock } from './clock.ts';
export { type FakeCad, type FakeCadOptions, startFakeCad } from './fake-cad.ts';
export type { FaultName, Faults } from './faults.ts';
export type { HubSession } from './hub/hub.ts';
export type { EventBody, Push, PushOptions, PushOutcome } from './pushes.ts';
export type { LoggedRequest } from './request-log.ts';
export type { IdentifierForm } from './world/identifiers.ts';
export { type ServerEntry, type ServerWorld, unregisteredServer, type World } from './world/world.ts';
