export type { ClientOptions, ClientScope, NativeCall } from './client-scope.ts';
export type { ConnectedPlayer, ReceivedEvent } from './connected-players.ts';
export type { ExportCall } from './export-calls.ts';
export type { Edition, FxHost, HostOptions, HostStep, WatchSteps } from './fx-host.ts';
export { startHost } from './host.ts';
export type { DirectRequest, DirectResponse } from './http-handlers.ts';
export type { Entity, EntityInit } from './natives/entities.ts';
export type { Player } from './natives/players.ts';
export type { FailedScript } from './resource-runtimes.ts';
