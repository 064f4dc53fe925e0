import { expect, it } from '@jest/globals';
import { startHttpTarget } from '../../http-target.ts';
import { sendInOwnProcess } from './send-in-own-process.ts';

it('a proxy that the environment names is not used', async () => {
  const target = await startHttpTarget();
  const proxy = await startHttpTarget();
  const address = `http://127.0.0.1:${proxy.port}`;
  const variables = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: address, http_proxy: address, NO_PROXY: '', no_proxy: '' };
  const result = await sendInOwnProcess(`http://127.0.0.1:${target.port}/`, variables);
  await Promise.all([target.close(), proxy.close()]);
  expect(result).toMatchObject({ kind: 'answered', status: 200 });
  expect(proxy.received).toEqual([]);
  expect(target.received).toHaveLength(1);
});
