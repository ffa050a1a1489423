/**
 * `npm start`: builds the package, starts a Node-RED with it, makes the first image and stays up until Ctrl-C.
 * `npm start -- --once` ends when the image is there.
 */
import { join } from 'node:path';
import { installIfNeeded, root } from './install.mjs';
import { run } from './run.mjs';
import { makeFirstImage } from './start/first-image.mjs';
import { startNodeRed } from './start/node-red.mjs';
import { choosePort } from './start/port.mjs';
import { prepareUserDir } from './start/user-dir.mjs';

const startTimeout = 60_000;
const userDir = join(root, '.node-red');
const examples = join(root, 'examples');
const example = join(examples, '01 - An image from a prompt.json');

/** Does all of it; gives the exit code. */
async function start(args) {
  const once = args.includes('--once');
  const unknown = args.filter((arg) => arg !== '--once');
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(' ')}. Use npm start, or npm start -- --once`);

  const port = await choosePort(process.env.PORT);
  await installIfNeeded();
  await run('Building', process.execPath, ['build.mjs'], { cwd: root });
  await prepareUserDir(userDir, examples);

  console.log('Starting Node-RED ...');
  const url = `http://127.0.0.1:${port}`;
  const nodeRed = startNodeRed({ userDir, port });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void nodeRed.stop());
  try {
    await ready(nodeRed);
    console.log('Making an image ...');
    const image = await makeFirstImage({ nodeRed, url, userDir, example });
    if (!image && once)
      throw new Error('The first example was changed or removed. Delete .node-red to start from scratch.');
    console.log(
      image ? `\nThe first image: ${image}` : '\nNo image was made: the first example was changed or removed.',
    );
  } catch (error) {
    if (nodeRed.stopping) return nodeRed.exited;
    await nodeRed.stop();
    throw error;
  }
  if (once) await nodeRed.stop();
  else console.log(`The editor:        ${url}\nCtrl-C ends it.`);
  const code = await nodeRed.exited;
  if (!nodeRed.stopping) throw new Error(`Node-RED ended by itself with code ${code}.`);
  return code;
}

/** Resolves when the editor can be opened and the flows run. */
async function ready(nodeRed) {
  const saw = (words) =>
    nodeRed.logged(({ text }) => {
      if (text.startsWith('Waiting for missing types'))
        throw new Error('Node-RED could not load all node types of the flows.');
      return text.startsWith(words) ? text : undefined;
    }, startTimeout);
  await Promise.all([saw('Server now running'), saw('Started flows')]);
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  console.error(`\nnpm start failed. ${error.message}`);
  process.exitCode = 1;
}
