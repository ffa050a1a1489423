import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { apiKey, serve, unload } from '../../helpers/flow.js';
import { image } from '../../helpers/images.js';
import type { Reply, Seen } from '../../helpers/service.js';

/** A response that is not JSON in one piece. */
type Answer = (response: ServerResponse, bytes: Buffer) => void;

const asText = (bytes: Buffer): string => bytes.toString('base64');
const asUrl = (bytes: Buffer): string => `data:image/png;base64,${asText(bytes)}`;
const event = (name: string, data: object): string =>
  `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;

/** Bodies of a 200 that hold one image, in the shapes of servers and gateways. */
const shapes: Record<string, (bytes: Buffer) => unknown> = {
  'a list under images': (bytes) => ({ images: [{ b64_json: asText(bytes) }] }),
  'a list of base64 under images': (bytes) => ({ images: [asText(bytes)], parameters: {} }),
  'a list of data URLs under output': (bytes) => ({ output: [asUrl(bytes)] }),
  'one object in the place of the list': (bytes) => ({ data: { b64_json: asText(bytes) } }),
  'an object that holds the list': (bytes) => ({ data: { images: [{ url: asUrl(bytes) }] } }),
  'a bare list': (bytes) => [{ b64_json: asText(bytes) }],
  'a bare object': (bytes) => ({ created: 1, b64_json: asText(bytes) }),
  'a bare text': (bytes) => JSON.stringify(asText(bytes)),
  'base64 under another name': (bytes) => ({ artifacts: [{ base64: asText(bytes), finishReason: 'SUCCESS' }] }),
  'a data URL in a chat': (bytes) => ({ choices: [{ message: { images: [{ type: 'image_url', image_url: { url: asUrl(bytes) } }] } }] }),
  'a data URL with escaped slashes': (bytes) => JSON.stringify({ data: [{ url: asUrl(bytes) }] }).replaceAll('/', '\\/'),
  'base64 as Python writes bytes': (bytes) => ({ data: [{ b64_json: `b'${asText(bytes)}'` }] }),
  'base64 in quotes': (bytes) => ({ data: [{ b64_json: `"${asText(bytes)}"` }] }),
  'a data URL without its name': (bytes) => ({ data: [{ b64_json: `image/png;base64,${asText(bytes)}` }] }),
  'a data URL in Markdown': (bytes) => ({ choices: [{ message: { content: `![image](${asUrl(bytes)})` } }] }),
  'base64 that was encoded again': (bytes) => ({ data: [{ b64_json: asText(Buffer.from(asText(bytes))) }] }),
  'a data URL that was encoded again': (bytes) => ({ data: [{ b64_json: asText(Buffer.from(asUrl(bytes))) }] }),
  'base64 and nothing else': asText,
  'a data URL and nothing else': asUrl,
  'lines of JSON': (bytes) => `{"status":"processing"}\n${JSON.stringify({ data: [{ b64_json: asText(bytes) }] })}\n`,
  'JSON behind comments': (bytes) => `: PROCESSING\n\n: PROCESSING\n\n${JSON.stringify({ data: [{ b64_json: asText(bytes) }] })}`,
  'JSON before the end of a stream': (bytes) => `${JSON.stringify({ data: [{ b64_json: asText(bytes) }] })}\n\ndata: [DONE]\n`,
  'JSON behind a guard': (bytes) => `)]}'\n${JSON.stringify({ data: [{ b64_json: asText(bytes) }] })}`,
}; // prettier-ignore

const streams: Record<string, Answer> = {
  'the bytes of the image': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'image/png' }).end(bytes);
  },
  'the bytes of the image under another type': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
  },
  'events, drafts before the image': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const draft = event('image_generation.partial_image', { b64_json: asText(Buffer.concat([bytes, Buffer.alloc(9)])) });
    response.end(`: keep-alive\n\n${draft}${event('image_generation.completed', { b64_json: asText(bytes), usage: { total_tokens: 1 } })}data: [DONE]\n\n`);
  },
  'events behind a byte order mark': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`\uFEFFdata: ${JSON.stringify({ data: [{ b64_json: asText(bytes) }] })}\n\n`);
  },
  'an event for each image of a group': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('image_generation.partial_succeeded', { b64_json: asText(bytes), image_index: 0 }));
    response.end(event('image_generation.completed', { usage: { generated_images: 1 } }));
  },
  'events of which the last repeats the image': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('response.output_item.done', { item: { result: asText(bytes) } }));
    response.end(event('response.completed', { response: { output: [{ result: asText(bytes) }] } }));
  },
  'blanks that keep the connection alive, then JSON': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('  \n\n ');
    response.end(JSON.stringify({ data: [{ b64_json: asText(bytes) }] }));
  },
  'whole JSON on a connection that breaks behind it': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    response.write(JSON.stringify({ data: [{ b64_json: asText(bytes) }], cost: 0.04 }), () => response.socket?.destroy());
  },
}; // prettier-ignore

