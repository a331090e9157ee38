/** The manifest: stable names of entries mapped to the hashed files that a page links. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join, parse, relative, resolve } from 'node:path';

/**
 * Writes a file under a name that carries the hash of its content.
 *
 * @param {string} folder
 * @param {string} name stable name, such as `icons.svg`
 * @param {string} content
 * @returns {Promise<string>} the hashed name
 */
export async function writeHashed(folder, name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase();
  const { name: stem, ext } = parse(name);
  const hashed = `${stem}-${hash}${ext}`;
  await writeFile(join(folder, hashed), content);
  return hashed;
}

/**
 * Writes `manifest.json` for the outputs of one build.
 *
 * @param {string} folder where the bundle is
 * @param {import('esbuild').Metafile} metafile
 * @param {Record<string, string>} files other stable names and their hashed files
 */
export async function writeManifest(folder, metafile, files) {
  const here = resolve(import.meta.dirname, '..');
  const inFolder = (path) => relative(folder, resolve(here, path)).replaceAll('\\', '/');
  const manifest = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint || !path.endsWith('.js')) continue;
    manifest[basename(output.entryPoint)] = {
      file: inFolder(path),
      css: output.cssBundle ? [inFolder(output.cssBundle)] : [],
      imports: staticImports(metafile, path).map(inFolder),
    };
  }
  for (const [name, file] of Object.entries(files)) {
    manifest[name] = { file, css: [], imports: [] };
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The chunks that must be loaded before the output at `path` runs, nearest first. */
function staticImports(metafile, path, found = new Set()) {
  for (const imported of metafile.outputs[path].imports) {
    const isChunk = imported.kind === 'import-statement' && imported.path in metafile.outputs;
    if (!isChunk || found.has(imported.path)) continue;
    found.add(imported.path);
    staticImports(metafile, imported.path, found);
  }
  return [...found];
}
