import type { GenerationRequest, Warning } from '../../generation.js';
import type { ImageRules } from '../../image/size-budget.js';
import type { AddressStyle } from '../base-url.js';
import type { SummarizedBody } from '../http/body.js';

/** The services that an account can name. */
export type Service = 'nanogpt' | 'openai' | 'compatible' | 'sandbox';

/** How a compatible server takes images: as data URLs in JSON, or as a form to `/images/edits`. */
export type Edits = 'json' | 'multipart';

/** A request in the words of one service. */
export interface Prepared {
  /** Appended to the account's address. */
  path: string;
  body: SummarizedBody;
  warnings: Warning[];
}

/** How one kind of server is spoken to; everything else in the client is the same for all. */
export interface Dialect {
  addressStyle: AddressStyle;
  /** The service's own address; absent where the user must give one. */
  baseUrl?: string;
  needsKey: boolean;
  images: ImageRules;
  /** Turns the request into what goes over the wire. */
  prepare: (request: GenerationRequest) => Prepared;
  /** The model that is used where none is named; '' where that is not documented. */
  defaultModel: string;
  /** Whether the list of models is open to all: the key is not shown for it. */
  listsOpenly: boolean;
  /** Paths of the model list and of the balance, where the service has them. */
  models: string;
  balance?: string;
}
