/** How forges show a commit: by what their addresses look like, and the path behind the repository's. */
const forges: readonly { readonly host: RegExp; readonly path: (id: string) => string }[] = [
  { host: /^(?:github\.com|codeberg\.org|gitea\.|git\.almalinux\.org$|src\.opensuse\.org$|gitee\.com$|gitcode\.com$)/, path: (id) => `/commit/${id}` },
  { host: /^gitlab\.|\.gitlab\.|^(?:salsa\.debian\.org|invent\.kde\.org|code\.videolan\.org|git\.rockylinux\.org)$/, path: (id) => `/-/commit/${id}` },
  { host: /^(?:pagure\.io|src\.fedoraproject\.org|git\.centos\.org)$/, path: (id) => `/c/${id}` },
  { host: /^(?:git\.kernel\.org|git\.savannah\.gnu\.org|cgit\.)/, path: (id) => `/commit/?id=${id}` },
];

/** Where a commit of a repository can be seen in a browser; undefined for a local repository and a forge nobody told us of. */
export function commitUrl(location: string, id: string): string | undefined {
  const scp = /^(?:[\w.-]+@)?([A-Za-z0-9][\w.-]+):(?!\/\/)(.+)$/.exec(location);
  const url = /^(?:https|ssh|git\+ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(location) ?? scp;
  if (url === null) return undefined;
  const host = url[1]!.toLowerCase();
  const forge = forges.find((each) => each.host.test(host));
  const path = url[2]!.replace(/\/+$/, '').replace(/^\/+/, '');
  return forge === undefined ? undefined : `https://${host}/${/kernel|savannah|cgit/.test(host) ? path : path.replace(/\.git$/, '')}${forge.path(id)}`;
}
