import assert from 'node:assert/strict';
import { readJobId } from '../../../src/api/response/job-id.js';

const rows: [title: string, body: Record<string, unknown>, id: string | undefined][] = [
  ['a task in a list', { data: [{ status: 'submitted', task_id: 'a1' }] }, 'a1'],
  ['an address to ask at', { id: 'b2', polling_url: 'https://api.test/b2' }, 'b2'],
  ['a queue', { request_id: 'c3', status_url: 'https://queue.test/c3', status: 'IN_QUEUE' }, 'c3'],
  ['a job that was created', { code: 200, data: { id: 'd4', outputs: [], status: 'created' } }, 'd4'],
  ['a generation in an object of its own', { sdGenerationJob: { generationId: 'e5' } }, 'e5'],
  ['a state beside its id', { output: { task_status: 'PENDING', task_id: 'f6' }, request_id: 'r' }, 'f6'],
  ['a job two levels deep', { data: { task: { id: 'g7', status: 'waiting' } } }, 'g7'],
  ['a number', { prompt_id: 8 }, '8'],
  ['a job that failed', { task_id: 'h9', status: 'failed', message: 'no worker' }, undefined],
  ['a refusal', { success: false, task_id: 'i10' }, undefined],
  ['an id of something else', { id: 'x', created: 1, data: [] }, undefined],
];

describe('the id of a job', () => {
  for (const [title, body, id] of rows)
    it(`is ${id}: ${title}`, () => assert.equal(readJobId({ status: 200, headers: {} }, body), id));

  it('is the last part of an address in the header of a 202', () => {
    const headers = { 'operation-location': 'https://azure.test/operations/j11?api-version=1' };
    assert.equal(readJobId({ status: 202, headers }, {}), 'j11');
  });
});
