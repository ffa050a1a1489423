/** Run by without-sharp.test.ts: one image from text and one from a small image, where sharp cannot be loaded. Prints what came. */
import Module, { register } from 'node:module';

type Load = (request: string, ...rest: unknown[]) => unknown;
const loader = Module as unknown as { _load: Load };
const load = loader._load;
// For those who require it, and for those who import it.
loader._load = (request, ...rest) => {
  if (request === 'sharp') throw new Error('Could not load the "sharp" module using the linux-arm runtime');
  return load.call(loader, request, ...rest);
};
const hooks = `export async function resolve(name, context, next) {
  if (name === 'sharp') throw new Error('Could not load the "sharp" module using the linux-arm runtime');
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

async function run(): Promise<void> {
  const isThere = await import('sharp').then(
    () => true,
    () => false,
  );
  const { loadFlow, unload } = await import('../../helpers/flow.js');
  const baseUrl = process.argv[2];
  const flow = await loadFlow({
    account: { service: 'nanogpt', baseUrl, retries: 0 },
    credentials: { apiKey: 'sk-nano-1' },
  });
  const { out, caught } = await flow.send(
    { payload: 'a fox' },
    { payload: Buffer.from(process.argv[3]!, 'base64'), prompt: 'winter' },
  );
  console.log(
    JSON.stringify({
      isThere,
      made: out.map(({ payload }) => (payload as Buffer).toString('base64')),
      failed: caught.map(({ error }) => error.message as string),
    }),
  );
  await unload();
}

void run().then(() => process.exit());
