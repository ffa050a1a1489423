import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { acquireSandbox, sandboxKey } from '../../sandbox/local.js';

describe('the built-in service of a process', () => {
  const alive = (url: string): Promise<boolean> =>
    fetch(`${url}/v1/models`).then(
      ({ ok }) => ok,
      () => false,
    );
  const gone = async (url: string): Promise<void> => {
    for (const end = Date.now() + 5000; await alive(url);) assert.ok(Date.now() < end, 'it still answers');
  };

  it('is one for all accounts, and ends when the last one lets go', async () => {
    const [one, two] = [acquireSandbox(), acquireSandbox()];
    const url = await one.url;
    assert.equal(await two.url, url);
    one.release();
    one.release();
    assert.ok(await alive(url));
    two.release();
    await gone(url);
  });

  it('starts again, also when it is released before it was up', async () => {
    acquireSandbox().release();
    const hold = acquireSandbox();
    assert.ok(await alive(await hold.url));
    hold.release();
    await gone(await hold.url);
  });

  it('takes the key that accounts bring', async () => {
    const hold = acquireSandbox();
    const response = await fetch(`${await hold.url}/api/check-balance`, {
      method: 'POST',
      headers: { 'x-api-key': sandboxKey },
    });
    assert.equal(response.status, 200);
    hold.release();
  });

  it('does not keep the process alive, not even with an open connection, and leaves its globals alone', async () => {
    const script = `
      const kept = [Request, Response];
      const { acquireSandbox } = require('./sandbox/local.ts');
      acquireSandbox().url.then(async (url) => {
        const response = await fetch(url + '/v1/models');
        await response.text();
        const socket = require('node:net').connect(Number(new URL(url).port), '127.0.0.1');
        socket.once('connect', () => { socket.unref(); console.log(kept[0] === Request && kept[1] === Response); });
      });`;
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = await once(child, 'close');
    assert.deepEqual([code, output.trim()], [0, 'true']);
  });
});
