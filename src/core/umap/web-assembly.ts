// Browsers and Node have these; the type libraries of core, which must run in both, do not list them.

interface WebAssemblyMemory {
  readonly buffer: ArrayBufferLike;
}

interface WebAssemblyInstance {
  readonly exports: { readonly [name: string]: unknown };
}

export interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => WebAssemblyInstance;
  readonly Memory: new (descriptor: {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }) => WebAssemblyMemory;
}

declare function atob(base64: string): string;
declare const WebAssembly: WebAssemblyHost | undefined;

/** @returns undefined where the host has no WebAssembly */
export function webAssembly(): WebAssemblyHost | undefined {
  return typeof WebAssembly === "undefined" ? undefined : WebAssembly;
}

export function bytesOfBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
