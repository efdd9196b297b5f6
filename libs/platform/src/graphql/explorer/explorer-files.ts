import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';

/** A file of the page, where it lies. */
export interface ExplorerFile {
  readonly path: string;
  readonly contentType: string;
}

/** What there is of the package that a page is made of; whatever else there is, is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/**
 * Every file that may be served, by its name below the page, such as `main.js`: what is asked for is
 * looked up, and never becomes part of a path.
 */
export function explorerFiles(): ReadonlyMap<string, ExplorerFile> {
  const manifest = createRequire(import.meta.url).resolve('altair-static/package.json');
  const folder = join(dirname(manifest), 'build', 'dist');
  const files = new Map<string, ExplorerFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).split('\\').join('/'), { path, contentType });
  }
  return files;
}
