/**
 * An image node in a Node-RED in this process, with an account at the
 * server and a node behind it that receives the images.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './settings.mjs';

const require = createRequire(import.meta.url);
const RED = require('node-red');
const root = new URL('..', import.meta.url).pathname;
const name = require('../package.json').name;

/** `account` replaces settings of the account. Gives the image node and the one behind it. */
export async function loadFlow(server, account = {}) {
  const userDir = await mkdtemp(join(tmpdir(), 'bench-'));
  await mkdir(join(userDir, 'node_modules', name, '..'), { recursive: true });
  await symlink(root, join(userDir, 'node_modules', name));
  await writeFile(join(userDir, 'package.json'), JSON.stringify({ dependencies: { [name]: '*' } }));
  const at = { z: 'flow', x: 100, y: 100 };
  const flow = [
    { id: 'flow', type: 'tab' },
    { ...settings(server), id: 'account', type: 'nanogpt-config', timeout: 300, ...account },
    { id: 'image', type: 'nanogpt-image', account: 'account', wires: [['out']], ...at },
    { id: 'out', type: 'junction', wires: [[]], ...at },
  ];
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(flow));
  await writeFile(join(userDir, 'flows_cred.json'), JSON.stringify({ account: { apiKey: 'bench' } }));
  RED.init(createServer(), {
    userDir,
    flowFile: 'flows.json',
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    logging: { console: { level: 'off' } },
    telemetry: { enabled: false },
  });
  const started = once(RED.events, 'flows:started');
  await RED.start();
  await started;
  const [image, out] = ['image', 'out'].map((id) => RED.nodes.getNode(id));
  return { image, out };
}
