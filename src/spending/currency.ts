/** The currency of an account: that of the prices and the balance of NanoGPT. */
export const currency = 'USD';
