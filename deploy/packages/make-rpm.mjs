import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPackager } from './packager.mjs';

/**
 * Makes an .rpm for every architecture of a tree.
 *
 * @param tree the folder of its files, with their modes; all are owned by root
 * @param about what is known about the package: name, version, summary, description (lines of at most 79 characters)
 * @param requires lines of the preamble, such as `Requires: nodejs`
 * @param scripts the scriptlets, by name (`pre`, `post`, `preun`, `postun`)
 * @param files lines of %files
 * @param output the folder that gets the .rpm
 * @throws Error if rpmbuild is missing or fails
 */
export function makeRpm({ tree, about, requires, scripts, files, output }) {
  const staging = mkdtempSync(join(tmpdir(), `${about.name}-rpm-`));
  try {
    const spec = join(staging, `${about.name}.spec`);
    writeFileSync(spec, specOf({ tree, about, requires, scripts, files }));
    const defines = [`_topdir ${staging}`, `_rpmdir ${staging}`, `_dbpath ${staging}/db`].flatMap(
      (define) => ['--define', define],
    );
    runPackager('rpmbuild', ['-bb', '--quiet', ...defines, spec]);
    const file = `${about.name}-${about.version}-1.noarch.rpm`;
    copyFileSync(join(staging, file), join(output, file));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function specOf({ tree, about, requires, scripts, files }) {
  return `# The tree holds what runs: nothing is compiled, stripped or searched for dependencies.
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm
# Every rpm since Enterprise Linux 8 can read this, whatever the machine that builds prefers.
%global _binary_payload w6.gzdio

Name: ${about.name}
Version: ${about.version}
Release: 1
Summary: ${capitalised(about.summary)}
License: Apache-2.0
BuildArch: noarch
AutoReqProv: no
${requires.join('\n')}

%description
${about.description.join('\n')}

%install
mkdir -p %{buildroot}
cp -a ${tree}/. %{buildroot}/

${Object.entries(scripts)
  .map(([name, script]) => `%${name}\n${withoutMacros(script)}`)
  .join('\n')}
%files
%defattr(-,root,root)
${files.join('\n')}
`;
}

/** Debian's summaries begin with a small letter, those of rpm with a capital one. */
function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A per cent sign begins a macro in a spec, and in a script is what it is. The interpreter is rpm's default, /bin/sh. */
function withoutMacros(script) {
  return script.replace(/^#!.*\n/, '').replaceAll('%', '%%');
}
