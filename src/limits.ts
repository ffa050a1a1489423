/** Limits in bytes; a larger request or answer is refused. */
export const limits = {
  /** One answer of the service, after decompression. */
  answer: 128_000_000,
  /** The text around the images of one answer: parsing it blocks the event loop. */
  responseText: 1_000_000,
  /** A list of models or a balance. */
  listText: 8_000_000,
  /** All images of one answer together. */
  images: 128_000_000,
  /** One generated image. */
  image: 32_000_000,
  /** One input image. */
  input: 25_000_000,
  /** The part of an error response that is read. */
  failure: 65_536,
  /** One whole request body for NanoGPT, whose documented limit of 4 MB holds after encoding. */
  nanogptBody: 4_000_000,
  /** One whole form for NanoGPT's edits (30 MiB an image in its models' own limits). */
  nanogptForm: 30 * 1024 * 1024,
  /** All input images that wait in the queue of one account. */
  waiting: 64_000_000,
};

/** The longest wait that a service may ask for, in seconds; after a longer one nothing is retried. */
export const longestWait = 60;

/** How long the download of an image may take, in milliseconds. */
export const downloadTimeout = 60_000;

/** How many characters a prompt or another text of a message may have. */
export const longestText = 100_000;

/** How many input images one message may hold. */
export const maxInputImages = 64;
