/**
 * What `core` may use of the world it runs in: the encoding classes every JavaScript host has. Declared here by hand,
 * so that neither Node's nor the browser's typings are needed and a `process` or a `document` does not compile.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
