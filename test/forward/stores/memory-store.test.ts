import { createMemoryStore } from '../memory-store.ts';
import { describeStore } from './store-suite.ts';

describeStore('memory', () => {
  const store = createMemoryStore();
  return { store, reopen: () => createMemoryStore(new Map(store.values)) };
});
