import type { GenerationRequest, Warning } from '../../generation.js';
import type { ImageRules } from '../../image/size-budget.js';
import type { AddressStyle } from '../base-url.js';
import type { SummarizedBody } from '../http/body.js';

/**
 * How images are sent: as data URLs in the JSON of the request, or as a
 * form to the route for edits; '' = the service's default.
 */
export type Edits = '' | 'json' | 'multipart';

/** A request in the format of one service. */
export interface Prepared {
  /** Appended to the account's address. */
  path: string;
  body: SummarizedBody;
  /** The largest body that this route takes, in bytes; absent = no limit. */
  limit?: number;
  warnings: Warning[];
}

/** What differs between the services; everything else in the client is the same for all. */
export interface Dialect {
  addressStyle: AddressStyle;
  /** The service's own address; absent where the user must give one. */
  baseUrl?: string;
  needsKey: boolean;
  images: ImageRules;
  /** How images are sent that are over the limit of this dialect and not over that of the model. */
  largeImages?: Dialect;
  /** Turns the request into what goes over the wire. */
  prepare: (request: GenerationRequest) => Prepared;
  /** The model that is used where a request names none; '' where that is not documented. */
  defaultModel: string;
  /** Models to choose from where one must be named; absent = there is a default. */
  currentModels?: readonly string[];
  /** Whether the list of models is public: it is then fetched without the key. */
  listsOpenly: boolean;
  /** Whether downloading images from the service's own address may require the key. */
  protectsImages: boolean;
  /**
   * Whether a server may ignore images in a request, so that it must be
   * recognised before it makes one from the text alone.
   */
  mayIgnoreImages: boolean;
  /** Whether it may send partial images while an image is made. */
  streams: boolean;
  /**
   * Path of the list of models; and where the service has them, of the lists that add the types of their parameters,
   * and which of them a subscription covers.
   */
  models: string;
  typedModels?: string;
  includedModels?: string;
  /** Paths of the balance and of what is left of a subscription, where the service has them. */
  balance?: string;
  subscription?: string;
  /** What the paths of the device login hang on, where the service has one. */
  login?: string;
}
