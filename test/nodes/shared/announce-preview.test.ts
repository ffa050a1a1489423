import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import { announcePreview } from '../../../nodes/shared/announce-preview.js';
import { editorEvents } from '../../../nodes/shared/editor-events.js';

describe('the preview of a new image', () => {
  it('does not fail the message when a listener throws', () => {
    const events = new EventEmitter();
    const heard: unknown[] = [];
    events.on(editorEvents.preview, (tick) => {
      heard.push(tick);
      throw new Error('a listener of another package');
    });
    announcePreview({ events } as unknown as NodeAPI, { id: 'n1', z: 'tab' } as Node, 'image');
    assert.deepEqual(heard, [{ node: 'n1', instance: 'tab', id: 'image' }]);
  });
});
