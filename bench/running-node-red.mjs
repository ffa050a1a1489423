/** A real Node-RED with this package, as it was built, in a user directory of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Answers its parent with what it has used so far. */
const reporting =
  "process.on('disconnect', () => process.exit()); process.on('message', () => process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }));";

/**
 * Starts it with these flows, and with the package's files in `storage`;
 * gives its address, how long it took, and what it uses.
 */
export async function startNodeRed({ flows, storage }) {
  const userDir = await mkdtemp(join(tmpdir(), 'nanogpt-bench-'));
  if (storage) await symlink(storage, join(userDir, 'flow-easel-nanogpt'), 'junction');
  const port = await choosePort();
  const settings = {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    nodesDir: root,
    credentialSecret: 'bench',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, palette: { catalogues: [] } },
  };
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(flows));
  await writeFile(join(userDir, 'settings.js'), `${reporting}\nmodule.exports = ${JSON.stringify(settings)};\n`);
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'node_modules/node-red/red.js'), '--userDir', userDir], {
    cwd: userDir,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    log += text;
    child.emit('logged');
  });
  const logged = async (text, from = 0) => {
    while (!log.slice(from).includes(text)) await once(child, 'logged');
  };
  await Promise.all([logged('Started flows'), logged('Server now running')]);
  return {
    url: `http://127.0.0.1:${port}`,
    started: performance.now() - start,
    logged,
    logLength: () => log.length,
    async usage() {
      child.send('usage');
      const [{ cpu, rss }] = await once(child, 'message');
      return { cpu: (cpu.user + cpu.system) / 1000, rss };
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(userDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function choosePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
