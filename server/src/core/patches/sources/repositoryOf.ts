/**
 * Which git repository an address belongs to, by the shapes that forges and hosting sites give their addresses. Nothing is
 * asked: an address whose site says nothing of where its source is kept has none.
 */

/** Where groups may be nested, the words behind which a project's own pages begin. */
const projectPages: ReadonlySet<string> = new Set(['-', 'uploads', 'archive', 'repository', 'tree', 'blob', 'raw', 'commit', 'commits', 'tags', 'releases', 'issues', 'merge_requests', 'wikis']);

/** The repository that an address of a forge belongs to, as git fetches it; undefined for an address that names none. */
export function forgeRepository(url: string): string | undefined {
  const { host, path } = partsOf(url) ?? {};
  if (host === undefined || path === undefined) return undefined;
  const bare = (name: string): string => name.replace(/\.git$/, '');
  if (host === 'api.github.com') return path[0] === 'repos' && path.length >= 3 ? `https://github.com/${path[1]}/${bare(path[2]!)}` : undefined;
  if (host === 'raw.githubusercontent.com' || host === 'codeload.github.com') return path.length >= 2 ? `https://github.com/${path[0]}/${bare(path[1]!)}` : undefined;
  if (host === 'github.com' || host === 'codeberg.org' || host === 'gitea.com' || host === 'bitbucket.org' || host === 'notabug.org') return path.length >= 2 && !['orgs', 'users', 'sponsors'].includes(path[0]!) ? `https://${host}/${path[0]}/${bare(path[1]!)}` : undefined;
  if (/^(?:gitlab\.|invent\.kde\.org$|salsa\.debian\.org$|0xacab\.org$|framagit\.org$)/.test(host)) {
    // Groups may be nested; the project ends where its pages begin.
    const pages = path.findIndex((part, i) => i >= 1 && projectPages.has(part));
    const project = pages < 0 ? path : path.slice(0, pages);
    return project.length >= 2 ? `https://${host}/${project.slice(0, -1).concat(bare(project.at(-1)!)).join('/')}` : undefined;
  }
  if (host === 'git.sr.ht' || host === 'sr.ht') return path.length >= 2 && path[0]!.startsWith('~') ? `https://git.sr.ht/${path[0]}/${path[1]}` : undefined;
  // Anywhere else a repository shows itself by its name.
  const end = path.findIndex((part) => part.endsWith('.git'));
  if (end >= 0) return viewers.reduce((address, [viewer, repository]) => address.replace(viewer, repository), `https://${host}/${path.slice(0, end + 1).join('/')}`);
  return /^git\./.test(host) && path[0] === 'git' && path.length >= 2 ? `https://${host}/${path.join('/')}` : undefined;
}