describe('nanogpt-image delivers the image', () => {
  afterEach(unload);

  const rows: [string, (bytes: Buffer) => Parameters<typeof serve>[0]][] = [
    ...Object.entries(shapes).map(([title, body]): [string, (bytes: Buffer) => Reply] => [
      title,
      (bytes) => ({ body: body(bytes) }),
    ]),
    ...Object.entries(streams).map(([title, answer]): [string, (bytes: Buffer) => Parameters<typeof serve>[0]] => [
      title,
      (bytes) => (_: Seen, response: ServerResponse) => void answer(response, bytes),
    ]),
  ];
  for (const [title, reply] of rows) {
    it(`from ${title}`, async () => {
      const bytes = await image('png', 40, 30);
      const flow = await serve(reply(bytes));
      const { out } = await flow.send({ payload: 'a fox' });
      assert.deepEqual(out.map(({ payload }) => payload), [bytes]); // prettier-ignore
      assert.deepEqual(out[0]!.generation.warnings, []);
    });
  }

  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><title>Füchse</title></svg>';
  for (const [title, entry] of Object.entries({
    'a text': { svg: drawing },
    'a text where base64 should be': { b64_json: drawing },
    'a data URL of plain text': { url: `data:image/svg+xml;utf8,${drawing}` },
    'a data URL with percent signs': { url: `data:image/svg+xml,${encodeURIComponent(drawing)}` },
  })) {
    it(`from a drawing as ${title}`, async () => {
      const flow = await serve({ body: { data: [entry] } });
      const { out } = await flow.send({ payload: 'a fox' });
      assert.equal(String(out[0]!.payload as Buffer), drawing);
      assert.equal(out[0]!.imageInfo.mime, 'image/svg+xml');
    });
  }

  it('of a format that is not known, as it came and with a warning', async () => {
    const bytes = Buffer.concat([Buffer.from([1, 2, 3, 255]), Buffer.alloc(200, 7)]);
    const flow = await serve({ body: { data: [{ b64_json: asText(bytes), media_type: 'image/x-new' }] } });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual(out[0]!.payload, bytes);
    assert.equal(out[0]!.imageInfo.mime, 'image/x-new');
    assert.match(out[0]!.generation.warnings.join(), /unknown format/);
  });

  it('and says why another of the same answer is not there', async () => {
    const bytes = await image();
    const refused = { error: { code: 'OutputImageSensitiveContentDetected', message: 'It may show a person.' } };
    const flow = await serve({ body: { data: [{ b64_json: asText(bytes) }, refused] } }, { node: { count: '2' } });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual(out[0]!.payload, bytes);
    assert.match(out[0]!.generation.warnings.join(), /It may show a person/);
  });
});

describe('nanogpt-image fails', () => {
  afterEach(unload);

  it('as moderated where every entry is refused', async () => {
    const flow = await serve({ body: { data: [{ url: '', respect_moderation: false }] } });
    const { caught } = await flow.send({ payload: 'a fox' });
    assert.equal(caught[0]!.failure.code, 'moderated');
  });

  it('with the id of the job where the service has only begun', async () => {
    const flow = await serve({ status: 202, body: { id: 'job-7', status: 'notRunning' } });
    const { caught } = await flow.send({ payload: 'a fox' });
    const { code, charged } = caught[0]!.failure;
    assert.deepEqual([code, charged], ['bad_response', 'unknown']);
    assert.equal(caught[0]!.failure.jobId, 'job-7');
  });

  it('at once where an answer is made of millions of empty entries', async () => {
    const flow = await serve({ body: `{"data":[${'{},'.repeat(2_000_000)}{}]}` });
    const { caught } = await flow.send({ payload: 'a fox' });
    assert.equal(caught[0]!.failure.code, 'bad_response');
  });

  it('without losing the image that an error nested without end stands beside', async () => {
    const bytes = await image();
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    const flow = await serve({ body: `{"data":[{"b64_json":"${asText(bytes)}"}],"error":${deep}}` });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual(out[0]!.payload, bytes);
  });

  it('without showing the key, in whatever form and wherever the service repeats it', async () => {
    const bytes = await image();
    const forms = [apiKey, asText(Buffer.from(`Bearer ${apiKey}`)), Buffer.from(apiKey).toString('hex')];
    for (const form of forms) {
      const body = {
        data: [{ b64_json: asText(bytes), revised_prompt: form }],
        requestId: form,
        paymentSource: form,
        usage: { [form]: form },
      };
      const flow = await serve({ body, headers: { 'x-request-id': form } }, { account: { service: 'nanogpt' } });
      const { out } = await flow.send({ payload: 'a fox' });
      const shown = JSON.stringify([out[0]!.generation, out[0]!.imageInfo]);
      for (const hidden of [apiKey, Buffer.from(apiKey).toString('hex')]) assert.ok(!shown.includes(hidden));
      await unload();
    }
  });
});
