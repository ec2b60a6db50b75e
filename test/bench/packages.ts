/** Where benchmarks of matching find packages and their upstreams: repositories by `OWNER/NAME`, kept bare as FOLDER/OWNER+NAME/repo. */
import { join } from 'node:path';

export interface UpstreamPackage {
  readonly upstream: string;
  /** What of the upstream counts as its own. */
  readonly revisions: readonly string[];
  /** Never looked at while thresholds are chosen or faults are mended; reported apart. */
  readonly isHeldOut?: true;
}

export const upstreamPackages: Readonly<Record<string, UpstreamPackage>> = {
  curl: { upstream: 'curl/curl', revisions: ['--branches'] },
  // Its tags carry a vendor's own commits, v239-1 and the like: only branches are upstream's.
  systemd: { upstream: 'systemd/systemd-stable', revisions: ['--branches'] },
  glibc: { upstream: 'bminor/glibc', revisions: ['--branches=master', '--branches=release/*'] },
  dracut: { upstream: 'dracutdevs/dracut', revisions: ['--branches', '--tags'] },
  sssd: { upstream: 'SSSD/sssd', revisions: ['--branches'] },
  libxml2: { upstream: 'GNOME/libxml2', revisions: ['--branches'] },
  libarchive: { upstream: 'libarchive/libarchive', revisions: ['--branches'] },
  expat: { upstream: 'libexpat/libexpat', revisions: ['--branches'] },
  cups: { upstream: 'OpenPrinting/cups', revisions: ['--branches', '--tags'] },
  krb5: { upstream: 'krb5/krb5', revisions: ['--branches'], isHeldOut: true },
  rpm: { upstream: 'rpm-software-management/rpm', revisions: ['--branches'], isHeldOut: true },
};

export interface CarrierBranch {
  readonly name: string;
  readonly repository: (packageName: string) => string;
  readonly ref: string;
  readonly folders: (packageName: string) => readonly string[];
}

const sources = () => ['SOURCES'];
const specs = (name: string) => [`SPECS/${name}`, `SPECS-EXTENDED/${name}`];

export const carrierBranches: readonly CarrierBranch[] = [
  { name: 'el8', repository: (name) => `openela-main/${name}`, ref: 'el8', folders: sources },
  { name: 'el9', repository: (name) => `openela-main/${name}`, ref: 'el9', folders: sources },
  { name: 'azl2', repository: () => 'microsoft/azurelinux', ref: '2.0', folders: specs },
  { name: 'azl3', repository: () => 'microsoft/azurelinux', ref: '3.0', folders: specs },
  { name: 'ph4', repository: () => 'vmware/photon', ref: '4.0', folders: specs },
  { name: 'ph5', repository: () => 'vmware/photon', ref: '5.0', folders: specs },
  { name: 'ph6', repository: () => 'vmware/photon', ref: '6.0', folders: specs },
];

/** Where the bare repository `OWNER/NAME` lies. */
export function gitDirectory(folder: string, repository: string): string {
  return join(folder, repository.replace('/', '+'), 'repo');
}
