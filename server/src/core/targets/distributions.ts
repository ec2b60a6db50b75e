/**
 * Facts about distributions: what a release is called, which rpm it ships, what its release package and build
 * configuration define. Every value is the distribution's public interface, written down here by hand.
 */
import type { TargetMacro } from './target.js';

export interface Release {
  readonly id: string;
  /** Other spellings that people type. */
  readonly aliases: readonly string[];
  readonly label: string;
  readonly rpmVersion: string;
  readonly family: 'redhat' | 'suse' | 'other';
  readonly macros: readonly TargetMacro[];
}

const macro = (name: string, body: string | number): TargetMacro => ({ name, body: String(body) });

/** rpm as each Enterprise Linux major ships it. */
const enterpriseRpm: Readonly<Record<number, string>> = { 7: '4.11.3', 8: '4.14.3', 9: '4.16.1.3', 10: '4.19.1.1' };

interface Rebuild {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly label: string;
  readonly majors: readonly number[];
  readonly vendor: string;
  /** Names defined with the major as value, beside `rhel`. */
  readonly names: readonly string[];
}

/**
 * Enterprise Linux in its spellings: they differ in the macro that names them, not in what a package becomes. The names are those
 * of `macros.dist` in centos-stream-release, almalinux-release and rocky-release; the last two name themselves CentOS too.
 */
const rebuilds: readonly Rebuild[] = [
  { id: 'el', aliases: ['rhel', 'epel'], label: 'Enterprise Linux', majors: [7, 8, 9, 10], vendor: 'Red Hat, Inc.', names: [] },
  { id: 'centos-stream', aliases: ['centos', 'c'], label: 'CentOS Stream', majors: [8, 9, 10], vendor: 'CentOS', names: ['centos', 'centos_ver'] },
  { id: 'almalinux', aliases: ['alma'], label: 'AlmaLinux', majors: [8, 9, 10], vendor: 'AlmaLinux', names: ['almalinux', 'almalinux_ver', 'centos', 'centos_ver'] },
  { id: 'rocky', aliases: ['rockylinux'], label: 'Rocky Linux', majors: [8, 9, 10], vendor: 'Rocky Enterprise Software Foundation', names: ['rocky', 'rocky_ver', 'centos', 'centos_ver'] },
  { id: 'oracle', aliases: ['oraclelinux', 'ol'], label: 'Oracle Linux', majors: [7, 8, 9, 10], vendor: 'Oracle America', names: ['oraclelinux'] },
  { id: 'openela', aliases: [], label: 'OpenELA', majors: [8, 9, 10], vendor: 'OpenELA', names: [] },
  { id: 'cloudlinux', aliases: ['cl'], label: 'CloudLinux', majors: [8, 9, 10], vendor: 'CloudLinux', names: ['cloudlinux'] },
];

function rebuildRelease(rebuild: Rebuild, major: number): Release {
  const separator = rebuild.id === 'el' ? '' : '-';
  return {
    id: `${rebuild.id}${separator}${major}`,
    aliases: [`${rebuild.id}${separator === '' ? '-' : ''}${major}`, ...rebuild.aliases.flatMap((alias) => [`${alias}${major}`, `${alias}-${major}`])],
    label: `${rebuild.label} ${major}`,
    rpmVersion: enterpriseRpm[major]!,
    family: 'redhat',
    macros: [macro('rhel', major), macro(`el${major}`, 1), macro('dist', `.el${major}`), ...rebuild.names.map((name) => macro(name, major)), macro('vendor', rebuild.vendor)],
  };
}

/** rpm as each Fedora ships it; a release between two entries has the older one's. */
const fedoraRpm: readonly (readonly [since: number, version: string])[] = [
  [38, '4.18.2'],
  [39, '4.19.1'],
  [41, '4.20.1'],
  [43, '6.0.2'],
];

const fedoraReleases = [40, 41, 42, 43, 44] as const;

/** The release that Fedora's development branch becomes. */
const rawhideNumber = 46;

function fedoraRelease(number: number, id = `fedora-${number}`, label = `Fedora ${number}`, aliases: readonly string[] = [`fedora${number}`, `f${number}`, `fc${number}`]): Release {
  const rpmVersion = fedoraRpm.findLast(([since]) => since <= number)?.[1] ?? fedoraRpm[0]![1];
  return { id, aliases, label, rpmVersion, family: 'redhat', macros: [macro('fedora', number), macro(`fc${number}`, 1), macro('dist', `.fc${number}`), macro('vendor', 'Fedora Project')] };
}

