import { endpoints } from '../../src/cad/api/endpoints.ts';

/** All endpoints of the CAD, in the order of their methods' names. */
const rows = Object.values(endpoints).toSorted((one, other) => (one.client[0] < other.client[0] ? -1 : 1));

/** The type of the vendor's client in types.d.ts: a method for each endpoint. */
export function clientType(): string {
  const methods = rows.map(
    ({ says, client: [method] }) =>
      `  /** ${says}. */\n  ${method}(...args: readonly unknown[]): Promise<CadClientAnswer>;`,
  );
  return `/** The vendor's client for version 2 of the CAD's API. What methods take and give is in the CAD's documentation. */
export type CadClient = CadClientRefusals & {
${methods.join('\n')}
};`;
}

/** What docs/official-resource.md lists: each request, its names, and how many the CAD takes a minute. */
export function requestsTable(): string {
  const lines = rows.map(({ says, client: [method, ...args], legacy, perMinute }) => {
    const names = Object.keys(legacy).flatMap((list) => list.replaceAll('*', '').split(' '));
    const call = `\`${method}(${args.map((name) => (name.startsWith('...') ? 'fields' : name)).join(', ')})\``;
    return `| ${call} | ${names.map((name) => `\`${name}\``).join(', ')} | ${perMinute} | ${says} |`;
  });
  return ['| Method | `performApiRequest` | A minute | What it does |', '|---|---|---|---|', ...lines].join('\n');
}
