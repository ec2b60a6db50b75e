/** Places that a name alone stands for. Data only: to know another distribution is to add a line. */

export interface KnownPlace {
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** Where its packages are; `{package}` stands for the package's name. */
  readonly location: string;
  readonly branch: string;
}

const place = (name: string, label: string, location: string, branch: string): KnownPlace => ({ name, label, location, branch });

const stream = 'https://gitlab.com/redhat/centos-stream/rpms/{package}.git';
const almalinux = 'https://git.almalinux.org/rpms/{package}.git';
const rocky = 'https://git.rockylinux.org/staging/rpms/{package}.git';
const openela = 'https://github.com/openela-main/{package}.git';
const centos = 'https://git.centos.org/rpms/{package}.git';
const fedora = 'https://src.fedoraproject.org/rpms/{package}.git';
const opensuse = 'https://src.opensuse.org/pool/{package}.git';
const openeuler = 'https://gitee.com/src-openeuler/{package}.git';
const azurelinux = 'https://github.com/microsoft/azurelinux.git';
const photon = 'https://github.com/vmware/photon.git';

export const knownPlaces: readonly KnownPlace[] = [
  place('stream9', 'CentOS Stream 9', stream, 'c9s'),
  place('stream10', 'CentOS Stream 10', stream, 'c10s'),
  place('almalinux8', 'AlmaLinux 8', almalinux, 'a8'),
  place('almalinux9', 'AlmaLinux 9', almalinux, 'a9'),
  place('almalinux10', 'AlmaLinux 10', almalinux, 'a10'),
  place('rocky8', 'Rocky Linux 8', rocky, 'r8'),
  place('rocky9', 'Rocky Linux 9', rocky, 'r9'),
  place('rocky10', 'Rocky Linux 10', rocky, 'r10'),
  place('openela8', 'OpenELA el8', openela, 'el8'),
  place('openela9', 'OpenELA el9', openela, 'el9'),
  place('centos7', 'CentOS 7', centos, 'c7'),
  place('centos8', 'CentOS 8', centos, 'c8'),
  place('rawhide', 'Fedora Rawhide', fedora, 'rawhide'),
  place('fedora42', 'Fedora 42', fedora, 'f42'),
  place('fedora43', 'Fedora 43', fedora, 'f43'),
  place('epel9', 'EPEL 9', fedora, 'epel9'),
  place('tumbleweed', 'openSUSE Tumbleweed', opensuse, 'factory'),
  place('openeuler24', 'openEuler 24.03 LTS', openeuler, 'openEuler-24.03-LTS'),
  place('azurelinux3', 'Azure Linux 3.0', azurelinux, '3.0'),
  place('photon5', 'Photon OS 5.0', photon, '5.0'),
];

/** The package that a known place is looked for, and the release that is worked on. */
export interface PlaceFor {
  /** Undefined where nobody knows it. */
  readonly package: string | undefined;
  /** Number of the target's release (`9` of el9): a name without a number (`stream`, `almalinux`, `fedora`) means this one. */
  readonly release: string | undefined;
}

/** The `name=location#branch` that a bare name stands for; undefined for a name nobody knows. */
export function knownLocation(name: string, { package: packageName, release }: PlaceFor): string | undefined {
  const known = knownPlace(name, release);
  // A package's name comes out of a spec; what could leave its place in the address is no name.
  if (known === undefined || packageName === undefined || !/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(packageName)) return undefined;
  return `${name}=${known.location.replace('{package}', encodeURIComponent(packageName))}#${known.branch}`;
}

export function isKnownPlace(name: string, release: string | undefined): boolean {
  return knownPlace(name, release) !== undefined;
}

function knownPlace(name: string, release: string | undefined): KnownPlace | undefined {
  return knownPlaces.find((each) => each.name === name) ?? (release === undefined ? undefined : knownPlaces.find((each) => each.name === name + release));
}
