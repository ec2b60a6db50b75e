import { knownUpstreams } from './knownUpstreams.js';
import { locationKind } from './location.js';
import { repositoryOf } from './repositoryOf.js';

/** A repository that may be a package's upstream: proposed, never contacted before somebody allows it. */
export interface ProposedUpstream {
  readonly location: string;
  /** What says so, as the subject of a sentence: `Source0`, `URL`, `the table of known projects`. */
  readonly why: string;
}

/** What a spec says of where its project is; values expanded. */
export interface UpstreamHints {
  readonly name: string | undefined;
  readonly vcs: string | undefined;
  readonly url: string | undefined;
  /** In the order of their numbers. */
  readonly sources: readonly { readonly number: number; readonly location: string; readonly fileName: string }[];
  /** Values of macros that specs keep the address of their project in; those that are not defined are left out. */
  readonly macros: Readonly<Record<string, string>>;
}

/** Macros that name the project's address, as distributions' helpers and old habits have them. */
export const addressMacros: readonly string[] = ['forgeurl', 'forgeurl0', 'giturl', 'gourl', 'git_url', 'git_repo', 'repo_url', 'scmurl'];

/** Pairs of macros that name owner and project on GitHub. */
const ownerMacros: readonly (readonly [string, string])[] = [
  ['gh_owner', 'gh_project'],
  ['github_owner', 'github_name'],
  ['gh_user', 'gh_repo'],
];

/** Every macro that {@link proposedUpstreams} looks at. */
export const upstreamMacros: readonly string[] = [...addressMacros, 'goipath', ...ownerMacros.flat()];

/**
 * The repositories that may be upstream, the likeliest first. A table knows some projects by name; else the spec's own words
 * count: what it calls its repository, where its first source comes from, its home page.
 */
export function proposedUpstreams({ name, vcs, url, sources, macros }: UpstreamHints): ProposedUpstream[] {
  const found: ProposedUpstream[] = [];
  const add = (location: string | undefined, why: string): void => {
    // The same lock as for everything that a spec could have git do.
    if (location === undefined || locationKind(location) !== 'remote') return;
    const plain = (text: string): string => text.replace(/\.git$/, '').toLowerCase();
    if (!found.some((each) => plain(each.location) === plain(location))) found.push({ location, why });
  };
  if (name !== undefined && Object.hasOwn(knownUpstreams, name)) add(knownUpstreams[name], 'the table of known projects');
  if (vcs !== undefined) add(repositoryOf(vcs), 'VCS');
  for (const macro of addressMacros) if (macros[macro] !== undefined) add(repositoryOf(macros[macro]), `%{${macro}}`);
  for (const [owner, project] of ownerMacros) if (isName(macros[owner]) && isName(macros[project])) add(`https://github.com/${macros[owner]}/${macros[project]}`, `%{${project}}`);
  // A later source may be of another project, unless it bears the package's name.
  for (const [i, source] of sources.entries()) if (i === 0 || (name !== undefined && source.fileName.toLowerCase().startsWith(name.toLowerCase()))) add(repositoryOf(source.location), `Source${source.number}`);
  if (url !== undefined) add(repositoryOf(url), 'URL');
  if (macros['goipath'] !== undefined) add(repositoryOf(`https://${macros['goipath']}`), '%{goipath}');
  return found;
}

function isName(text: string | undefined): text is string {
  return text !== undefined && /^[\w][\w.-]*$/.test(text);
}
