import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto';

const [ivLength, tagLength] = [12, 16];

/**
 * Encrypts what lies in Redis (AES-256-GCM); each piece is bound to its name, so that none can take another's place.
 */
export class Cipher {
  readonly #key: Buffer;
  readonly #onForged: () => void;

  private constructor(key: Buffer, onForged: () => void) {
    this.#key = key;
    this.#onForged = onForged;
  }

  /**
   * The key is derived from the secret, which takes a moment, but not of the event loop. `onForged` is called with each
   * piece that does not come from someone who knows the secret.
   */
  static async open(secret: string, salt: string, onForged: () => void = () => undefined): Promise<Cipher> {
    const key = await new Promise<Buffer>((resolve, reject) => {
      scrypt(secret, `nanogpt-cluster ${salt}`, 32, (error, derived) => (error ? reject(error) : resolve(derived)));
    });
    return new Cipher(key, onForged);
  }

  seal(content: Uint8Array, name: string): Buffer {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws where it was not sealed with this secret under this name. */
  unseal(sealed: Buffer, name: string): Buffer {
    try {
      return this.#open(sealed, name);
    } catch (error) {
      this.#onForged();
      throw error;
    }
  }

  sealJson(value: unknown, name: string): string {
    return this.seal(Buffer.from(JSON.stringify(value)), name).toString('base64');
  }

  unsealJson(sealed: string, name: string): unknown {
    return JSON.parse(this.unseal(Buffer.from(sealed, 'base64'), name).toString()) as unknown;
  }

  /** A name for content that only those who know the secret can tell from other names. */
  digest(content: Uint8Array | string): string {
    return createHmac('sha256', this.#key).update(content).digest('hex');
  }

  /** Tells instances with another secret from those with the same, and nobody what it is. */
  get fingerprint(): string {
    return this.digest('the same secret').slice(0, 16);
  }

  #open(sealed: Buffer, name: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, ivLength), {
      authTagLength: tagLength,
    });
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(ivLength, ivLength + tagLength));
    const opened = [decipher.update(sealed.subarray(ivLength + tagLength)), decipher.final()];
    // A Buffer of its own memory: images go into flows.
    return Buffer.from(new Uint8Array(Buffer.concat(opened)).buffer);
  }
}
