import { defineConfig } from 'vitest/config';

// The address of a running graph's admin listener, for `npm run dev`.
const api = process.env.MEDIAASPIRE_ADMIN ?? 'http://127.0.0.1:9001';
const routes = ['/admin', '/media', '/images', '/files', '/tags', '/uploads', '/shares', '/console/session', '/console/events'];

export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2022',
    // The content security policy allows neither data: fonts nor inline scripts; files with a hash in the name are cached for ever.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      // Libraries mark modules for server components, which do not exist here.
      onwarn: (warning, warn) => { if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning); },
      output: {
        manualChunks: (id) => (/node_modules\/(react|react-dom|scheduler|@tanstack\/(react-)?(router|query|history|store))/.test(id)
          ? 'frame' : undefined),
      },
    },
  },
  server: {
    proxy: Object.fromEntries(routes.map((route) => [route, { target: api, changeOrigin: false }])),
  },
  test: { include: ['src/**/*.test.ts'] },
});
