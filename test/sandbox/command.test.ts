import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { simulatedErrors } from '../../sandbox/simulated-errors.js';

describe('nanogpt-sandbox', () => {
  const started: ChildProcess[] = [];
  after(() => started.forEach((child) => child.kill('SIGKILL')));

  /** Starts the command; `text` resolves with all it printed once it ends or `until` has been printed. */
  function run(...args: string[]): { child: ChildProcess; text(until?: string): Promise<string> } {
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', join('sandbox', 'command.ts'), ...args], {
      stdio: 'pipe',
    });
    started.push(child);
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const closed = once(child, 'close');
    const text = async (until?: string): Promise<string> => {
      while (until !== undefined && !printed.includes(until) && child.exitCode === null)
        await Promise.race([once(child.stdout, 'data'), closed]);
      if (until === undefined) await closed;
      return printed;
    };
    return { child, text };
  }

  it('prints its address, a curl line that works and every simulated error, and ends on SIGTERM', async () => {
    const { child, text } = run('--port', '0');
    const printed = await text('Ctrl+C');
    const columns = simulatedErrors.map(({ cause, effect }) => {
      const line = printed.split('\n').find((each) => each.startsWith(`  ${cause.replaceAll('`', '')}  `));
      return line?.indexOf(effect.replaceAll('`', '')) ?? -1;
    });
    assert.ok(columns[0]! > 0 && new Set(columns).size === 1, String(columns));
    const [, url, key, body] = /curl (\S+) \\\s+-H "Authorization: (.+?)".+?-d '(.+?)'/s.exec(printed) ?? [];
    const response = await fetch(url ?? '', {
      method: 'POST',
      headers: { authorization: key ?? '', 'content-type': 'application/json' },
      body: body ?? '',
    });
    const { data } = (await response.json()) as { data: { url: string }[] };
    assert.equal((await fetch(data[0]?.url ?? '')).headers.get('content-type'), 'image/png');
    child.kill('SIGTERM');
    await text();
    assert.equal(child.exitCode, 0);
  });

  it('says in one sentence that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { child, text } = run('--port', String(port));
    assert.match(await text(), new RegExp(`^Port ${port} is taken\\..*\\n$`));
    assert.equal(child.exitCode, 1);
    other.close();
  });

  for (const [args, sentence] of [
    [['--port', 'many'], /^--port must be a number/],
    [['--help'], /^Usage: nanogpt-sandbox/],
  ] as const) {
    it(`answers ${args.join(' ')}`, async () => assert.match(await run(...args).text(), sentence));
  }
});