const suse = (id: string, aliases: readonly string[], label: string, rpmVersion: string, macros: readonly TargetMacro[]): Release => ({
  id,
  aliases,
  label,
  rpmVersion,
  family: 'suse',
  macros: [...macros, macro('_vendor', 'suse'), macro('vendor', label.startsWith('SUSE') ? 'SUSE LLC <https://www.suse.com/>' : 'openSUSE')],
});

const other = (id: string, aliases: readonly string[], label: string, rpmVersion: string, macros: readonly TargetMacro[]): Release => ({ id, aliases, label, rpmVersion, family: 'other', macros });

/** Every known release, those of one distribution oldest first. */
export const releases: readonly Release[] = [
  ...rebuilds.flatMap((rebuild) => rebuild.majors.map((major) => rebuildRelease(rebuild, major))),
  ...fedoraReleases.map((number) => fedoraRelease(number)),
  fedoraRelease(rawhideNumber, 'fedora-rawhide', 'Fedora Rawhide', ['rawhide', `fedora-${rawhideNumber}`, `f${rawhideNumber}`]),
  suse('sle-15', ['sles-15', 'sle15', 'sles15'], 'SUSE Linux Enterprise 15', '4.14.3', [macro('suse_version', 1500), macro('sle_version', 150700)]),
  suse('opensuse-leap-15', ['leap-15', 'leap15', 'opensuse-leap-15.6'], 'openSUSE Leap 15.6', '4.14.3', [macro('suse_version', 1500), macro('sle_version', 150600), macro('is_opensuse', 1)]),
  suse('opensuse-leap-16', ['leap-16', 'leap16', 'opensuse-leap-16.0'], 'openSUSE Leap 16.0', '4.20.1', [macro('suse_version', 1600), macro('is_opensuse', 1)]),
  suse('opensuse-tumbleweed', ['tumbleweed', 'opensuse'], 'openSUSE Tumbleweed', '4.20.1', [macro('suse_version', 1699), macro('is_opensuse', 1)]),
  other('openeuler-22.03', ['oe2203'], 'openEuler 22.03 LTS', '4.17.0', [macro('openEuler', 1), macro('dist', '.oe2203'), macro('_vendor', 'openEuler'), macro('vendor', 'http://openeuler.org')]),
  other('openeuler-24.03', ['oe2403', 'openeuler'], 'openEuler 24.03 LTS', '4.18.2', [macro('openEuler', 2), macro('dist', '.oe2403'), macro('_vendor', 'openEuler'), macro('vendor', 'http://openeuler.org')]),
  other('amazon-2023', ['amzn2023', 'al2023', 'amazonlinux-2023'], 'Amazon Linux 2023', '4.16.1.3', [macro('amzn', 2023), macro('amzn2023', 1), macro('dist', '.amzn2023'), macro('vendor', 'Amazon Linux')]),
  other('azurelinux-3', ['azl3', 'azurelinux-3.0', 'azure-3'], 'Azure Linux 3', '4.18.2', [macro('azl', 3), macro('dist', '.azl3'), macro('vendor', 'Microsoft Corporation'), macro('distribution', 'Azure Linux')]),
  other('photon-5', ['ph5', 'photon-5.0'], 'Photon OS 5', '4.18.2', [macro('photon', 5), macro('dist', '.ph5'), macro('vendor', 'VMware, Inc.'), macro('distribution', 'Photon')]),
  other('mageia-9', ['mga9'], 'Mageia 9', '4.18.1', [macro('mageia', 9), macro('mgaversion', 9), macro('dist', '.mga9'), macro('vendor', 'Mageia.Org')]),
];

/** A Fedora that the table does not list, between the oldest rpm known here and a few releases past the newest. */
export function unlistedFedora(id: string): Release | undefined {
  const number = Number(/^(?:fedora-?|fc?)(\d{2})$/.exec(id)?.[1] ?? Number.NaN);
  return number >= fedoraRpm[0]![0] && number <= rawhideNumber + 4 ? fedoraRelease(number) : undefined;
}
