/** The icon sprite: one SVG with a `<symbol>` for each name in `icons.json`, drawn by Tabler. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Returns the text of the sprite.
 *
 * @param {string} folder the front end's folder, with `icons.json` and `node_modules`
 * @throws {Error} when a name is listed twice or Tabler has no such icon
 */
export async function iconSprite(folder) {
  const names = JSON.parse(await readFile(join(folder, 'icons.json'), 'utf8'));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  if (repeated.length > 0) throw new Error(`icons.json lists more than once: ${repeated.join(', ')}`);
  const symbols = await Promise.all(names.map((name) => symbol(folder, name)));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

async function symbol(folder, name) {
  const path = join(folder, 'node_modules/@tabler/icons/icons/outline', `${name}.svg`);
  const drawing = await readFile(path, 'utf8').catch((cause) => {
    throw new Error(`icons.json names '${name}', but Tabler has no outline icon of that name`, { cause });
  });
  const inside = drawing.replace(/<!--.*?-->/gs, '').replace(/^\s*<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');
  const pen = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${inside.replace(/\s+/g, ' ').trim()}</symbol>`;
}
