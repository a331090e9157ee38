/**
 * Builds the bundle: `node build.mjs [--out FOLDER] [--watch]`.
 *
 * What comes out is described in README.md §1. Nothing of an earlier build stays in the folder, so that the wheel holds
 * one build only.
 */
import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

import { iconSprite } from './bundle/icons.mjs';
import { writeHashed, writeManifest } from './bundle/manifest.mjs';
import { contentSecurityPolicyPatches } from './bundle/patches.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: resolve(here, '../service/web/static/dist') },
    watch: { type: 'boolean', default: false },
  },
});

/** One bundle each; the page links the ones it shows islands of. */
const entries = ['app', 'form', 'monitor', 'dmn'];

const manifestPlugin = {
  name: 'manifest',
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length > 0) return;
      const icons = await writeHashed(options.out, 'icons.svg', await iconSprite(here));
      await writeManifest(options.out, result.metafile, { 'icons.svg': icons });
    });
  },
};

const settings = {
  absWorkingDir: here,
  entryPoints: entries.map((name) => `src/${name}.js`),
  outdir: options.out,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  minify: true,
  sourcemap: options.watch ? 'linked' : false,
  metafile: true,
  legalComments: 'linked',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // ES modules first: the UMD builds of the same packages break under the content security policy.
  mainFields: ['module', 'browser', 'main'],
  loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'dataurl' },
  plugins: [contentSecurityPolicyPatches, manifestPlugin],
  logLevel: 'warning',
};

await rm(options.out, { recursive: true, force: true });
await mkdir(options.out, { recursive: true });

if (options.watch) {
  const context = await esbuild.context(settings);
  await context.watch();
} else {
  await esbuild.build(settings);
}