/** Pages that show repositories, and where the repositories themselves are. */
const viewers: readonly (readonly [RegExp, string])[] = [
  [/^(https:\/\/git\.savannah\.(?:non)?gnu\.org)\/(?:cgit|gitweb)\//, '$1/git/'],
  [/^https:\/\/(?:git\.)?sourceware\.org\/(?:cgit|gitweb)\//, 'https://sourceware.org/git/'],
  [/^https:\/\/git\.kernel\.org\/cgit\//, 'https://git.kernel.org/pub/scm/'],
];

/**
 * Sites that keep releases in one place and the source in another: a pattern of `host/path`, and the repository, with what
 * the pattern caught. Data only: to know another site is to add a line.
 */
const sites: readonly (readonly [RegExp, string])[] = [
  [/^(?:releases\.pagure\.org|pagure\.io\/releases)\/([\w.-]+)\//, 'https://pagure.io/$1.git'],
  [/^pagure\.io\/([\w.-]+)(?:\/(?:archive|releases|issue|blob|commits?|tree|c|pull-request)(?:\/.*)?)?$/, 'https://pagure.io/$1.git'],
  [/^download\.gnome\.org\/sources\/([\w.+-]+)\//, 'https://gitlab.gnome.org/GNOME/$1'],
  [/^ftp\.gnome\.org\/pub\/gnome\/sources\/([\w.+-]+)\//i, 'https://gitlab.gnome.org/GNOME/$1'],
  [/^download\.savannah\.(?:non)?gnu\.org\/releases\/([\w.+-]+)\//, 'https://git.savannah.gnu.org/git/$1.git'],
  [/^savannah\.(?:non)?gnu\.org\/projects\/([\w.+-]+)$/, 'https://git.savannah.gnu.org/git/$1.git'],
  [/^(?:ftp|ftpmirror|alpha)\.gnu\.org\/(?:pub\/)?(?:gnu\/)?gcc\//, 'https://gcc.gnu.org/git/gcc.git'],
  [/^(?:ftp|ftpmirror|alpha)\.gnu\.org\/(?:pub\/)?(?:gnu\/)?(?:gdb|binutils)\//, 'https://sourceware.org/git/binutils-gdb.git'],
  [/^(?:ftp|ftpmirror|alpha)\.gnu\.org\/(?:pub\/)?(?:gnu\/)?glibc\//, 'https://sourceware.org/git/glibc.git'],
  [/^(?:ftp|ftpmirror|alpha)\.gnu\.org\/(?:pub\/)?(?:gnu\/)?aspell\/dict\//, ''],
  [/^(?:ftp|ftpmirror|alpha)\.gnu\.org\/(?:pub\/)?(?:gnu\/)?([\w.+-]+)\/[^/]+(?:\/.*)?$/, 'https://git.savannah.gnu.org/git/$1.git'],
  [/^sourceware\.org\/(?:ftp|pub)\/([\w.+-]+)\//, 'https://sourceware.org/git/$1.git'],
  [/^(?:xorg\.freedesktop\.org|x\.org)\/(?:archive|releases|pub)\/individual\/(app|lib|driver|data|util|proto|font|doc)\/([A-Za-z][\w-]*?)-\d[\w.]*\.tar/, 'https://gitlab.freedesktop.org/xorg/$1/$2'],
  [/^(?:xorg\.freedesktop\.org|x\.org)\/(?:archive|releases|pub)\/individual\/xserver\//, 'https://gitlab.freedesktop.org/xorg/xserver'],
  [/^gstreamer\.freedesktop\.org\/src\//, 'https://gitlab.freedesktop.org/gstreamer/gstreamer'],
  [/^dbus\.freedesktop\.org\/releases\/([\w-]+)\//, 'https://gitlab.freedesktop.org/dbus/$1'],
  [/^wayland\.freedesktop\.org\/releases\/([\w-]+?)-\d[\w.]*\.tar/, 'https://gitlab.freedesktop.org/wayland/$1'],
  [/^cgit\.freedesktop\.org\/([\w-]+)\/([\w-]+)(?:\/.*)?$/, 'https://gitlab.freedesktop.org/$1/$2'],
  [/^download\.kde\.org\/[\w-]+\/(frameworks|plasma)\/[\w.]+\/(?:src\/)?([A-Za-z][\w-]*?)-\d[\w.]*\.tar/, 'https://invent.kde.org/$1/$2'],
  [/^archive\.xfce\.org\/src\/(xfce|apps|panel-plugins|thunar-plugins|bindings)\/([\w-]+)\//, 'https://gitlab.xfce.org/$1/$2'],
  [/^([\w-]+)\.github\.io\/([\w.-]+)(?:\/.*)?$/, 'https://github.com/$1/$2'],
  [/^([\w-]+)\.googlesource\.com\/([\w./-]+?)(?:\/\+.*)?$/, 'https://$1.googlesource.com/$2'],
  [/^(?:pkg\.go\.dev\/)?golang\.org\/x\/([\w-]+)(?:\/.*)?$/, 'https://go.googlesource.com/$1'],
  [/^gopkg\.in\/([\w-]+)\/([\w-]+)\.v\d+(?:\/.*)?$/, 'https://github.com/$1/$2'],
  [/^gopkg\.in\/([\w-]+)\.v\d+(?:\/.*)?$/, 'https://github.com/go-$1/$1'],
];

/** The repository behind any address that says so by its shape; undefined for all others. */
export function repositoryOf(url: string): string | undefined {
  const found = forgeRepository(url);
  if (found !== undefined) return found;
  const parts = partsOf(url);
  if (parts === undefined) return undefined;
  const address = [parts.host, ...parts.path].join('/');
  for (const [pattern, repository] of sites) {
    const match = pattern.exec(address);
    if (match !== null) return repository === '' ? undefined : repository.replace(/\$(\d)/g, (_, n: string) => match[Number(n)]!);
  }
  return undefined;
}

/** Host and path of an address, as far as the path is plain: what stands behind a macro or a pattern is left out. */
function partsOf(url: string): { readonly host: string; readonly path: readonly string[] } | undefined {
  const parts = /^(?:git[+:])?(https?|git|ftp):\/\/(?:[^@/\s]*@)?([A-Za-z0-9.-]+)(?::\d+)?\/(.*)$/.exec(url.trim());
  if (parts === null) return undefined;
  const host = parts[2]!.toLowerCase().replace(/^www\./, '');
  const path = parts[3]!.replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').filter((part) => part !== '');
  const end = path.findIndex((part) => !/^[\w.~+-]+$/.test(part) || part === '..' || part === '.' || part.startsWith('-') && part !== '-');
  return { host, path: end < 0 ? path : path.slice(0, end) };
}
