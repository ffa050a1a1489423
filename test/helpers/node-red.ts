import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeRedDir } from './node-red-modules.js';
import { installed } from './packed.js';

/** One node of a flow file. */
export interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

/** Credentials by node id, as in `{ account: { apiKey: 'sk-nano-1' } }`. */
export type Credentials = Record<string, Record<string, string>>;

/** What a deploy restarts: everything, the tabs that changed, or the nodes that changed. */
export type DeploymentType = 'full' | 'flows' | 'nodes';

export interface NodeRedOptions {
  /** Flows that are there from the start; others by `deploy`. */
  flows?: FlowNode[];
  /** Further settings of Node-RED, plain data. */
  settings?: Record<string, unknown>;
  /** Further environment variables. */
  env?: Record<string, string>;
  /** A node_modules folder with further packages of nodes. */
  modules?: string;
  /** The user directory of a Node-RED that was killed: it starts again with its flows and files. */
  userDir?: string;
}

/** A real Node-RED with the packed package installed, in a process of its own. */
export interface RunningNodeRed {
  /** Address of editor and admin interface, without a slash at the end. */
  url: string;
  /** Its user directory; relative paths of file nodes begin here too. */
  userDir: string;
  /** Whether its process has not ended. */
  isRunning(): boolean;
  /** All that it has logged so far. */
  log(): string;
  /**
   * Resolves with the first match of `pattern` in the log from the position `from` on (default 0: the past included); rejects
   * after `timeout` milliseconds (default 8000).
   */
  logged(pattern: RegExp, timeout?: number, from?: number): Promise<RegExpExecArray>;
  /** Replaces all flows, by a full deploy unless another is asked for, and resolves when they run. */
  deploy(flows: FlowNode[], credentials?: Credentials, type?: DeploymentType): Promise<void>;
  get(path: string): Promise<Response>;
  /** Sends `body` as JSON; `post('/inject/<id>')` presses the button of an inject node. */
  post(path: string, body?: unknown): Promise<Response>;
  /** Ends the process, by a signal where one is given, and removes the user directory; rejects when Node-RED would not stop by itself. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the process as a power failure does; its user directory stays. */
  kill(): Promise<void>;
}

const startTimeout = 60_000;
const stopTimeout = 10_000;

/** The Node.js that runs it: the one of the tests, unless the environment names another. */
const nodeOfNodeRed = process.env.NODE_RED_NODE ?? process.execPath;

