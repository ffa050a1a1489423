import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ids in the first example. */
const inject = 'first-image-inject';
const account = 'sandbox-account';
const saved = 'saved as';

const timeout = 60_000;
const png = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * Presses the button of the first example in the running Node-RED and waits until its file node has written the image.
 * Gives the path of the file; undefined where that flow was changed or removed since, then nothing is pressed: a click
 * may cost money.
 */
export async function makeFirstImage({ nodeRed, url, userDir, example }) {
  const flows = JSON.parse(await readFile(join(userDir, 'flows.json'), 'utf8'));
  if (!isFree(flows, JSON.parse(await readFile(example, 'utf8')))) return undefined;
  const name = nodeRed.logged(imageName, timeout);
  name.catch(() => {});
  const answer = await fetch(`${url}/inject/${inject}`, { method: 'POST' });
  if (!answer.ok)
    throw new Error(`Node-RED did not take the click on the first example's button: it answered ${answer.status}.`);
  const path = join(userDir, 'images', await name);
  const bytes = await readFile(path);
  if (!bytes.subarray(0, png.length).equals(png)) throw new Error(`${path} is not a PNG.`);
  return path;
}

/** The file's name when the debug node behind the file node shows it; an error of the flow is thrown. */
function imageName({ level, text }) {
  if (level === 'error' && /^\[(nanogpt-|file:)/.test(text)) throw new Error(text);
  return text.startsWith(`[debug:${saved}] `) ? text.slice(`[debug:${saved}] `.length) : undefined;
}

/** Whether a message reaches only the example's own nodes, and those on the built-in service. */
function isFree(flows, example) {
  const own = new Set(example.map((node) => node.id));
  const reached = reachable(flows, inject);
  const builtIn = flows.some((node) => node.id === account && node.service === 'sandbox');
  return (
    builtIn && reached.length > 1 && reached.every((node) => own.has(node.id) && (node.account ?? account) === account)
  );
}

/** The node with that id and all that its messages can reach by wires. */
function reachable(flows, id, found = []) {
  const node = flows.find((candidate) => candidate.id === id);
  if (!node || found.includes(node)) return found;
  found.push(node);
  for (const next of node.wires?.flat() ?? []) reachable(flows, next, found);
  return found;
}
