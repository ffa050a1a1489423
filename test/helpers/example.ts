import type { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import helper from 'node-red-node-test-helper';
import nanogptConfig from '../../nodes/nanogpt-config/nanogpt-config.js';
import nanogptImage from '../../nodes/nanogpt-image/nanogpt-image.js';
import nanogptInfo from '../../nodes/nanogpt-info/nanogpt-info.js';
import { closeAccount } from '../../src/account/registry.js';
import type { AnyMessage } from './flow.js';
import type { FlowNode } from './node-red.js';
import { loadCore, nodeRedDir } from './node-red-modules.js';
import { root } from './packed.js';

/** An example as a running flow; its nodes are spoken of by their names. */
export interface RunningExample {
  /** Presses the button of an inject node. */
  press(name: string): void;
  /** Puts a message into a node, as if the one before had sent it. */
  put(name: string, message: AnyMessage): void;
  /** Resolves with the messages that have reached a node, once there are `count` of them (default 1). */
  reached(name: string, count?: number): Promise<AnyMessage[]>;
  /** Where its file nodes write to. */
  folder: string;
  /** Serves what its http nodes answer. */
  http: RequestListener;
}

const folder = join(root, 'examples');

/** The core nodes that the examples use, by the files they are in. */
const core = [
  'common/20-inject', 'common/21-debug', 'common/90-comment', 'function/rbe', 'function/10-switch', 'function/15-change', 'function/80-template',
  'function/89-delay', 'network/10-mqtt', 'network/21-httpin', 'parsers/70-CSV', 'sequence/17-split', 'storage/10-file',
]; // prettier-ignore

helper.init(nodeRedDir);

/** File names of all examples, in their order. */
export const exampleNames = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort();

/** The nodes of the example whose file name begins with `number`, as they are in the file. */
export function readExample(number: string): FlowNode[] {
  const name = exampleNames.find((candidate) => candidate.startsWith(`${number} - `));
  if (name === undefined) throw new Error(`There is no example ${number}.`);
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as FlowNode[];
}

/**
 * Loads an example into Node-RED's runtime, in this process, and starts it, with an earlier one's folder or one of its own.
 * Call `stopExample` after each test.
 */
export async function startExample(flow: FlowNode[], files = newFolder()): Promise<RunningExample> {
  accounts.push(...flow.filter(({ type }) => type === 'nanogpt-config').map(({ id }) => id));
  const settings: Record<string, unknown> = {
    userDir: files,
    fileWorkingDirectory: files,
    httpNodeRoot: '/',
    debugMaxLength: 1000,
  };
  helper.settings(settings);
  let http: RequestListener | undefined;
  const seeHttp = (RED: NodeAPI): void => {
    http = RED.httpNode;
  };
  const nodes: unknown[] = [seeHttp, nanogptConfig, nanogptImage, nanogptInfo, ...core.map(loadCore)];
  await helper.load(nodes as Parameters<typeof helper.load>[0], flow);
  return watch(flow, files, http!);
}

/** Stops the example and removes what it wrote. */
export async function stopExample(): Promise<void> {
  await endExample();
  // What an account still writes to its history may come in between.
  for (const path of temporary.splice(0)) await rm(path, { recursive: true, maxRetries: 10 });
}

/** Stops the example as the end of Node-RED does: what it wrote stays. */
export async function endExample(): Promise<void> {
  await helper.unload();
  // The helper only ever adds settings.
  helper.settings({ userDir: undefined });
  for (const id of accounts.splice(0)) closeAccount(id);
}

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nanogpt-example-'));
  temporary.push(path);
  return path;
}

const temporary: string[] = [];
const accounts: string[] = [];

function watch(flow: FlowNode[], files: string, http: RequestListener): RunningExample {
  const findId = (name: string): string => {
    const found = flow.find((node) => node.name === name);
    if (!found) throw new Error(`The example has no node named ${name}.`);
    return found.id;
  };
  const running = (id: string): EventEmitter & { receive(message: AnyMessage): void } => helper.getNode(id) as never;
  const messages = new Map<string, AnyMessage[]>();
  const looks = new Set<() => void>();
  for (const { id } of flow.filter((node) => 'x' in node && node.type !== 'comment')) {
    messages.set(id, []);
    running(id).on('input', (message: AnyMessage) => {
      messages.get(id)!.push(message);
      for (const look of looks) look();
    });
  }
  return {
    folder: files,
    http,
    press: (name) => running(findId(name)).receive({}),
    put: (name, message) => running(findId(name)).receive(message),
    reached: (name, count = 1) =>
      new Promise((resolve) => {
        const list = messages.get(findId(name))!;
        const look = (): void => {
          if (list.length < count) return;
          looks.delete(look);
          resolve(list);
        };
        looks.add(look);
        look();
      }),
  };
}
