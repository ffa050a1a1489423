import type { Node, NodeAPI } from 'node-red';
import { ImageError } from '../../src/errors.js';
import type { Message } from '../shared/message.js';

/** One field of the dialog: the typed text and its type. */
export interface Field {
  /** Its name in the settings. */
  name: string;
  value: string;
  type: string;
}

/** Evaluates a field for one message; undefined for a blank one. */
export type Evaluate = (field: Field) => Promise<unknown>;

/**
 * Evaluates fields like the editor's TypedInput. Always the callback form: context stores may be asynchronous.
 *
 * @throws ImageError `invalid_input` naming the field whose expression fails.
 */
export function evaluator(RED: NodeAPI, node: Node, msg: Message): Evaluate {
  return (field) =>
    new Promise((resolve, reject) => {
      if (String(field.value).trim() === '') return resolve(undefined);
      // Node-RED would turn an invalid number into NaN, and the message could not say what was typed.
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

/** A Promise that was not awaited may never settle, and then the message would never end. */
function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** The name of a field for a person: the property it reads, else its setting. */
export function fieldName({ name, value, type }: Field): string {
  return ['msg', 'flow', 'global'].includes(type) ? `${type}.${value}` : name;
}

/** A path through a missing property: `msg.a.b` without `msg.a`. */
function isMissing({ type }: Field, error: unknown): boolean {
  return type === 'msg' && error instanceof TypeError;
}

/** JSONata throws plain objects. */
function readReason(error: unknown): string {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
