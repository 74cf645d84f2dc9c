/** CLIP-family dual encoders over transformers.js; the decoder of pictures is injected. */

export {
  ClipEmbedder,
  type ClipEmbedderOptions,
  loadClipEmbedder,
  type ModelSource,
} from "./clip-embedder.ts";
export type { ImageDecoder, PixelRequest, Pixels } from "./image-decoder.ts";
