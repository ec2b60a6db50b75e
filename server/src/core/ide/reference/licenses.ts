/** SPDX identifiers that packages name most often: names alone, from the SPDX licence list. */
export const spdxLicenses: readonly string[] = [
  '0BSD', 'AFL-2.1', 'AGPL-3.0-only', 'AGPL-3.0-or-later', 'Apache-1.1', 'Apache-2.0', 'Artistic-1.0', 'Artistic-1.0-Perl', 'Artistic-2.0', 'BSD-1-Clause', 'BSD-2-Clause', 'BSD-2-Clause-Patent', 'BSD-3-Clause',
  'BSD-3-Clause-Clear', 'BSD-4-Clause', 'BSD-4-Clause-UC', 'BSL-1.0', 'Bitstream-Vera', 'CC-BY-3.0', 'CC-BY-4.0', 'CC-BY-SA-3.0', 'CC-BY-SA-4.0', 'CC0-1.0', 'CDDL-1.0', 'CDDL-1.1', 'CECILL-2.1', 'CPL-1.0', 'EPL-1.0',
  'EPL-2.0', 'EUPL-1.2', 'FSFAP', 'FSFUL', 'FSFULLR', 'FTL', 'GFDL-1.1-or-later', 'GFDL-1.2-or-later', 'GFDL-1.3-or-later', 'GPL-1.0-or-later', 'GPL-2.0-only', 'GPL-2.0-or-later', 'GPL-3.0-only', 'GPL-3.0-or-later', 'HPND',
  'ICU', 'IJG', 'IPL-1.0', 'ISC', 'Info-ZIP', 'LGPL-2.0-only', 'LGPL-2.0-or-later', 'LGPL-2.1-only', 'LGPL-2.1-or-later', 'LGPL-3.0-only', 'LGPL-3.0-or-later', 'LPPL-1.3c', 'Libpng', 'LicenseRef-Fedora-Public-Domain',
  'LicenseRef-Fedora-UltraPermissive', 'MIT', 'MIT-0', 'MIT-CMU', 'MPL-1.1', 'MPL-2.0', 'NCSA', 'OFL-1.1', 'OFL-1.1-RFN', 'OLDAP-2.8', 'OpenSSL', 'PHP-3.01', 'PSF-2.0', 'PostgreSQL', 'Python-2.0.1', 'QPL-1.0', 'RSA-MD',
  'Ruby', 'SGI-B-2.0', 'SISSL', 'Sendmail', 'Sleepycat', 'TCL', 'Unicode-3.0', 'Unicode-DFS-2016', 'Unlicense', 'Vim', 'W3C', 'WTFPL', 'X11', 'ZPL-2.1', 'Zlib', 'blessing', 'bzip2-1.0.6', 'curl', 'libtiff', 'zlib-acknowledgement',
];
