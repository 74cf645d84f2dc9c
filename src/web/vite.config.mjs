import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // The page's policy allows no data: scripts or styles, and small files are not worth a line of their own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  // `npx vite src/web` beside `concept explore MODEL --port 7320`, for work on the page.
  server: { proxy: { "/api": { target: "http://127.0.0.1:7320", changeOrigin: true } } },
});
