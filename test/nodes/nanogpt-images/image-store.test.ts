import assert from 'node:assert/strict';
import { type Bounds, ImageStore } from '../../../nodes/nanogpt-images/routes/image-store.js';

describe('the store of images', () => {
  let now: number;
  const open = (bounds: Partial<Bounds>): ImageStore =>
    new ImageStore({ count: 100, bytes: 1000, time: 60_000, ...bounds }, () => now);
  const image = (length = 10): { bytes: Buffer; mime: string } => ({ bytes: Buffer.alloc(length), mime: 'image/png' });
  const found = (store: ImageStore, ids: string[]): boolean[] => ids.map((id) => store.find(id) !== undefined);

  beforeEach(() => {
    now = 1000;
  });

  it('keeps each image for its time', () => {
    const store = open({});
    const first = store.keep(image());
    now += 59_999;
    const second = store.keep(image());
    assert.deepEqual(found(store, [first, second]), [true, true]);
    now += 1;
    assert.deepEqual(found(store, [first, second]), [false, true]);
    now += 60_000;
    assert.deepEqual(found(store, [first, second]), [false, false]);
  });

  it('keeps so many, the newest', () => {
    const store = open({ count: 2 });
    const ids = [1, 2, 3].map(() => store.keep(image()));
    assert.deepEqual(found(store, ids), [false, true, true]);
  });

  it('keeps so many bytes, of the newest', () => {
    const store = open({ bytes: 100 });
    const ids = [40, 60, 30, 50].map((length) => store.keep(image(length)));
    assert.deepEqual(found(store, ids), [false, false, true, true]);
  });

  it('gives back what was put in', () => {
    const store = open({});
    const kept = image();
    assert.deepEqual(store.find(store.keep(kept))?.bytes, kept.bytes);
    assert.equal(store.find('another'), undefined);
  });
});
