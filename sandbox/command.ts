#!/usr/bin/env node
/** `nanogpt-sandbox`: the built-in service for curl and other clients. */
import { parseArgs } from 'node:util';
import { simulatedErrors } from './simulated-errors.js';
import { startSandbox } from './server.js';

const help = `Usage: nanogpt-sandbox [--port 8484]

Answers NanoGPT's image API on this machine, without key, network or cost.

  --port PORT  where to listen on 127.0.0.1; 8484 if not given, 0 for any free one
  --help       this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8484' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(help);
  if (!/^\d+$/.test(values.port) || Number(values.port) > 65535)
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  const sandbox = await startSandbox({ port: Number(values.port), keepsProcess: true });
  const end = (): void => void sandbox.close();
  process.once('SIGINT', end).once('SIGTERM', end);
  process.stdout.write(welcome(sandbox.url));
}

function welcome(url: string): string {
  const rows = simulatedErrors.map(({ cause, effect }) => [withoutMarkup(cause), withoutMarkup(effect)] as const);
  const width = Math.max(...rows.map(([cause]) => cause.length));
  const table = rows.map(([cause, effect]) => `  ${cause.padEnd(width)}  ${effect}`).join('\n');
  return `The built-in service listens on ${url}

A first image:
  curl ${url}/v1/images/generations \\
    -H "Authorization: Bearer sandbox" -H "Content-Type: application/json" \\
    -d '{"prompt": "a lighthouse at sunset", "response_format": "url"}'

Errors on purpose:
${table}

Ctrl+C ends it.
`;
}

/** The texts of the table are the README's, where code stands in backticks. */
function withoutMarkup(text: string): string {
  return text.replaceAll('`', '');
}

/** One clear sentence for what a person can mend. */
function explain(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken. Choose another one: nanogpt-sandbox --port ${(port ?? 8484) + 1}`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one over 1023.`;
  return message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
