import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Form, parseForm } from '../helpers/form.js';

/** What a person writes to the bot. */
interface Said {
  text?: string;
  /** A JPEG. */
  photo?: Buffer;
  caption?: string;
}

/** Telegram's Bot API on this machine, as far as the example needs it (Telegram docs: Bot API). */
export interface BotApi {
  url: string;
  token: string;
  /** The chat that everything comes from. */
  chat: number;
  say(said: Said): void;
  /** Resolves with the next call of a method that sends something. */
  sent(method: 'sendPhoto' | 'sendMessage'): Promise<Form>;
  close(): Promise<void>;
}

const token = '123456:for-tests-only';
const chat = 4711;
const person = { id: 42, is_bot: false, first_name: 'Ada', username: 'ada' };

export async function startBotApi(): Promise<BotApi> {
  const updates: object[] = [];
  const photos: Buffer[] = [];
  const calls: { method: string; form: Form }[] = [];
  const watchers = new Set<() => void>();
  const wake = (): void => watchers.forEach((watcher) => watcher());

  const methods: Record<string, (form: Form) => unknown> = {
    getMe: () => ({ id: 1, is_bot: true, first_name: 'Bot', username: 'a_bot' }),
    deleteWebhook: () => true,
    setMyCommands: () => true,
    getUpdates: () => updates.splice(0),
    getFile: ({ fields }) => ({ file_id: fields.file_id, file_path: `photos/${fields.file_id}` }),
    sendPhoto: () => ({ message_id: 1, date: 0, chat: { id: chat } }),
    sendMessage: () => ({ message_id: 1, date: 0, chat: { id: chat } }),
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://bot');
    const photo = /^\/file\/bot[^/]+\/photos\/(\d+)$/.exec(pathname)?.[1];
    if (photo !== undefined) return void response.setHeader('content-type', 'image/jpeg').end(photos[Number(photo)]);
    const method = pathname.replace(`/bot${token}/`, '');
    const form = await readForm(request, searchParams);
    calls.push({ method, form });
    const result = methods[method]?.(form);
    response.statusCode = result === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(result === undefined ? { ok: false, error_code: 404 } : { ok: true, result }));
    wake();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  let messages = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    chat,
    say({ text, photo, caption }) {
      messages += 1;
      const sizes = photo && [
        { file_id: String(photos.push(photo) - 1), file_unique_id: 'x', width: 320, height: 240 },
      ];
      const message = { message_id: messages, date: 0, chat: { id: chat, type: 'private' }, from: person };
      updates.push({
        update_id: messages,
        message: { ...message, ...(text && { text }), ...(sizes && { photo: sizes, caption }) },
      });
    },
    sent: (method) =>
      new Promise((resolve) => {
        const look = (): void => {
          const index = calls.findIndex((call) => call.method === method);
          if (index < 0) return;
          watchers.delete(look);
          resolve(calls.splice(index, 1)[0]!.form);
        };
        watchers.add(look);
        look();
      }),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The parameters of a call, which may stand in its address, in a form of either kind, or beside files. */
async function readForm(request: IncomingMessage, address: URLSearchParams): Promise<Form> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) {
    const form = await parseForm({ headers: request.headers, bytes });
    return { ...form, fields: { ...Object.fromEntries(address), ...form.fields } };
  }
  return {
    fields: { ...Object.fromEntries(address), ...Object.fromEntries(new URLSearchParams(bytes.toString())) },
    files: [],
  };
}
