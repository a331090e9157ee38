/**
 * Small corrections of other people's sources, without which a page breaks its content security policy.
 *
 * Each names the exact text it replaces. When a new version of a package no longer has that text, the build stops, so
 * that nobody finds out from a broken page.
 */
import { readFile } from 'node:fs/promises';

const patches = [
  {
    // CodeMirror's style sheets: a `<style>` element is refused by the policy, a constructed sheet is not.
    file: /style-mod[\\/]src[\\/]style-mod\.js$/,
    from: 'if (!root.head && root.adoptedStyleSheets && win.CSSStyleSheet)',
    to: 'if (root.adoptedStyleSheets && win.CSSStyleSheet)',
  },
  {
    // bpmn.io builds its controls from HTML text. `style="…"` in such text is refused, the same rules set through
    // the object model are not.
    file: /domify[\\/]index\.js$/,
    from: 'element.innerHTML = prefix + htmlString + suffix;',
    to: `element.innerHTML = prefix
      + htmlString.replace(/(<[^>]*?)\\sstyle=("[^"]*"|'[^']*')/g, '$1 data-style=$2') + suffix;
    for (const styled of element.querySelectorAll('[data-style]')) {
      styled.style.cssText = styled.getAttribute('data-style');
      styled.removeAttribute('data-style');
    }`,
  },
];

/**
 * Returns the source with one text replaced.
 *
 * @throws {Error} when the text is not there exactly once
 */
export function applyPatch(source, { from, to }, path) {
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new Error(
      `The patch for ${path} expected this text exactly once, but found it ${parts.length - 1} times: ${from}\n` +
        'Look at the new version of the package and correct frontend/bundle/patches.mjs.',
    );
  }
  return parts.join(to);
}

/** @type {import('esbuild').Plugin} */
export const contentSecurityPolicyPatches = {
  name: 'content-security-policy-patches',
  setup(build) {
    for (const patch of patches) {
      build.onLoad({ filter: patch.file }, async ({ path }) => ({
        contents: applyPatch(await readFile(path, 'utf8'), patch, path),
        loader: 'js',
      }));
    }
  },
};