/**
 * Starts a real Node-RED on 127.0.0.1 with a fresh user directory that holds the packed package. The first start of a test
 * process packs and installs (some seconds), later ones take two.
 *
 * ```ts
 * let nodeRed: RunningNodeRed;
 * before(async () => (nodeRed = await startNodeRed()));
 * after(() => nodeRed.stop());
 * ```
 */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<RunningNodeRed> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const userDir = options.userDir ?? (await makeUserDir(options));
  await writeSettings(userDir, port, options);
  const child = spawn(nodeOfNodeRed, [join(nodeRedDir, 'red.js'), '--userDir', userDir], {
    cwd: userDir,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      child.emit('logged');
    });
  }

  const logged = (pattern: RegExp, timeout = 8000, from = 0): Promise<RegExpExecArray> =>
    matchOutput(child, () => log.slice(from), pattern, timeout);
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const stop = async (signal?: NodeJS.Signals): Promise<void> => {
    const stopped = await end(child, signal);
    await rm(userDir, { recursive: true, force: true, maxRetries: 5 });
    if (!stopped)
      throw new Error(`Node-RED had to be killed ${stopTimeout} ms after it was told to stop. Its log:\n${log}`);
  };

  try {
    await Promise.all([logged(/Server now running/, startTimeout), logged(/Started flows/, startTimeout)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    userDir,
    isRunning: () => isRunning(child),
    log: () => log,
    logged,
    async deploy(flows, credentials = {}, type = 'full') {
      const before = log.length;
      const nodes = flows.map((node) => (credentials[node.id] ? { ...node, credentials: credentials[node.id] } : node));
      const answer = await post(
        '/flows',
        { flows: nodes },
        { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type },
      );
      if (!answer.ok) throw new Error(`Node-RED refused the flows: ${answer.status} ${await answer.text()}`);
      // The answer comes when the old flows have stopped, not when the new ones run.
      await logged(/Started (modified )?(flows|nodes)/, startTimeout, before);
    },
    get: (path) => fetch(url + path, { headers: { accept: 'application/json' } }),
    post: (path, body) => post(path, body),
    stop,
    async kill() {
      await end(child, 'SIGKILL');
    },
  };
}

/** A user directory of its own that shares the installed modules. */
async function makeUserDir({ flows, modules }: NodeRedOptions): Promise<string> {
  const source = await installed();
  const userDir = await mkdtemp(join(tmpdir(), 'nanogpt-node-red-'));
  if (modules) await linkPackages([join(source, 'node_modules'), modules], join(userDir, 'node_modules'));
  else await symlink(join(source, 'node_modules'), join(userDir, 'node_modules'), 'junction');
  await copyFile(join(source, 'package.json'), join(userDir, 'package.json'));
  if (flows) await writeFile(join(userDir, 'flows.json'), JSON.stringify(flows));
  return userDir;
}

async function writeSettings(userDir: string, port: number, { settings }: NodeRedOptions): Promise<void> {
  const all = {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    fileWorkingDirectory: userDir,
    credentialSecret: 'only for tests',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, palette: { catalogues: [] } },
    ...settings,
  };
  // Should the test process die, Node-RED ends too.
  const orphan = "process.on('disconnect', () => process.exit());";
  await writeFile(join(userDir, 'settings.js'), `${orphan}\nmodule.exports = ${JSON.stringify(all, null, 2)};\n`);
}

/** A folder that holds the packages of several node_modules folders; each finds what it depends on where it really lies. */
async function linkPackages(sources: string[], target: string): Promise<void> {
  for (const source of sources) {
    for (const name of await packagesIn(source)) {
      await mkdir(dirname(join(target, name)), { recursive: true });
      await symlink(join(source, name), join(target, name), 'junction').catch(() => undefined);
    }
  }
}

/** Names of the packages in a node_modules folder, scoped ones as `@scope/name`. */
async function packagesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const scopes = names.filter((name) => name.startsWith('@'));
  const scoped = await Promise.all(
    scopes.map(async (scope) => (await readdir(join(folder, scope))).map((name) => `${scope}/${name}`)),
  );
  return [...names.filter((name) => !name.startsWith('@')), ...scoped.flat()];
}

/** A port below those that the system hands out by itself, so that no other test gets it in the meantime. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Waits for output of the process that matches, the past included. */
function matchOutput(
  child: ChildProcess,
  log: () => string,
  pattern: RegExp,
  timeout: number,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      child.off('logged', look).off('exit', gone);
      finish();
    };
    const look = (): void => {
      const match = pattern.exec(log());
      if (match) settle(() => resolve(match));
    };
    const fail = (what: string): void =>
      settle(() => reject(new Error(`${what} before it logged ${pattern}. Its log:\n${log()}`)));
    const gone = (): void => fail('Node-RED ended');
    const timer = setTimeout(() => fail(`${timeout} ms passed`), timeout);
    child.on('logged', look).on('exit', gone);
    look();
    if (child.exitCode !== null) gone();
  });
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Tells Node-RED to stop and waits for its end; false when it had to be killed. */
async function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<boolean> {
  if (!isRunning(child)) return true;
  const exited = once(child, 'exit');
  let stopped = true;
  const timer = setTimeout(() => {
    stopped = false;
    child.kill('SIGKILL');
  }, stopTimeout);
  if (signal) child.kill(signal);
  else child.send('shutdown');
  await exited;
  clearTimeout(timer);
  return stopped;
}
