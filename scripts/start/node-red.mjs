import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const logLine = /^\d+ \w+ [\d:]+ - \[(\w+)\] (.*)$/;
/** What it warns of in every new user directory. */
const remarks = /^(Projects disabled|Encrypted credentials not found)/;
const stopTimeout = 20_000;

/**
 * Starts Node-RED as a process of its own and passes its warnings and errors on. `logged(look, timeout)` resolves with
 * what `look` gives for a line `{ level, text }` that is logged from now on, when that is not undefined; what `look`
 * throws, the end of Node-RED and the timeout (in milliseconds) reject it. `stop()` resolves when Node-RED has ended;
 * `exited` with its exit code, however it ended.
 */
export function startNodeRed({ userDir, port }) {
  const file = createRequire(import.meta.url).resolve('node-red/red.js');
  const args = ['--no-deprecation', file, '--userDir', userDir, '--port', String(port)];
  const child = spawn(process.execPath, args, { cwd: userDir, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const exited = once(child, 'exit').then(([code]) => code ?? 1);
  const watchers = new Set();

  let level = 'error';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, newLevel, text = line] = logLine.exec(line) ?? [];
    level = newLevel ?? level;
    if ((level === 'warn' || level === 'error') && !remarks.test(text)) console.error(`  Node-RED: ${text}`);
    for (const watch of watchers) watch({ level, text });
  });
  createInterface({ input: child.stderr }).on('line', (line) => console.error(`  Node-RED: ${line}`));

  let stopping = false;
  return {
    exited,
    /** Whether `stop` was called. */
    get stopping() {
      return stopping;
    },
    logged: (look, timeout) => watchLog({ child, watchers, look, timeout }),
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
      if (child.connected) child.send('shutdown', () => {});
      else child.kill();
      await exited;
      clearTimeout(timer);
    },
  };
}

function watchLog({ child, watchers, look, timeout }) {
  return new Promise((resolve, reject) => {
    const settle = (finish, value) => {
      clearTimeout(timer);
      watchers.delete(watch);
      child.off('exit', gone);
      finish(value);
    };
    const watch = (line) => {
      try {
        const found = look(line);
        if (found !== undefined) settle(resolve, found);
      } catch (error) {
        settle(reject, error);
      }
    };
    const gone = (code) => settle(reject, new Error(`Node-RED ended with code ${code}.`));
    const timer = setTimeout(() => settle(reject, new Error(`Nothing happened for ${timeout / 1000} s.`)), timeout);
    watchers.add(watch);
    child.once('exit', gone);
  });
}
