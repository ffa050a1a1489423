import busboy from 'busboy';
import type { Seen } from './service.js';

/** One part of a form that holds a file. */
export interface FormPart {
  name: string;
  fileName: string;
  mime: string;
  bytes: Buffer;
}

/** A form as another programme's parser reads it. */
export interface Form {
  fields: Record<string, string>;
  files: FormPart[];
}

/** Parses the body of a request as a form (RFC 7578). */
export function parseForm({ headers, bytes }: Pick<Seen, 'headers' | 'bytes'>): Promise<Form> {
  return new Promise((resolve, reject) => {
    const form: Form = { fields: {}, files: [] };
    const parser = busboy({ headers });
    parser.on('field', (name, value) => (form.fields[name] = value ?? ''));
    parser.on('file', (name, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () =>
        form.files.push({ name, fileName: filename ?? '', mime: mimeType, bytes: Buffer.concat(chunks) }),
      );
    });
    parser.on('close', () => resolve(form));
    parser.on('error', reject);
    parser.end(bytes);
  });
}
