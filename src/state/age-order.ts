/** Ids in the order of their age. Each call takes constant time. */
export interface AgeOrder {
  readonly size: number;
  /** @returns from when the age of an id counts; undefined when it has none */
  get(id: number): number | undefined;
  /** Makes an id the youngest. @param since milliseconds, not before those of any other */
  set(id: number, since: number): void;
  delete(id: number): void;
  oldest(): { readonly id: number; readonly since: number } | undefined;
}

interface Link {
  readonly id: number;
  since: number;
  older: Link | undefined;
  younger: Link | undefined;
}

/**
 * A linked list. A Map that ids are deleted from and put into again has the order too, but its iterators pass over what was deleted
 * before the oldest id, one by one: with 10,000 records that are changed one after the other that is most of what an event costs.
 */
export function createAgeOrder(): AgeOrder {
  const links = new Map<number, Link>();
  let oldest: Link | undefined;
  let youngest: Link | undefined;

  function unlink({ older, younger }: Link): void {
    if (older === undefined) oldest = younger;
    else older.younger = younger;
    if (younger === undefined) youngest = older;
    else younger.older = older;
  }

  function append(link: Link): void {
    link.older = youngest;
    link.younger = undefined;
    if (youngest === undefined) oldest = link;
    else youngest.younger = link;
    youngest = link;
  }

  return {
    get size() {
      return links.size;
    },
    get: (id) => links.get(id)?.since,
    set(id, since) {
      const known = links.get(id);
      if (known === undefined) {
        const link: Link = { id, since, older: undefined, younger: undefined };
        links.set(id, link);
        append(link);
        return;
      }
      known.since = since;
      if (known === youngest) return;
      unlink(known);
      append(known);
    },
    delete(id) {
      const link = links.get(id);
      if (link === undefined) return;
      links.delete(id);
      unlink(link);
    },
    oldest: () => oldest,
  };
}
