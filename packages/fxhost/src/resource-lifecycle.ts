import type { ResourceInfo, ResourceMetadata } from './types.ts';

/** The steps of a start and a stop, in FXServer's order. */
interface LifecycleSteps {
  /** Local event to every script. @returns false when cancelled. */
  emit(name: string, resource: string): boolean;
  /** Event at the next tick. */
  queue(name: string, resource: string): void;
  print(text: string): void;
  createScripts(resource: Resource): void;
  destroyScripts(resource: Resource): void;
  mount(resource: Resource): void;
  unmount(resource: Resource): void;
  /** Number of the server's build. */
  build(): number;
}

/** @param resources by name. The owner of the map adds to it. */
export function createLifecycle(resources: ReadonlyMap<string, Resource>, steps: LifecycleSteps) {
  const find = (name: string) => resources.get(name) ?? provider(name);
  const provider = (name: string) =>
    [...resources.values()].find((resource) => resource.metadata.get('provide')?.includes(name));

  const start = (name: string): boolean => {
    const resource = find(name);
    if (resource === undefined) {
      steps.print(`^1Couldn't find resource ${name}.^7`);
      return false;
    }
    if (resource.state !== 'stopped') return resource.state !== 'stopping';
    resource.state = 'starting';
    if (!startDependencies(resource) || !steps.emit('onResourceStarting', resource.name)) {
      resource.state = 'stopped';
      steps.print(`^1Couldn't start resource ${resource.name}.^7`);
      return false;
    }
    steps.createScripts(resource);
    steps.queue('onServerResourceStart', resource.name);
    steps.mount(resource);
    // In these handlers the state is still `starting`.
    steps.emit('onResourceStart', resource.name);
    steps.print(`Started resource ${resource.name}`);
    resource.state = 'started';
    return true;
  };

  const startDependencies = (resource: Resource): boolean => {
    const dependencies = dependenciesOf(resource);
    const unmet = unmetConstraints(dependencies, steps.build());
    if (unmet.length > 0) {
      steps.print(`^1Resource '${resource.name}' can't run:^7`);
      for (const reason of unmet) steps.print(`- ${reason}`);
      return false;
    }
    for (const dependency of dependencies) {
      if (dependency.startsWith('/')) continue;
      const found = find(dependency);
      if (found === undefined) {
        steps.print(`^1Could not find dependency ${dependency} for resource ${resource.name}.^7`);
        return false;
      }
      if (!start(found.name)) {
        steps.print(`^1Could not start dependency ${dependency} for resource ${resource.name}.^7`);
        return false;
      }
    }
    return true;
  };

  const stop = (name: string): boolean => {
    const resource = find(name);
    if (resource === undefined || resource.state !== 'started') return false;
    for (const other of resources.values()) {
      const needsIt = dependenciesOf(other).some((dependency) => find(dependency) === resource);
      if (other.state === 'started' && needsIt) stop(other.name);
    }
    // The resource itself receives this event, and its state is still `started`.
    steps.emit('onResourceStop', resource.name);
    steps.unmount(resource);
    steps.print(`Stopping resource ${resource.name}`);
    resource.state = 'stopping';
    steps.destroyScripts(resource);
    steps.queue('onServerResourceStop', resource.name);
    resource.state = 'stopped';
    return true;
  };

  const restart = (name: string) => {
    stop(name);
    return start(name);
  };
  return {
    /** @returns whether it runs afterwards. */
    start,
    /** @returns whether it was stopped. */
    stop,
    restart,
    /** Starts it, or restarts it when it runs. */
    ensure: restart,
  };
}

/** Names of the states, as `GetResourceState` returns them. */
export type ResourceState = 'stopped' | 'starting' | 'started' | 'stopping';

/** One resource the host knows. */
export interface Resource extends ResourceInfo {
  state: ResourceState;
  /** Read again only by `refresh`, unlike the script files. */
  metadata: ResourceMetadata;
  /** Reference of the function given to SetHttpHandler. FXServer does not clear it on stop. */
  httpHandler: string | null;
}

/** What `dependency` and `dependencies` of a manifest name, constraints among them. */
function dependenciesOf({ metadata }: Resource): readonly string[] {
  return ['dependency', 'dependencie'].flatMap((key) => metadata.get(key) ?? []);
}

/** Why a manifest's constraints do not hold. Only `/server:NNNN` is looked at: the others are about the game. */
function unmetConstraints(dependencies: readonly string[], build: number): string[] {
  return dependencies.flatMap((constraint) => {
    const needed = /^\/server:(\d+)$/.exec(constraint)?.[1];
    if (needed === undefined || build >= Number(needed)) return [];
    return [`server build ${needed} or newer is needed, this is ${build}`];
  });
}
