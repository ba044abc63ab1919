import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Health } from '../src/health.js';
import { Metrics } from '../src/metrics.js';
import { ProcessServer } from '../src/process-server.js';

describe('what a process answers beside its work', () => {
  let starting: string | undefined = 'being opened';
  let server: ProcessServer;
  before(async () => {
    const health = new Health();
    health.watch('gateway', () => starting);
    server = await ProcessServer.start({ port: 0, health, metrics: new Metrics('gateway') });
  });
  after(() => server.close());
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    await response.text();
    return [response.status, response.headers.get('retry-after')];
  };

  test('a command that comes before the process is ready is to be sent again [issue4:7]', async () => {
    assert.deepEqual(await ask('/api/logbook/entries', 'POST'), [503, '1']);
    assert.deepEqual(await ask('/health/live'), [200, null]);
    assert.deepEqual(await ask('/health/ready'), [503, null]);
    starting = undefined;
    assert.deepEqual(await ask('/api/logbook/entries', 'POST'), [404, null]);
    assert.deepEqual(await ask('/health/ready'), [200, null]);
    assert.deepEqual(await ask('/metrics', 'POST'), [405, null]);
  });
});
