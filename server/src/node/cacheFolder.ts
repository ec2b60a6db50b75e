import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The one folder Spectrail writes to: `SPECTRAIL_CACHE`, else where the platform keeps caches. Nothing is made here.
 * A relative XDG_CACHE_HOME is ignored, as the XDG base directory specification says.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['SPECTRAIL_CACHE']) return env['SPECTRAIL_CACHE'];
  const home = env['HOME'] ?? homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'spectrail', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'spectrail');
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'spectrail');
}
