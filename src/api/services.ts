/** The services that an account can have, in the order in which the dialog offers them. */
export const services = ['nanogpt', 'openai', 'compatible', 'sandbox'] as const;

/** One of these services. */
export type Service = (typeof services)[number];

/** The services that charge for images, and therefore need a key. */
export const paidServices: readonly string[] = ['nanogpt', 'openai'] satisfies Service[];
