import { createServer } from 'node:net';

/** The port to use: `wanted` when given, else the first free one from 1880. */
export async function choosePort(wanted) {
  if (wanted !== undefined && wanted !== '') {
    const port = Number(wanted);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`PORT must be a number from 1 to 65535; it is ${wanted}.`);
    if (!(await isFree(port))) throw new Error(`Port ${port} is taken. Choose another with PORT.`);
    return port;
  }
  for (let port = 1880; port < 1980; port++) if (await isFree(port)) return port;
  throw new Error('The ports 1880 to 1979 are all taken. Choose another with PORT.');
}

async function isFree(port) {
  const server = createServer();
  const free = await new Promise((resolve) => {
    server
      .once('error', () => resolve(false))
      .listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return free;
}
