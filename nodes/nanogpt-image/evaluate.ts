import type { Node, NodeAPI } from 'node-red';
import { ImageError } from '../../src/errors.js';
import type { Message } from '../shared/message.js';

/** One field of the dialog: what was typed, and as which type it is read. */
export interface Field {
  /** Its name in the settings. */
  name: string;
  value: string;
  type: string;
}

/** Gives the value of a field for one message; a blank field has none. */
export type Evaluate = (field: Field) => Promise<unknown>;

/**
 * Reads fields as the editor's TypedInput means them. Always the callback form: context stores may be asynchronous.
 *
 * @throws ImageError `invalid_input` naming the field whose expression cannot be read.
 */
export function evaluator(RED: NodeAPI, node: Node, msg: Message): Evaluate {
  return (field) =>
    new Promise((resolve, reject) => {
      if (String(field.value).trim() === '') return resolve(undefined);
      // Node-RED would make NaN of a number that is none, and nobody could say what was typed.
      if (field.type === 'num') return resolve(field.value);
      const fail = (error: unknown): void => {
        reject(
          error instanceof ImageError
            ? error
            : new ImageError(
                'invalid_input',
                'bad_value',
                { field: fieldName(field), reason: readReason(error) },
                { cause: error },
              ),
        );
      };
      try {
        RED.util.evaluateNodeProperty(field.value, field.type, node, msg, (error, value) => {
          if (isPromise(value))
            return fail(new ImageError('invalid_input', 'object_promise', { field: fieldName(field) }));
          if (error === null || error === undefined) return resolve(value);
          return isMissing(field, error) ? resolve(undefined) : fail(error);
        });
      } catch (error) {
        fail(error);
      }
    });
}

/** What is forgotten to be awaited may never come, and then the message would never end. */
function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** How a field is named to a person: by the property it reads, else by its label. */
export function fieldName({ name, value, type }: Field): string {
  return ['msg', 'flow', 'global'].includes(type) ? `${type}.${value}` : name;
}

/** A path through something that is not there: `msg.a.b` without `msg.a`. */
function isMissing({ type }: Field, error: unknown): boolean {
  return type === 'msg' && error instanceof TypeError;
}

/** JSONata throws plain objects. */
function readReason(error: unknown): string {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
